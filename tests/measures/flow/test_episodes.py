"""New places, their followers, and who fell silent: arrays against plain counting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.measures.flow.acts import DAY, Acts, Known, Linked
from seawall.measures.flow.episodes import Rule, episodes
from seawall.measures.flow.leaving import at_least, leaving
from tests.measures.flow.reference import episodes_of, members_of, silent_of

RULE = Rule(window=3, new=12, pause=8, quiet=4, least_days=2)
DAYS = 60

acts_of = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6), st.integers(0, DAYS - 1)), max_size=160)
links_of = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 6), st.integers(0, DAYS - 1)), max_size=40
)


def arrays(
    wrote: list[tuple[int, int, int]], linked: list[tuple[int, int, int, int]], missing: set[int]
) -> tuple[Linked, Acts, dict[int, Known]]:
    told = np.array(wrote, np.int64).reshape(-1, 3)
    links = np.array(linked, np.int64).reshape(-1, 4)
    acts = Acts.of(told[:, 0], told[:, 1].astype(np.uint64), told[:, 2])
    tie = np.arange(len(links), dtype=np.uint64)
    lines = Linked.of(links[:, 0], links[:, 1], links[:, 2].astype(np.uint64), links[:, 3] * DAY, tie)
    known = Known(0, np.array([day not in missing for day in range(DAYS)]))
    return lines, acts, {0: known, 1: known}


@settings(max_examples=60)
@given(wrote=acts_of, linked=links_of, missing=st.sets(st.integers(0, DAYS - 1), max_size=6))
def test_new_places_and_their_followers_are_those_that_one_counts(
    wrote: list[tuple[int, int, int]], linked: list[tuple[int, int, int, int]], missing: set[int]
) -> None:
    """Starts, members, followers and links of every new place equal those of plain counting."""
    wrote = wrote + [(community, who, day) for community, _, who, day in linked]
    found = episodes(*arrays(wrote, linked, missing), RULE)
    gone = missing | set(range(-20, 0))  # nothing was collected before the first day
    want = episodes_of(wrote, linked, gone, RULE)
    got = {
        (found.community(one), int(found.linked.place[found.first[one]]), int(found.start[one])): (
            int(found.members[one]), int(found.followed[one]), int(found.end[one] - found.first[one]),
            bool(found.told[one]),
        )
        for one in range(len(found))
    }  # fmt: skip
    assert got == want


@settings(max_examples=60)
@given(wrote=acts_of, linked=links_of)
def test_those_who_fell_silent_are_those_that_one_counts(
    wrote: list[tuple[int, int, int]], linked: list[tuple[int, int, int, int]]
) -> None:
    """Linked, silent and others equal those of plain counting, and p is Fisher's; chances of farewells are chances."""
    wrote = [row for row in wrote if row[0] == 0] + [(0, who, day) for _, _, who, day in linked]
    rows = sorted([(0, 0, who, day) for _, _, who, day in linked], key=lambda row: row[3])
    if not rows:
        return
    lines, acts, known = arrays(wrote, rows, set())
    start = rows[0][3]
    own = sorted(members_of(wrote, 0, start - RULE.pause, start, RULE.least_days))
    found = leaving(lines, acts, known[0], np.array(own, np.uint64), RULE)
    looked = min(DAYS, start + RULE.new + RULE.quiet)
    if looked <= start + RULE.quiet:
        assert found is None
        return
    assert found is not None
    told = (found.linked, found.silent, found.others, found.others_silent, found.p_silent)
    assert told == pytest.approx(silent_of(wrote, rows, own, start, looked, RULE.quiet))
    assert 0 <= found.farewells <= found.silent
    assert 0 <= found.farewells_expected <= found.silent + 1e-9
    assert 0 <= found.p_farewell <= 1


def test_a_link_on_the_last_day_alone_is_a_farewell_beyond_chance() -> None:
    """Five who wrote each day link on their last day alone; others write on: the farewells are unlikely by chance."""
    wrote = [(0, who, day) for who in range(5) for day in range(10, 30 + who)]
    wrote += [(0, who, day) for who in range(5, 12) for day in range(10, DAYS)]
    linked = [(0, 0, 9, 26)] + [(0, 0, who, 29 + who) for who in range(5)]
    lines, acts, known = arrays([*wrote, (0, 9, 26)], linked, set())
    rule = Rule(window=14, new=30, pause=8, quiet=7, least_days=2)
    own = np.arange(12, dtype=np.uint64)
    found = leaving(lines, acts, known[0], own, rule)
    assert found is not None
    assert (found.silent, found.farewells, found.others_silent) == (5, 5, 0)
    assert found.p_farewell < 0.01
    assert found.p < 0.02


def test_where_most_others_are_silent_too_silence_tells_nothing() -> None:
    """At the end of a season p is 1, however many of those who linked are silent."""
    wrote = [(0, who, day) for who in range(12) for day in range(10, 32)]
    wrote += [(0, 11, day) for day in range(32, DAYS)]
    linked = [(0, 0, who, 28) for who in range(6)]
    lines, acts, known = arrays(wrote, linked, set())
    found = leaving(lines, acts, known[0], np.arange(12, dtype=np.uint64), Rule(14, 30, 8, 7))
    assert found is not None
    assert found.season
    assert found.p == 1.0


def test_days_that_were_not_collected_are_no_silence() -> None:
    """Nobody is silent where the last days were not collected: it is looked at an earlier day, or not at all."""
    wrote = [(0, who, day) for who in range(6) for day in range(10, 40)]
    linked = [(0, 0, 0, 28)]
    lines, acts, known = arrays(wrote, linked, set(range(40, DAYS)))
    found = leaving(lines, acts, known[0], np.arange(6, dtype=np.uint64), Rule(14, 30, 8, 7))
    assert found is not None
    assert (found.looked, found.silent, found.others_silent) == (40, 0, 0)
    lines, acts, known = arrays(wrote, linked, set(range(32, DAYS)))
    assert leaving(lines, acts, known[0], np.arange(6, dtype=np.uint64), Rule(14, 30, 8, 7)) is None


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(0, 8))
def test_the_tail_of_independent_events_is_that_of_all_outcomes(chances: list[float], number: int) -> None:
    """Poisson-binomial, against the sum over every outcome."""
    total = 0.0
    for outcome in range(1 << len(chances)):
        if outcome.bit_count() >= number:
            odds = [chance if outcome >> place & 1 else 1 - chance for place, chance in enumerate(chances)]
            total += float(np.prod(odds))
    assert at_least(number, np.array(chances)) == pytest.approx(total, abs=1e-12)
