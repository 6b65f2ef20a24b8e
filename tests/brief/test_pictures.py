from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seawall.brief import SurgeWindow, Timeline
from seawall.brief.axes import count_ticks, time_ticks
from seawall.brief.timeline import NARROW, PANEL, WIDE, factor_marks
from seawall.brief.timeline import draw as draw_timeline
from tests.brief.sample import FORUM

START = datetime(2020, 1, 1, tzinfo=UTC)


@given(st.floats(0, 1e12))
def test_count_axes_start_at_zero_and_reach_the_highest_count(highest: float) -> None:
    """Ticks are evenly spaced from zero to the highest value, and few."""
    ticks = count_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * 0.999
    assert len(ticks) <= 7


@given(st.integers(60, 10**9), st.integers(2, 12), st.integers(-(10**9), 10**9))
def test_time_axes_have_few_ticks_inside_the_span(seconds: int, most: int, shift: int) -> None:
    """At most as many moments as there is room for, in order, within the span."""
    start = START + timedelta(seconds=shift)
    end = start + timedelta(seconds=seconds)
    moments = [at for at, _ in time_ticks(start, end, most)]
    assert len(moments) <= most
    assert moments == sorted(moments)
    assert all(start <= at < end for at in moments)


counts = st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=40)


@given(counts, st.sampled_from([WIDE, NARROW, PANEL]))
def test_every_timeline_stays_within_its_frame(observed: list[float | None], width: int) -> None:
    """Whatever the counts, the path has a step for each one that was collected, inside the frame."""
    line = Timeline(
        "club",
        "messages per day",
        "test",
        timedelta(days=1),
        tuple(START + timedelta(days=n) for n in range(len(observed))),
        tuple(observed),
    )
    picture = draw_timeline(line, width)
    assert picture.observed.count("H") == sum(value is not None for value in observed)
    heights = [
        float(step.split(" ")[1]) for step in picture.observed.replace("H", " ").replace("M", "L").split("L")[1:]
    ]
    assert all(picture.top <= y <= picture.bottom for y in heights)
    assert all(picture.left <= x <= picture.right for x, _ in picture.missing)


def test_windows_lie_where_their_days_are() -> None:
    """A window's rectangle spans its bins, and its number stands above it."""
    picture = draw_timeline(FORUM, WIDE)
    day = (picture.right - picture.left) / len(FORUM.at)
    collapse = picture.marks[0]
    assert collapse.direction == "down"
    assert abs(collapse.x - (picture.left + 24 * day)) < 0.2
    assert abs(collapse.width - 7 * day) < 0.2


def test_intervals_are_drawn_in_order_on_one_axis() -> None:
    """Low, factor and high follow each other, a factor of one is the same place for all; without interval, none."""
    bare = SurgeWindow(START, START, 1, 1, 2.0)
    marks = factor_marks([*FORUM.windows, bare])
    assert marks[2] is None
    drawn = [mark for mark in marks if mark]
    assert all(low < middle < high for low, middle, high, _ in drawn)
    assert len({one for *_, one in drawn}) == 1
