"""Real messages: crises that the public talked about come out as news, an organised operation does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.campaigns import crises, operation

from seawall.model import Severity


@pytest.mark.data
def test_crises_come_out_as_news_and_of_low_severity(shared_data: Path) -> None:
    """CrisisLex: who speaks (media, eyewitnesses ...) is the channel, gardening talk the baseline that the set lacks.

    The set names no authors; each message counts as an account of its own, as nearly all are in a sample of 1 %.
    """
    found, hit = crises(shared_data, seed=7)
    assert sum(hit) >= 3
    for alert in found:
        assert "news" in alert.details["counter_evidence"]
        assert alert.severity is Severity.LOW
        assert alert.details["people"]["together"] < 0.02


@pytest.mark.data
def test_an_organised_operation_does_not_come_out_as_news(shared_data: Path) -> None:
    """Internet Research Agency: no candidate is told as news, and in the largest most accounts acted together.

    Languages are the channels. (Its published categories never rise three at a time.)
    """
    found = operation(shared_data, "language")
    assert found
    for alert in found:
        assert "news" not in alert.details["counter_evidence"]
        assert "one thing" not in alert.details["counter_evidence"]
        assert alert.severity is not Severity.LOW
    assert max(found, key=lambda alert: alert.observed or 0).details["people"]["together"] >= 0.5
