"""What the truth of a simulated takedown tells is what its tables show."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seawall.errors import ConfigurationError
from seawall.simulate import (
    TAKEDOWN_MEANINGS,
    TAKEDOWN_RANGES,
    Action,
    TakedownSettings,
    TakedownWorld,
    takedown_world,
)
from seawall.simulate.takedown_files import written
from seawall.simulate.takedowns import BEGIN, CHANNELS_MADE, DECOYS_MADE, POSTED, TRUE_ENDS, TRUE_SUCCESSORS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "simulate-takedown.md"
FALL = TakedownSettings(channels=80, days=90, life_days=3000, actions=(Action(60, 0.955, 14),))


@pytest.fixture(scope="module")
def world() -> TakedownWorld:
    return takedown_world(3, settings=FALL)


def test_the_tables_have_the_columns_that_are_promised(world: TakedownWorld) -> None:
    """Messages by time with ids of their own, channels, and the truth have their schemas."""
    tables = (world.messages, world.channels, world.successors, world.ends, world.decoys)
    assert [table.schema for table in tables] == [POSTED, CHANNELS_MADE, TRUE_SUCCESSORS, TRUE_ENDS, DECOYS_MADE]
    assert (np.diff(world.messages["at"].cast(pa.int64()).to_numpy()) >= 0).all()
    assert pc.count_distinct(world.messages["message"]).as_py() == world.messages.num_rows
    assert json.loads(json.dumps(world.settings))["seed"] == 3


def test_the_same_seed_gives_the_same_world(world: TakedownWorld) -> None:
    """Seed and settings decide each byte; another seed gives another world."""
    again = takedown_world(3, settings=FALL)
    for name in ("messages", "channels", "successors", "ends", "decoys", "actions"):
        assert getattr(again, name).equals(getattr(world, name))
    assert not takedown_world(4, settings=FALL).channels.equals(world.channels)


def test_messages_fall_by_the_share_of_the_action(world: TakedownWorld) -> None:
    """What channels that were alive before post in the communities acted on falls by 95.5 %, elsewhere it does not."""
    action = BEGIN + timedelta(days=60)
    for acted_on, low, high in ((True, 0.9, 0.99), (False, -0.15, 0.15)):
        chosen = world.channels.filter(
            pc.and_(pc.equal(world.channels["acted_on"], acted_on), pc.less(world.channels["created_at"], BEGIN))
        )
        rows = world.messages.filter(pc.is_in(world.messages["channel"], chosen["channel"].combine_chunks()))
        days = [(at - action) / timedelta(days=1) for at in rows["at"].to_pylist()]
        before = sum(-28 <= day < 0 for day in days)
        after = sum(2 <= day < 30 for day in days)
        assert low <= 1 - after / before <= high


def test_channels_post_while_they_live(world: TakedownWorld) -> None:
    """No message is older than its channel, and none comes after the channel's end."""
    lives = {row["channel"]: row for row in world.channels.to_pylist()}
    for row in world.messages.select(["at", "channel"]).to_pylist():
        life = lives[row["channel"]]
        assert life["created_at"] <= row["at"]
        assert life["ended_at"] is None or row["at"] <= life["ended_at"]


def test_forwards_name_an_earlier_message_and_its_channel(world: TakedownWorld) -> None:
    """What is forwarded was posted before, in the channel that is named, with the same text and media."""
    rows = {row["message"]: row for row in world.messages.to_pylist()}
    forwards = [row for row in rows.values() if row["repost_of"] is not None]
    assert len(forwards) > 100
    for row in forwards:
        told = rows[row["repost_of"]]
        assert told["at"] < row["at"]
        assert (told["channel"], told["cluster"], told["media"]) == (row["origin"], row["cluster"], row["media"])


def test_successors_follow_ends_and_decoys_are_none(world: TakedownWorld) -> None:
    """A successor succeeds a channel that ended, lives longer than it, and is no decoy; the counts of ends agree."""
    lives = {row["channel"]: row for row in world.channels.to_pylist()}
    pairs = [(row["ended"], row["successor"]) for row in world.successors.to_pylist()]
    assert pairs
    for old, new in pairs:
        assert lives[old]["ended_at"] is not None
        assert lives[new]["ended_at"] is None or lives[new]["ended_at"] > lives[old]["ended_at"]
    assert not {new for _, new in pairs} & set(world.decoys["channel"].to_pylist())
    counted = {row["channel"]: row["successors"] for row in world.ends.to_pylist()}
    assert {old: sum(one == old for one, _ in pairs) for old in counted} == counted


def test_a_habit_that_is_set_leaves_no_other_trace() -> None:
    """Where successors keep their name and do nothing else, their handles alone tell."""
    none = dict.fromkeys(
        ("announces", "announced_by_others", "points_back", "forwards_old", "reposts_media", "repeats_texts"), 0.0
    )
    settings = TakedownSettings(channels=60, days=60, actions=(Action(30, 0.9),), habits=none | {"returns": 1.0})
    world = takedown_world(5, settings=settings)
    address = {row["channel"]: row["address"] for row in world.channels.to_pylist()}
    given = set(zip(world.links["channel"].to_pylist(), world.links["url"].to_pylist(), strict=True))
    pairs = world.successors.to_pylist()
    told = sum((row["successor"], address[row["ended"]]) in given for row in pairs)
    assert told <= len(pairs) // 10


@pytest.mark.parametrize(
    "told",
    [
        {"actions": (Action(300, 0.5),)},
        {"habits": {"speed": 1}},
        {"habits": {"returns": 2}},
        {"communities": 1},
        {"acted_on": 1.5},
        {"life_days": 0},
    ],
)
def test_what_cannot_be_is_refused(told: dict[str, object]) -> None:
    """Settings that cannot be say so."""
    with pytest.raises(ConfigurationError):
        TakedownSettings(**told)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError):
        Action(1, 1.2)


def test_every_habit_and_setting_stands_on_the_page() -> None:
    """The page tells each habit with its range, and names each setting."""
    page = PAGE.read_text(encoding="utf-8")
    assert set(TAKEDOWN_MEANINGS) == set(TAKEDOWN_RANGES)
    for name, (_, (low, high)) in TAKEDOWN_RANGES.items():
        assert f"| `{name}` | {low:g} to {high:g} | {TAKEDOWN_MEANINGS[name]} |" in page
    assert [name for name in TakedownSettings().as_dict() if f"`{name}`" not in page] == []


def test_placeholder_words_differ_from_cluster_to_cluster() -> None:
    """Texts of neighbouring clusters share no three words in a row."""
    for one, other in pairwise(range(200)):
        parts = [list(zip(*[written(number).split()[n:] for n in range(3)], strict=False)) for number in (one, other)]
        assert not set(parts[0]) & set(parts[1])
