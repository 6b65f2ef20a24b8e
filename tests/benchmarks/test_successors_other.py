"""The second generator of takedowns: its truth is what its tables show."""

from __future__ import annotations

import pytest
from benchmarks.successors_other import OtherTakedown, other_takedown

SMALL = {"days": 60, "publishers": 12, "clubs": 12}


@pytest.fixture(scope="module")
def world() -> OtherTakedown:
    return other_takedown(3, **SMALL)


def test_the_same_seed_gives_the_same_world(world: OtherTakedown) -> None:
    """Seed and sizes decide every row."""
    again = other_takedown(3, **SMALL)
    names = ("ends", "channels", "links", "forwards", "media", "clusters")
    assert all(getattr(again, name).equals(getattr(world, name)) for name in names)
    assert again.truth == world.truth
    assert not other_takedown(4, **SMALL).channels.equals(world.channels)


def test_successors_come_after_channels_that_ended(world: OtherTakedown) -> None:
    """Who has a successor ended, and the successor is another channel of the world that outlives it."""
    ended = dict(zip(world.channels["channel"].to_pylist(), world.channels["ended_at"].to_pylist(), strict=True))
    assert world.truth
    for old, heirs in world.truth.items():
        assert ended[old] is not None
        for new in heirs - {old}:
            assert ended[new] is None or ended[new] > ended[old]
        assert old not in heirs


def test_nothing_is_posted_outside_a_channels_life(world: OtherTakedown) -> None:
    """Each row of media and texts lies between the opening and the end of its channel."""
    lives = {row["channel"]: (row["created_at"], row["ended_at"]) for row in world.channels.to_pylist()}
    for table in (world.media, world.clusters):
        for row in table.to_pylist():
            opened, ended = lives[row["channel"]]
            assert opened <= row["at"]
            assert ended is None or row["at"] <= ended
