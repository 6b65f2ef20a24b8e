"""Intake: a source's raw records -> pseudonyms, typed tokens, canonical links, and nothing in clear."""
