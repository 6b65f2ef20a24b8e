"""The worlds in which emerging places are judged, and the thresholds beside them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pyarrow as pa
import pytest
from benchmarks.emerging_world import FIRST, HARD, WAYS, Setting, World, world
from benchmarks.migration_emerging import by_channels, by_messages, fifth_channels

SMALL = Setting(days=98, channels=60, communities=5, standing=200, births=300, gap_d=9, imported=20)


@pytest.fixture(scope="module")
def small() -> World:
    return world(7, SMALL)


def test_a_world_is_its_seed(small: World) -> None:
    """The same again from the same seed, another from another."""
    assert world(7, SMALL).links.equals(small.links)
    assert not world(8, SMALL).links.equals(small.links)


def test_every_kind_of_place_is_there(small: World) -> None:
    """What is planted, what is ordinary, and each thing that only looks like it, with its truth."""
    kinds = Counter(small.kinds.values())
    assert sum(kinds[way] for way in WAYS) == SMALL.planted
    assert {"ordinary", "standing", *HARD} <= set(kinds)
    assert small.coverage is None


def test_a_gap_has_no_links_and_imported_channels_none_from_before(small: World) -> None:
    """Nothing on nine days; the late channels begin late."""
    days = {(at - FIRST) // timedelta(days=1) for at in small.links["at"].to_pylist()}
    assert len(set(range(SMALL.days)) - days) == SMALL.gap_d
    rows = zip(small.links["channel"].to_pylist(), small.links["at"].to_pylist(), strict=True)
    first = min(at for channel, at in rows if int(channel[1:]) >= SMALL.channels)
    assert first >= FIRST + timedelta(days=0.4 * SMALL.days)


def test_thresholds_count_what_they_say() -> None:
    """Five channels within a week, or twenty links within a day, of places that are new; and the fifth channel."""
    at = [FIRST + timedelta(days=day) for day in (0, 30, 31, 32, 33, 34, 34, 60)]
    at += [FIRST + timedelta(days=70, minutes=minute) for minute in range(20)]
    channel = ["a", "a", "b", "c", "d", "d", "e", "f", *["a"] * 20]
    place = pa.chunked_array([["old", *["new"] * 7, *["loud"] * 20]])
    links = pa.table({"at": pa.array(at, pa.timestamp("us", "UTC")), "channel": channel})
    assert by_channels(links, place) == {"new": at[6]}
    assert by_messages(links, place) == {"loud": at[-1]}
    assert fifth_channels(links, place) == {"new": at[6]}
