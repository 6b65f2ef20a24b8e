from __future__ import annotations

from datetime import UTC, datetime, timedelta

from seawall.casebook import QueueRow
from seawall.model import Severity
from seawall.web.strip import MOST_BARS, WIDTH, strip

START = datetime(2026, 5, 3, tzinfo=UTC)


def row(number: int, days: float) -> QueueRow:
    """A case that begins on the day of its number."""
    start = START + timedelta(days=number)
    end = start + timedelta(days=days)
    return QueueRow(f"C-{number:04}", "open", Severity.LOW, 0.5, "Beds.", (), start, start, end, None, None, 1, None)


def test_bars_by_time() -> None:
    """The earliest case stands at the top, bars keep their proportions and stay within the picture."""
    found = strip([row(4, 2), row(0, 1), row(2, 4)])
    assert found is not None
    assert [bar.case_id for bar in found.bars] == ["C-0000", "C-0002", "C-0004"]
    assert found.bars[0].x == found.left
    assert abs(found.bars[1].width - 4 * found.bars[0].width) < 1
    assert all(bar.x + bar.width <= WIDTH for bar in found.bars)


def test_moments_and_many() -> None:
    """A case of one moment can still be seen; of very many the earliest are drawn, and the rest counted."""
    assert strip([]) is None
    point = strip([row(0, 0)])
    assert point is not None
    assert point.bars[0].width >= 3
    many = strip([row(number, 1) for number in range(MOST_BARS + 7)])
    assert many is not None
    assert many.hidden == 7
