from __future__ import annotations

from dataclasses import replace

from seawall.brief.opening import opening
from tests.brief.sample import EMPTY, SAMPLE


def test_the_opening_counts_what_was_read_and_what_stands_out() -> None:
    """One sentence with the numbers of the content, percentages with their numerator."""
    told = opening(SAMPLE).replace("\u00a0", " ")
    assert told.startswith("9,134 of 9,156 (99.7 %) records of 1 March to 31 May 2026 were read from 2 inputs;")
    assert (
        "1 campaign candidate, 1 group of coordinated accounts and 2 surges or collapses stand out, in 3 cases" in told
    )
    assert told.endswith("none of them decided by a person so far; 1 waits for a second person.")


def test_the_opening_of_a_quiet_workspace_claims_nothing() -> None:
    """Without cases it says that nothing stands out; without detectors, that nobody looked; without inputs, nothing."""
    assert opening(replace(SAMPLE, cases=())).endswith("nothing in them stands out from what is usual.")
    assert opening(replace(SAMPLE, cases=(), methods=())).endswith("no detector has looked at them yet.")
    assert "Nothing has been read" in opening(EMPTY)
