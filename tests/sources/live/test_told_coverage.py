"""What sources say of the time that they have watched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seawall.sources.live.told_coverage import Stretch, coverage_alone

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=-1)], ids=["none", "clock set back"])
def test_a_gap_between_two_messages_of_one_second_is_told(length: timedelta) -> None:
    """A gap whose two ends have the same time on a coarse clock is told, with the shortest length there is."""
    told = coverage_alone("club", "mark", [Stretch(NOON, NOON + length, complete=False, channel_id="rides")]).coverage
    assert told.select(["channel_id", "complete"]).to_pylist() == [{"channel_id": "rides", "complete": False}]
    assert told["end"][0].as_py() - told["start"][0].as_py() == timedelta(microseconds=1)


def test_no_time_is_no_knowledge() -> None:
    """A stretch of which all is known and that has no length says nothing, and is left out."""
    assert coverage_alone("club", "mark", [Stretch(NOON, NOON)]).coverage.num_rows == 0
