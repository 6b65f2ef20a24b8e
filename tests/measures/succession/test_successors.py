"""What the measure of successors promises: reasons, one to one, "no successor", never persons, and clear exclusions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any

import numpy as np
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import Successors, successors
from seawall.measures.succession import TERMS
from seawall.measures.succession.likeness import alike, likenesses
from seawall.measures.succession.matching import assigned, marginals
from seawall.measures.succession.overlap import Pairs, overlap
from seawall.measures.succession.words import DAY, FIRST_DAYS
from seawall.simulate import Action, TakedownSettings, TakedownWorld, takedown_world
from tests.measures.succession import reference

T0 = datetime(2026, 5, 3, tzinfo=UTC)
SMALL = TakedownSettings(channels=50, days=80, communities=4, actions=(Action(40, 0.9),))


def day(number: float) -> datetime:
    return T0 + timedelta(days=number)


@pytest.fixture(scope="module")
def world() -> TakedownWorld:
    return takedown_world(9, settings=SMALL)


def found(world: TakedownWorld, **other: Any) -> Successors:
    told = {"links": world.links, "forwards": world.forwards, "media": world.media, "clusters": world.clusters}
    return successors(world.ends, other.pop("channels", world.channels), **(told | other))


def channels(rows: Iterable[tuple[str, float, float | None, str]]) -> pa.Table:
    """Channels with their opening, end (days) and handle."""
    return pa.table(
        {
            "channel": [row[0] for row in rows],
            "created_at": [day(row[1]) for row in rows],
            "ended_at": pa.array([None if row[2] is None else day(row[2]) for row in rows], pa.timestamp("us", "UTC")),
            "handle": [row[3] for row in rows],
            "address": [f"https://t.me/{row[3]}" for row in rows],
        }
    )


CROWD = [(f"c{number}", -400.0 + 7 * number, None, name) for number, name in enumerate(
    ("tulips", "rides", "saddles", "compost", "bulbs", "beehive", "orchard", "velodrome", "mulch", "towpath",
     "sprocket", "lanterns", "pruning", "hedges", "basil", "canal", "quinces", "picnic", "tandem", "gravel")
)]  # fmt: skip


def test_an_announced_channel_is_the_successor_and_the_reasons_say_why() -> None:
    """The old channel gave the address of one that opened then: it is told, with its terms and what was counted."""
    known = channels([*CROWD, ("old", -300.0, 0.0, "garden_club"), ("new", 1.0, None, "garden_club_2")])
    links = pa.table(
        {"at": [day(-1), day(-2), day(3)], "channel": ["old", "old", "c1"],
         "url": ["https://t.me/garden_club_2", "https://t.me/garden_club_2/7", "https://seeds.example/a"]}
    )  # fmt: skip
    told = successors(None, known, links=links)
    (end,) = told.ends.to_pylist()
    assert (end["ended"], end["successor"], end["likeliest"]) == ("old", "new", "new")
    assert end["probability"] > 0.9
    assert end["none"] == pytest.approx(1 - sum(told.candidates["probability"].to_pylist()))
    reasons = {row["term"]: row for row in told.reasons.to_pylist() if row["candidate"] == "new"}
    assert reasons["announced"]["observed"] == 2
    assert reasons["announced"]["nats"] > 2
    assert reasons["handle"]["observed"] > 0.9
    assert reasons["opened"]["observed"] == pytest.approx(1.0)
    assert not {"media", "texts", "forwards"} & set(reasons)


def test_where_nothing_speaks_for_it_there_is_no_successor() -> None:
    """A channel that opens on the day of the end, and shares nothing with the old one, is not told."""
    known = channels([*CROWD, ("old", -300.0, 0.0, "garden_club"), ("new", 0.1, None, "wheelwright")])
    (end,) = successors(None, known).ends.to_pylist()
    assert end["successor"] is None
    assert end["probability"] < 0.5


def test_spam_is_no_announcement() -> None:
    """An address that many channels give says little where the old channel gives it, too."""
    known = channels([*CROWD, ("old", -300.0, 0.0, "garden_club"), ("new", 0.1, None, "wheelwright")])
    everywhere = [name for name, *_ in CROWD] + ["old"]
    links = pa.table(
        {"at": [day(-0.5)] * len(everywhere), "channel": everywhere,
         "url": ["https://t.me/wheelwright"] * len(everywhere)}
    )  # fmt: skip
    told = successors(None, known, links=links)
    assert told.ends["successor"].to_pylist() == [None]
    alone = successors(None, known, links=links.slice(len(everywhere) - 1))
    assert alone.candidates["nats"][0].as_py() > told.candidates["nats"][0].as_py() + 2


def test_a_channel_succeeds_one_and_has_one_successor(world: TakedownWorld) -> None:
    """No channel is told twice, on either side, and none succeeds itself or ends before the end that it follows."""
    told = found(world, least=0.01).ends
    pairs = told.filter(pc.is_valid(told["successor"]))
    assert len(pairs) > 5
    assert pc.count_distinct(pairs["successor"]).as_py() == len(pairs)
    assert not pc.any(pc.equal(pairs["successor"], pairs["ended"])).as_py()
    ended = {row["channel"]: row["ended_at"] for row in world.channels.to_pylist()}
    for row in pairs.to_pylist():
        assert ended[row["successor"]] is None or ended[row["successor"]] > row["at"]


def test_most_true_successors_are_among_the_first_five(world: TakedownWorld) -> None:
    """In a simulated takedown the true successor is almost always among the first five candidates."""
    told = found(world)
    rank = {
        (row["ended"], row["candidate"]): row["rank"]
        for row in told.candidates.select(["ended", "candidate", "rank"]).to_pylist()
    }
    heirs: dict[str, list[int]] = {}
    for row in world.successors.to_pylist():
        heirs.setdefault(row["ended"], []).append(rank.get((row["ended"], row["successor"]), 999))
    assert np.mean([min(ranks) <= 5 for ranks in heirs.values()]) >= 0.85


def test_the_parts_add_up_and_are_ranked(world: TakedownWorld) -> None:
    """A candidate's nats are the sum of its terms and the prior, and ranks follow the nats."""
    told = found(world).candidates.to_pylist()
    rests = {round(row["nats"] - sum(row[name] or 0.0 for name in TERMS), 9) for row in told}
    assert len(rests) == 1
    for one, other in pairwise(told):
        assert one["ended"] != other["ended"] or (one["nats"] >= other["nats"] and one["rank"] + 1 == other["rank"])


def test_rows_in_another_order_give_the_same(world: TakedownWorld) -> None:
    """The order of rows does not matter, nor does which frame they come in."""
    mixed = np.random.default_rng(1)

    def turned(table: pa.Table) -> pa.Table:
        return table.take(pa.array(mixed.permutation(len(table))))

    told = found(world)
    tables = {name: turned(getattr(world, name)) for name in ("links", "forwards", "media", "clusters")}
    again = successors(turned(world.ends), polars.from_arrow(turned(world.channels)), **tables)
    assert again.ends.drop_columns(["probability", "none"]).equals(told.ends.drop_columns(["probability", "none"]))
    assert np.allclose(again.ends["probability"].to_numpy(), told.ends["probability"].to_numpy(), atol=1e-9)


def test_other_names_of_channels_give_the_same(world: TakedownWorld) -> None:
    """Nothing depends on what channels are called inside."""
    names = world.channels["channel"].combine_chunks()
    fresh = pa.array([f"x{number:05d}" for number in np.random.default_rng(2).permutation(len(names))])

    def renamed(table: pa.Table) -> pa.Table:
        for column in {"channel", "origin"} & set(table.column_names):
            new = fresh.take(pc.index_in(table[column], value_set=names).combine_chunks())
            table = table.set_column(table.schema.get_field_index(column), column, new)
        return table

    tables = {name: renamed(getattr(world, name)) for name in ("links", "forwards", "media", "clusters")}
    again = successors(renamed(world.ends), renamed(world.channels), **tables)
    assert np.allclose(np.sort(again.ends["probability"]), np.sort(found(world).ends["probability"]), atol=1e-9)


@pytest.mark.parametrize("kind", ["links", "forwards", "media", "clusters", "handle", "address", "created_at"])
def test_each_kind_of_evidence_may_be_missing(world: TakedownWorld, kind: str) -> None:
    """What is not given is not known, adds nothing, and the rest still tells."""
    if kind in world.channels.column_names:
        told = found(world, channels=world.channels.drop_columns([kind]))
    else:
        told = found(world, **{kind: None})
    assert len(told.ends) == len(world.ends)
    assert np.isfinite(told.ends["probability"].to_numpy()).all()
    unknown = {"forwards": "forwards", "media": "media", "clusters": "texts", "links": "announced", "handle": "handle"}
    if kind in unknown:
        assert told.candidates[unknown[kind]].null_count == len(told.candidates)


def test_ids_come_back_in_the_type_in_which_they_were_given(world: TakedownWorld) -> None:
    """Whole numbers as ids give the same as strings, as whole numbers."""
    names = world.channels["channel"].combine_chunks()

    def numbered(table: pa.Table) -> pa.Table:
        for column in {"channel", "origin"} & set(table.column_names):
            new = pc.index_in(table[column], value_set=names).cast(pa.int64())
            table = table.set_column(table.schema.get_field_index(column), column, new)
        return table

    tables = {name: numbered(getattr(world, name)) for name in ("links", "forwards", "media", "clusters")}
    again = successors(numbered(world.ends), numbered(world.channels), **tables)
    assert {again.ends[name].type for name in ("ended", "successor", "likeliest")} == {pa.int64()}
    assert np.allclose(np.sort(again.ends["probability"]), np.sort(found(world).ends["probability"]), atol=1e-9)


def test_persons_are_left_out_and_counted() -> None:
    """Rows that are persons' or direct are neither ends nor candidates, whatever their evidence, and are counted."""
    known = channels([*CROWD, ("old", -300.0, 0.0, "garden_club"), ("new", 1.0, None, "garden_club_2"),
                      ("person", -300.0, 0.0, "rosa")])  # fmt: skip
    kinds = ["group"] * (len(known) - 2) + ["direct", "user"]
    told = successors(None, known.append_column("kind", [kinds]))
    assert told.left_out == {"channels that are persons' or direct": 2}
    assert told.ends["ended"].to_pylist() == ["old"]
    assert "new" not in told.candidates["candidate"].to_pylist()
    hidden = ["public"] * (len(known) - 2) + ["direct", "direct"]
    assert successors(None, known.append_column("visibility", [hidden])).left_out == told.left_out


def test_what_cannot_be_is_left_out_with_its_count() -> None:
    """Ends before starts, unknown channels, nulls and repetitions are excluded, each with its number."""
    known = channels([*CROWD, ("old", -300.0, 0.0, "garden_club"), ("back", 5.0, 1.0, "b")])
    known = pa.concat_tables([known, known.slice(0, 2)])
    ends = pa.table(
        {
            "channel": ["old", "old", "nobody", None, "c3", "c4"],
            "at": pa.array([day(-1), day(0), day(0), day(0), None, day(-900)], pa.timestamp("us", "UTC")),
        }
    )
    links = pa.table({"at": [day(0), None], "channel": ["nobody", "old"], "url": ["https://a.example"] * 2})
    told = successors(ends, known, links=links)
    assert told.left_out == {
        "channels told more than once": 2,
        "channels that end before they begin": 1,
        "ends without a channel": 1,
        "ends without a time": 1,
        "ends of what is not among the channels": 1,
        "ends before the channel begins": 1,
        "earlier ends of a channel that ended again": 1,
        "links without a at": 1,
        "links of what is not among the channels": 1,
    }
    assert told.ends["at"].to_pylist() == [day(0)]


def test_nothing_ended_is_an_empty_answer() -> None:
    """Without an end there are no rows, and no error."""
    links = pa.table({"at": [day(0)], "channel": ["c1"], "url": ["https://t.me/rides"]})
    told = successors(None, channels(CROWD), links=links)
    assert (len(told.ends), len(told.candidates), len(told.reasons)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"channels": pa.table({"name": ["a"]})}, "lacks the column channel"),
        ({"channels": pa.table({"channel": ["a"], "kind": ["direct"]})}, "no channel among"),
        ({"channels": pa.table({"channel": ["a"], "created_at": ["soon"]})}, "not times"),
        ({"ends": pa.table({"channel": ["c1"]})}, "lacks the column at"),
        ({"media": pa.table({"at": [T0], "channel": ["c1"]})}, "lacks the column sha256"),
        ({"links": [1, 2]}, "not a table"),
        ({"least": 0.0}, "between 0 and 1"),
    ],
)
def test_wrong_tables_are_refused(arguments: dict[str, Any], says: str) -> None:
    """What is missing or cannot be read is said."""
    with pytest.raises(MeasureError, match=says):
        successors(**({"ends": None, "channels": channels(CROWD)} | arguments))


HANDLES = st.lists(st.text("abco01_", min_size=1, max_size=9), min_size=2, max_size=6)


@settings(max_examples=60, deadline=None)
@given(HANDLES)
def test_handles_are_as_alike_as_by_the_definition(handles: list[str]) -> None:
    """The kernel gives what Levenshtein's recursion gives, the same both ways."""
    pairs = list(product(range(len(handles)), repeat=2))
    one, other = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    told = likenesses(handles, one, other)
    assert np.allclose(told, [reference.alike(handles[a], handles[b]) for a, b in pairs])
    assert np.allclose(told, likenesses(handles, other, one))


def test_what_is_added_to_a_handle_makes_little_difference() -> None:
    """A handle with a number, a word or separators more is nearer than one of another garden."""
    for made in ("garden_club_2", "gardenclub", "new_garden_club", "garden_club_backup", "g4rden_club", "gardenclubb"):
        assert alike("garden_club", made) > 0.85 > 0.6 > alike("garden_club", "mulch_notes")


ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 120)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(20, 80))
def test_things_in_common_are_counted_as_by_the_definition(rows: list[tuple[int, int, int]], ended: int) -> None:
    """What two channels share, and what they would by chance, is what plain sets give."""
    channel, thing, at = (np.array([row[part] for row in rows], np.int64) for part in range(3))
    pairs = Pairs(np.array([0, 0, 1]), np.array([0, 0, 1]), np.array([1, 2, 3]), np.full(3, ended * DAY),
                  np.array([10, 30, 50]) * DAY)  # fmt: skip
    told = overlap(channel, thing, at * DAY, 5, pairs)
    for place, (old, new) in enumerate(zip(pairs.old.tolist(), pairs.new.tolist(), strict=True)):
        until = int(pairs.opened[place]) // DAY + FIRST_DAYS
        shared, expected = reference.overlap(rows, 5, old, new, ended, until)
        assert told.shared[place] == pytest.approx(shared)
        assert told.expected[place] == pytest.approx(expected)


NATS = st.lists(st.one_of(st.none(), st.floats(-4, 4)), min_size=9, max_size=9)


@settings(max_examples=60, deadline=None)
@given(NATS)
def test_the_assignment_is_the_best_of_all(worth: list[float | None]) -> None:
    """No other one-to-one assignment has a higher sum."""
    places = [place for place, one in enumerate(worth) if one is not None]
    end, new = (np.array([step(place, 3) for place in places], np.int64) for step in (int.__floordiv__, int.__mod__))
    nats = np.array([worth[place] for place in places], float)
    chosen = assigned(end, new, nats, 3, 3)
    taken = [one for one in chosen if one >= 0]
    assert len({int(new[one]) for one in taken}) == len(taken)
    assert sum(nats[one] for one in taken) == pytest.approx(reference.best_sum(end, new, nats))


@settings(max_examples=60, deadline=None)
@given(st.floats(-4, 4), st.floats(-4, 4), st.floats(-4, 4))
def test_probabilities_are_exact_where_pairs_form_a_tree(one: float, two: float, three: float) -> None:
    """On a path of ends and candidates belief propagation gives what counting all matchings gives."""
    end, new, nats = np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([one, two, three])
    assert np.allclose(marginals(end, new, nats, 2, 2), reference.marginals(end, new, nats), atol=1e-6)
