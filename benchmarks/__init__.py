"""One file a claim; RESULTS.md is what they found."""
