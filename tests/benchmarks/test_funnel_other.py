"""The second generator keeps the contract of worlds and tells the truth about what it planted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from benchmarks.funnel_other import STAGES, OtherWorld, other_world
from benchmarks.funnel_other_alikes import ROLES

from seawall.model import CONTACT_KINDS, INTERACTION_KINDS, LENGTH_CLASSES

COLUMNS = [
    *("interaction_id", "at", "kind", "source", "target", "channel"),
    *("contact_kind", "contact_key", "reply_key", "length_class"),
]


@cache
def small(seed: int = 1) -> OtherWorld:
    """Six hundred people for seven weeks, two hubs and two look-alikes."""
    return other_world(seed, accounts=600, days=49)


@cache
def recorded() -> OtherWorld:
    """Planted into a record of private messages between forty people."""
    begin = datetime(2025, 5, 1, tzinfo=UTC)
    rows = [(begin + timedelta(minutes=11 * turn), f"p{turn % 40}", f"p{turn * 7 % 39}") for turn in range(6000)]
    at, source, target = (list(column) for column in zip(*rows, strict=True))
    record = pa.table({"at": pa.array(at, pa.timestamp("us", "UTC")), "source": source, "target": target})
    return other_world(3, record=record.append_column("kind", pa.array(["dm"] * len(rows))))


@pytest.mark.parametrize("made", [small, recorded])
def test_a_world_has_the_columns_of_a_world(made: object) -> None:
    """Interactions in the order of time, of known kinds; planted accounts and persons are among the accounts."""
    world = made()  # type: ignore[operator]
    assert world.interactions.column_names == COLUMNS
    at = world.interactions["at"]
    assert at.type == pa.timestamp("us", "UTC")
    assert at.to_pylist() == sorted(at.to_pylist())
    for column, known in (
        ("kind", INTERACTION_KINDS),
        ("contact_kind", CONTACT_KINDS),
        ("length_class", LENGTH_CLASSES),
    ):
        assert set(pc.drop_null(pc.unique(world.interactions[column])).to_pylist()) <= set(known)
    everybody = set(world.accounts["account"].to_pylist())
    assert set(world.hubs["account"].to_pylist()) <= everybody
    assert set(world.pairs["newcomer"].to_pylist()) <= everybody
    assert set(world.hubs["role"].to_pylist()) <= {"funnel", *ROLES}
    assert world.pairs["hub"].null_count == world.pairs["approached_at"].null_count == 0


def test_stages_come_in_their_order() -> None:
    """Approach, direct message, address and hand-off of a person follow one another; so do their acts in the data."""
    world = small()
    funnels = world.pairs.filter(pc.equal(world.pairs["role"], "funnel")).to_pylist()
    assert funnels
    for pair in funnels:
        times = [pair[name] for name in STAGES if name != "followed_back_at" and pair[name] is not None]
        assert times == sorted(times)
        if pair["handed_off_at"] is not None:
            assert pair["handed_to"] is not None
    passed = {(pair["hub"], pair["newcomer"]) for pair in funnels if pair["contact_at"] is not None}
    given = world.interactions.filter(pc.is_valid(world.interactions["contact_kind"])).to_pylist()
    assert passed <= {(row["source"], row["target"]) for row in given}


def test_as_many_look_alikes_as_hubs_at_one_in_a_thousand() -> None:
    """The prevalence is what is said, and hubs of funnels and look-alikes are as many."""
    world = other_world(5, accounts=4000, days=30)
    decoys = world.hubs["decoy"].to_pylist()
    assert decoys.count(True) == 4
    assert 1 <= decoys.count(False) <= 4


def test_the_same_seed_makes_the_same_world() -> None:
    """And another makes another."""
    assert other_world(1, accounts=600, days=49).interactions.equals(small().interactions)
    assert not other_world(2, accounts=600, days=49).interactions.equals(small().interactions)


def test_clean_traffic_has_nothing_planted() -> None:
    """No hubs, no persons."""
    clean = other_world(1, accounts=600, days=20, plant=False)
    assert len(clean.hubs) == len(clean.pairs) == 0
    assert len(clean.accounts) == 600


def test_a_record_is_replayed_as_it_was() -> None:
    """All its rows are there, and everything else has a planted account in it or is of the kind that it lacks."""
    world = recorded()
    people = {f"p{number}" for number in range(40)}
    ours = Counter(
        row["kind"]
        for row in world.interactions.to_pylist()
        if row["source"] in people and (row["target"] is None or row["target"] in people)
    )
    assert ours["dm"] >= 6000 - 160
    assert set(ours) - {"dm"}
