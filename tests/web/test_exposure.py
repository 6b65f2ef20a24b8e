from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seawall.model import Severity
from seawall.web.exposure import BREAK, SHIFT, Exposure, read, written

AT = datetime(2026, 5, 3, 9, tzinfo=UTC)


def worked(severity: Severity, minutes: int) -> Exposure:
    """After so many minutes, a case a minute."""
    seen = Exposure(AT)
    for minute in range(minutes + 1):
        seen = seen.seen(f"C-{minute}", severity, AT + timedelta(minutes=minute))
    return seen


def test_grave_cases_count_more() -> None:
    """The same time with graver cases brings the break nearer."""
    assert worked(Severity.LOW, 20).minutes == 20
    assert worked(Severity.HIGH, 20).minutes == 40
    assert worked(Severity.URGENT, 20).minutes == 60


def test_a_break_ends_the_count() -> None:
    """After ten minutes without a case the count begins anew; the shift's goes on until six hours are over."""
    seen = worked(Severity.HIGH, 30)
    rested = seen.seen("C-X", Severity.LOW, seen.last + BREAK)
    assert seen.due(45)
    assert (rested.minutes, rested.shift_minutes, rested.grave_in_a_row) == (0, 60, 0)
    home = seen.seen("C-X", Severity.LOW, seen.last + SHIFT)
    assert home.shift_minutes == 0


def test_the_same_case_again_is_one() -> None:
    """Loading a grave case again does not make it two in a row."""
    seen = Exposure(AT).seen("C-1", Severity.HIGH, AT).seen("C-1", Severity.HIGH, AT + timedelta(seconds=5))
    assert seen.grave_in_a_row == 1
    assert not seen.wants_lighter
    assert seen.seen("C-2", Severity.URGENT, AT + timedelta(seconds=9)).wants_lighter


@pytest.mark.parametrize(
    "text",
    [None, "", "x", "....", "1.2.3.4.5.6", "a" * 5000, "²" * 12, ".".join(["9" * 11] * 7)],
    ids=["none", "empty", "word", "dots", "other", "long", "superscripts", "nines"],
)
def test_what_is_no_count(text: str | None) -> None:
    """A cookie that is none of ours is a fresh start."""
    assert read(text, "Rosa", AT) == Exposure(AT)


def test_from_the_future() -> None:
    """A count from after now is a fresh start."""
    seen = Exposure(AT).seen("C-1", Severity.HIGH, AT)
    assert read(written(seen, "Rosa"), "Rosa", AT - timedelta(days=1)) == Exposure(AT - timedelta(days=1))
