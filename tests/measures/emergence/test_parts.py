"""The parts of the measure of emerging places, each against a plain count."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from seawall.measures.emergence.adopters import adoptions
from seawall.measures.emergence.clock import AFTER, GAP, USUAL, Clock
from seawall.measures.emergence.returning import BELIEF, MOST, Visits, usual_returns
from seawall.measures.emergence.rising import LARGEST, rises
from seawall.measures.emergence.staying import LEFT, stays

HOUR = 3_600_000_000
pairs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=25)
daily = st.lists(st.integers(0, 30), min_size=1, max_size=60)


def matched(links: list[tuple[int, int]]) -> int:
    """How many groups can each be given an account of its own, by a maximum matching of networkx."""
    graph = nx.Graph()
    graph.add_edges_from((("group", group), ("account", account)) for group, account in links)
    tops = [node for node in graph if node[0] == "group"]
    return len(nx.bipartite.maximum_matching(graph, top_nodes=tops)) // 2


@given(pairs)
def test_adoptions_are_the_growth_of_a_maximum_matching(links: list[tuple[int, int]]) -> None:
    """After each link as many have been counted as a matching of all links until then has."""
    grown = adoptions([group for group, _ in links], [account for _, account in links])
    for link in range(len(links)):
        assert sum(one <= link for one in grown) == matched(links[: link + 1])


def test_no_more_are_counted_than_asked_for() -> None:
    """The search ends at ``most``."""
    assert adoptions(range(9), range(9), most=3) == [0, 1, 2]


def plain_share(counts: list[int], missing: list[bool], begin: int, end: int) -> float:
    """The part of the days from begin to end, day by day."""
    held: list[int] = []
    usual, lost = [], []
    for count, gone in zip(counts, missing, strict=True):
        usual.append(float(np.median(held[-USUAL:])) if held else 0.0)
        lost.append(gone or count < GAP * usual[-1])
        if count and not gone and count >= GAP * usual[-1]:
            held.append(count)
    start = begin
    seeking = begin
    while any(lost[max(seeking - AFTER, 0) : seeking + 1]):
        latest = max(day for day in range(max(seeking - AFTER, 0), seeking + 1) if lost[day])
        start = latest
        if latest == 0:
            break
        while latest > 0 and lost[latest - 1]:
            latest -= 1
        start = latest
        if latest == 0:
            break
        seeking = latest - 1
        if not any(lost[max(latest - AFTER, 0) : latest]):
            break
    inside = sum(max(counts[day], usual[day]) if lost[day] else counts[day] for day in range(start, end + 1))
    before = sum(0 if missing[day] else counts[day] for day in range(start))
    return inside / max(inside + before, 1e-9)


@given(daily, st.data())
def test_the_clock_counts_what_was_collected(counts: list[int], data: st.DataObject) -> None:
    """Days that were not collected are no past, and belong to what was seen first soon after them."""
    missing = data.draw(st.lists(st.booleans(), min_size=len(counts), max_size=len(counts)))
    begin = data.draw(st.integers(0, len(counts) - 1))
    end = data.draw(st.integers(begin, len(counts) - 1))
    clock = Clock.of(100, np.array(counts), np.array(missing))
    told = clock.share(np.array([100 + begin]), np.array([100 + end]))[0]
    assert told == pytest.approx(plain_share(counts, missing, begin, end))


@given(daily, st.integers(1, 59))
def test_the_clock_of_a_day_knows_no_later_one(counts: list[int], cut: int) -> None:
    """A clock of the first days says of them what the clock of all days says."""
    cut = min(cut, len(counts))
    whole, part = (Clock.of(0, np.array(some), np.zeros(len(some), bool)) for some in (counts, counts[:cut]))
    begins, ends = np.zeros(cut, np.int64), np.arange(cut)
    assert np.array_equal(part.share(begins, ends), whole.share(begins, ends))


@given(st.lists(st.integers(0, 49), min_size=1, max_size=12))
def test_the_sharpest_rise_is_the_smallest_binomial_tail(days: list[int]) -> None:
    """Over all adoptions so far, and all beginnings, one by one."""
    days.sort()
    clock = Clock.of(0, np.full(50, 10), np.zeros(50, bool))
    best = 0.0
    for count, rise in enumerate(rises(np.array(days), clock)):
        for begin in range(count):
            part = (days[count] - days[begin] + 1) / (days[count] + 1)
            best = max(best, -binom.logsf(count - begin - 1, count, part))
        assert rise.log == pytest.approx(min(best, LARGEST))
        assert rise.day == days[count]


def test_a_rise_tells_what_it_counts() -> None:
    """Six adoptions within three days after a quiet hundred: six, where a sixth of one would be expected."""
    clock = Clock.of(0, np.full(200, 10), np.zeros(200, bool))
    rise = rises(np.array([100, 100, 101, 101, 102, 102]), clock)[-1]
    assert (rise.observed, round(rise.expected, 3)) == (6, round(6 * 3 / 103, 3))


visits = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20)), min_size=1, max_size=40)


@given(visits, st.integers(0, 25), st.floats(0.001, 0.5))
def test_returns_are_counted_by_channel_and_day(links: list[tuple[int, int]], day: int, usual: float) -> None:
    """Further days of each channel, so many at most, against a Poisson number for the days since its first."""
    links.sort(key=lambda one: one[1])
    found = Visits.of(np.array([channel for channel, _ in links]), np.array([on for _, on in links]))
    watched, count = 0, 0
    for channel in {channel for channel, _ in links}:
        on = sorted({when for who, when in links if who == channel})
        if on[0] <= day:
            watched += day - on[0]
            count += sum(when <= day for when in on[1 : MOST + 1])
    wanted = -poisson.logsf(count - 1, usual * watched) if count and watched else 0.0
    assert found.log(day, usual) == pytest.approx(wanted)


@given(visits)
def test_how_often_channels_return_is_a_plain_ratio(links: list[tuple[int, int]]) -> None:
    """Of each day: returns so far by the days of channels that they were watched for, with what was believed before."""
    links.sort(key=lambda one: one[1])
    pair = np.array([channel for channel, _ in links])
    days = np.array([day for _, day in links])
    until = 8 + 3 * pair
    told = usual_returns(pair, days, until, (0, 21))
    for day in range(21):
        returns, watched = BELIEF
        for channel in set(pair.tolist()):
            on = sorted({when for who, when in links if who == channel and when <= 8 + 3 * channel})
            if on and on[0] <= day:
                returns += sum(when <= day for when in on[1:])
                watched += min(day, 8 + 3 * channel) - on[0]
        assert told[day] == pytest.approx(returns / watched)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 8)), min_size=1, max_size=40))
def test_a_place_stays_if_it_is_linked_outside_its_busiest_day(links: list[tuple[int, int]]) -> None:
    """Half as many channels as within the busiest 24 hours, of which the first counts."""
    links.sort()
    at, channels = np.array([hour for hour, _ in links]) * HOUR, np.array([channel for _, channel in links])
    spans = [{channel for hour, channel in links if start <= hour < start + 24} for start, _ in links]
    busiest = max(range(len(links)), key=lambda one: (len(spans[one]), -one))
    start = links[busiest][0]
    outside = {channel for row, (hour, channel) in enumerate(links) if row < busiest or hour >= start + 24}
    assert stays(at, channels) == (len(outside) >= max(LEFT * len(spans[busiest]), 1))
