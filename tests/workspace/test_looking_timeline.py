from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seawall.workspace.looking_timeline import DAY, MONDAY, MOST_BINS, step_for

START = datetime(2026, 5, 3, tzinfo=UTC)


@given(st.integers(1, 364 * 24 * 60 * (MOST_BINS - 1)))
def test_a_picture_never_has_too_many_counts(minutes: int) -> None:
    """Whatever the span, its counts fit into a table of one page."""
    end = START + timedelta(minutes=minutes)
    step = step_for(START, end)
    first, last = (START - MONDAY) // step, (end - timedelta(microseconds=1) - MONDAY) // step
    assert last - first + 1 <= MOST_BINS


def test_weeks_are_counted_by_days() -> None:
    """Spans in which surges are looked for by days are drawn by days."""
    assert {step_for(START, START + timedelta(days=days)) for days in (28, 90, 199)} == {DAY}
    assert step_for(START, START + timedelta(days=5)) < DAY < step_for(START, START + timedelta(days=400))
