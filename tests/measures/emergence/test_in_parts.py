"""Emerging places over links in parts: the same as of all links at once."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.checks import PartedEngine
from seawall.errors import MeasureError
from seawall.measures import Emerging, emerging
from seawall.measures.emergence.asking import Asked
from seawall.measures.emergence.measure import EmergingMeasure
from tests.measures.emergence.lake import BEGIN, CLUBS, DAYS, Row, link, table, taken_up, usual


def told(found: Emerging) -> tuple[Any, ...]:
    return found.table.to_pylist(), found.new, found.judged, found.left_out


def rows_of(seed: int) -> list[Row]:
    """Ordinary links of fewer clubs, and some places that are taken up by whom, when and how chance has it."""
    fate = random.Random(seed)
    rows = usual(seed, range(fate.choice((6, 12))), sites=15)
    for number in range(fate.randrange(4)):
        first, gap = fate.randrange(10, 95), fate.choice((0.02, 0.5, 0.9, 3))
        clubs = fate.sample(range(CLUBS), fate.randrange(4, 14))
        account = fate.choice(("", "", None, "a1"))
        kind = fate.choice(("web", "rocketchat", "shortener"))
        rows += taken_up(f"place{number}.example", first, clubs=clubs, gap=gap, kind=kind, account=account)
        rows += [link(BEGIN + timedelta(days=first), clubs[0], f"https://place{number}.example/", "mastodon")]
    return fate.sample(rows, len(rows))


def further(seed: int) -> dict[str, Any]:
    """Some of what the measure may be told beside links."""
    fate = random.Random(seed)
    channels = [f"c{club}" for club in range(CLUBS)]
    coverage = pa.table(
        {
            "start": [BEGIN + timedelta(days=30), BEGIN],
            "end": [BEGIN + timedelta(days=33), BEGIN + timedelta(days=DAYS)],
            "complete": [False, True],
            "channel": pa.array([None, "c3"]),
        }
    )
    every: dict[str, Any] = {
        "communities": pa.table({"channel": channels[:20], "community": [club % 5 for club in range(20)]}),
        "popular": ["garden1.example", "place0.example"],
        "known": pa.table({"place": ["place1.example"]}),
        "coverage": coverage,
        "until": BEGIN + timedelta(days=fate.randrange(60, 112), hours=fate.choice((0, 7))),
        "q": 0.9,
    }
    return {name: value for name, value in every.items() if fate.random() < 0.6}


def with_holes(links: pa.Table, seed: int) -> pa.Table:
    """The same with some nulls in every column."""
    fate = np.random.default_rng(seed)
    for place, name in enumerate(links.column_names):
        gone = pa.array(fate.random(len(links)) < 0.01)
        links = links.set_column(place, name, pa.compute.if_else(gone, None, links[name]))
    return links


@given(seed=st.integers(0, 10_000), parts=st.integers(1, 7), batch=st.integers(50, 4_000), holes=st.booleans())
@settings(deadline=None, max_examples=12)
def test_places_are_the_same_in_parts(seed: int, parts: int, batch: int, holes: bool) -> None:
    """Rows, p, q, counts and what was left out, however links are cut, and whatever else is told."""
    links = with_holes(table(rows_of(seed)), seed) if holes else table(rows_of(seed))
    asked = further(seed)
    wanted = told(emerging(links, **asked))
    measure = EmergingMeasure(Asked.of(**asked))
    assert told(PartedEngine(parts, batch).run(measure, links.to_reader())) == wanted
    assert told(measure.at_once(links.to_reader(max_chunksize=batch))) == wanted


@pytest.mark.parametrize("parts", [1, 4])
def test_a_place_that_emerges_is_found_in_parts(parts: int) -> None:
    """Among ordinary links, with channels as whole numbers and as words in a dictionary."""
    links = table(usual() + taken_up("chat.allotment.example", 60, kind="rocketchat"))
    numbers = pa.array([int(name[1:]) for name in links["channel"].to_pylist()])
    measure = EmergingMeasure(Asked.of())
    for channels in (links["channel"], numbers, links["channel"].dictionary_encode()):
        given_ = links.set_column(links.column_names.index("channel"), "channel", channels)
        found = PartedEngine(parts, 500).run(measure, given_.to_reader())
        assert found.table["place"].to_pylist() == ["chat.allotment.example"]
        assert told(found) == told(emerging(given_))


def test_no_links_are_no_places_in_parts() -> None:
    """Neither an empty table nor links that are all left out find anything; what was left out is counted."""
    links = table(usual()[:40])
    late = {"until": BEGIN - timedelta(days=1)}
    for some, asked in ((links.slice(0, 0), {}), (links, late)):
        found = PartedEngine(3).run(EmergingMeasure(Asked.of(**asked)), some.to_reader())
        assert told(found) == told(emerging(some, **asked))
        assert not len(found)


def test_of_links_at_one_moment_the_kind_does_not_depend_on_their_order() -> None:
    """A place is of the kind of its first link, and of the first by letters where two are at one moment."""
    rows = usual() + taken_up("chat.allotment.example", 60, kind="rocketchat")
    first = next(row for row in rows if "allotment" in row[3])
    rows.append((*first[:4], "mastodon"))
    for some in (rows, rows[::-1]):
        found = emerging(table(some)).table.to_pylist()
        assert [(one["place"], one["kind"]) for one in found] == [("chat.allotment.example", "mastodon")]


def test_what_is_asked_wrongly_is_refused_before_links_are_read() -> None:
    """q that is no rate, and a channel of two communities."""
    with pytest.raises(MeasureError, match="q is a rate"):
        Asked.of(q=2.0)
    with pytest.raises(MeasureError, match="two communities"):
        Asked.of(communities=pa.table({"channel": ["c1", "c1"], "community": [1, 2]}))
