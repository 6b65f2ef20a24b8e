from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import CoordinationMeasure, StandingCoordination
from seawall.measures.coshare import held
from tests.measures.coshare import reference
from tests.measures.coshare.test_measure import found, ids, table

NAMES = ("object", "account", "message", "at")
START = datetime(1970, 1, 1, tzinfo=UTC)

shares_lists = st.lists(
    st.tuples(
        ids,
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from(["b", *"0123456789"]) | st.none(),
        st.integers(-20, 30),
    ),
    max_size=40,
)


def counted(rows: pa.Table) -> Counter[str]:
    return Counter(repr(row) for row in rows.to_pylist())


def batch(measure: CoordinationMeasure, shares: list[reference.Share]) -> pa.Table:
    return measure.merge([measure.kernel(measure.prepare(table(shares)))])


def histories(shares: list[reference.Share], fate: random.Random) -> Any:
    """Steps (removed, added) and the shares that are left after each, in no order of time."""
    left: list[reference.Share] = []
    rest = shares[:]
    fate.shuffle(rest)
    while rest:
        size = fate.randrange(1, len(rest) + 1)
        added, rest = rest[:size], rest[size:]
        gone = fate.sample(left, fate.randrange(len(left) + 1)) if fate.random() < 0.6 else []
        for share in gone:
            left.remove(share)
        left = left + added
        yield gone, added, left


@given(shares=shares_lists, window=st.integers(0, 12), repeats=st.integers(1, 3), fate=st.randoms())
def test_after_any_history_it_holds_what_the_batch_finds_in_the_rest(
    shares: list[reference.Share], window: int, repeats: int, fate: random.Random
) -> None:
    """Shares come and go in any order and grouping, copies among them; the partial and the network are the batch's."""
    measure = CoordinationMeasure(window, repeats)
    standing = StandingCoordination(measure)
    for gone, added, left in histories(shares, fate):
        standing.take(table(gone), table(added))
        if fate.random() < 0.3:
            saved, standing = standing.save(), StandingCoordination(measure)
            standing.restore(saved)
        assert counted(standing.partial()) == counted(batch(measure, left))
        assert standing.in_company == len(standing.partial())
    rest = left if shares else []
    told = [(o, a, ("none", o, a, at) if m is None else m, at) for o, a, m, at in rest]  # each a message of its own
    assert found(standing.network()) == reference.distinct_objects(told, window, repeats)
    assert standing.network().nodes.equals(measure.finalise(batch(measure, rest)).nodes)


@given(shares=shares_lists, window=st.integers(0, 12), fate=st.randoms())
def test_what_is_forgotten_gives_nobody_company(
    shares: list[reference.Share], window: int, fate: random.Random
) -> None:
    """After forgetting, company is judged among what was sent since; what comes later from before is passed over."""
    measure = CoordinationMeasure(window, 1)
    standing, since = StandingCoordination(measure), -100
    for gone, added, left in histories(shares, fate):
        standing.take(table(gone), table(added))
        if fate.random() < 0.5:
            since = max(since, fate.randrange(-25, 35))
            standing.forget(START + timedelta(seconds=since))
        kept = [share for share in left if share[3] >= since]
        assert counted(standing.partial()) == counted(batch(measure, kept))
    assert standing.crowded_out == 0


@given(shares=shares_lists, fate=st.randoms())
def test_the_same_shares_are_saved_alike(shares: list[reference.Share], fate: random.Random) -> None:
    """Whatever the order and the detours, the saved tables are equal."""
    measure = CoordinationMeasure(5, 2)
    one, other = StandingCoordination(measure), StandingCoordination(measure)
    for gone, added, _ in histories(shares, fate):
        one.take(table(gone), table(added))
        one.take(table([]), table(gone))
    other.take(table([]), table(shares))
    assert one.save() == other.save()


def test_changes_stay_when_nothing_changes_for_accounts_that_could_be_linked() -> None:
    """One coincidence of two accounts leaves the number alone; the one that could make an edge does not."""
    standing = StandingCoordination(CoordinationMeasure(60, 2))
    before = standing.changes
    standing.take(table([]), table([("roses", "ann", "1", 0), ("roses", "bob", "2", 9), ("ferns", "bob", "3", 0)]))
    assert standing.changes == before
    standing.take(table([]), table([("ferns", "ann", "4", 50)]))
    assert standing.changes > before
    assert len(standing.network()) == 1


def test_a_network_is_not_changed_by_later_shares() -> None:
    """The network of before still shows its own evidence."""
    standing = StandingCoordination(CoordinationMeasure(60, 1))
    shares = table([("roses", "ann", "1", 0), ("roses", "bob", "2", 9)])
    standing.take(table([]), shares)
    network = standing.network()
    standing.take(shares, table([("ferns", "cem", "3", 0), ("ferns", "dan", "4", 9)]))
    assert network.evidence("ann", "bob")["source_message"].to_pylist() == ["1"]
    assert found(standing.network()) == {("cem", "dan"): (1, 1, 1.0, 9.0)}


def crowd(rows: int, fate: np.random.Generator, objects: int) -> pa.Table:
    return pa.table(
        {
            "object": fate.integers(0, objects, rows).astype(np.uint64),
            "account": pa.array(fate.integers(0, 400, rows)).cast(pa.string()),
            "message": pa.array(fate.integers(0, 2**40, rows)).cast(pa.string()),
            "at": fate.integers(0, 20_000, rows),
        }
    )


def test_many_shares_and_viral_objects_equal_the_batch() -> None:
    """Thousands of shares in and out, some objects shared by hundreds within the window, more room than at first."""
    fate = np.random.default_rng(3)
    measure = CoordinationMeasure(60, 3)
    standing, left = StandingCoordination(measure), crowd(0, fate, 1)
    for step in range(12):
        added = pa.concat_tables([crowd(1_500, fate, 3_000), crowd(500, fate, 3)])
        gone = left.take(pa.array(fate.permutation(len(left))[: len(left) // (2 + step % 4)]))
        standing.take(gone, added)
        left = left.filter(pc.invert(pc.is_in(left["message"], gone["message"])))
        left = pa.concat_tables([left, added])
        want = measure.merge([measure.kernel(measure.prepare(left))])
        assert sorted(standing.partial()["message"].to_pylist()) == sorted(want["message"].to_pylist())
        assert standing.shares == len(left)
    network, wanted = standing.network(), measure.finalise(want)
    assert network.edges.equals(wanted.edges)
    assert network.nodes.equals(wanted.nodes)
    assert standing.partial().schema == want.schema


def test_accounts_and_ids_that_are_gone_give_their_room_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long after, memory is that of what is held, and what is held is still right."""
    monkeypatch.setattr(held, "WORTHWHILE", 1 << 12)
    monkeypatch.setattr(held, "FEW_ACCOUNTS", 64)
    measure = CoordinationMeasure(60, 1)
    standing = StandingCoordination(measure, most_shares=200)
    sizes = []
    for step in range(40):
        fresh = [(f"{step} {n}", f"account {step:02} {n}", f"message {step:02} {n}", step * 100) for n in range(300)]
        pair = [(f"pair {step}", f"{who} {step % 3}", f"{who} {step:02}", step * 100 + 5) for who in ("ann", "bob")]
        standing.take(table([]), table(fresh + pair))
        sizes.append(standing.nbytes)
    assert max(sizes[20:]) <= max(sizes[:20]) + 20 * 2 * len("message 00")  # the pairs stay
    assert found(standing.network()) == {
        (f"ann {n}", f"bob {n}"): (len(range(n, 40, 3)), len(range(n, 40, 3)), 0.5, 0.0) for n in range(3)
    }


def test_the_oldest_shares_without_company_go_first_and_what_comes_too_late_is_counted() -> None:
    """Beyond the bound a late share finds no company; within it, it does; both are told apart."""
    standing = StandingCoordination(CoordinationMeasure(60, 1), most_shares=64)
    none = table([])
    standing.take(none, table([(f"o{n}", "ann", f"m{n}", n * 100) for n in range(200)]))
    assert standing.shares == 64
    assert standing.beyond_reach == 0
    standing.take(none, table([("o10", "bob", "late", 1_010)]))
    assert (standing.in_company, standing.beyond_reach) == (0, 1)
    standing.take(none, table([("o190", "bob", "in time", 19_010)]))
    assert (standing.in_company, standing.beyond_reach) == (2, 1)


def test_the_oldest_company_goes_first_and_is_counted() -> None:
    """Of more pairs than may be held the newest are, as if what is older had been forgotten."""
    measure = CoordinationMeasure(60, 1)
    standing = StandingCoordination(measure, most_company=64)
    shares = [(f"o{n}", who, f"{who}{n}", n * 100) for n in range(100) for who in ("ann", "bob")]
    standing.take(table([]), table(shares))
    assert standing.in_company == 64
    assert standing.crowded_out == 200 - 64
    assert counted(standing.partial()) == counted(batch(measure, shares[-64:]))
    standing.take(table([]), table([("o3", "cem", "late", 310)]))
    assert standing.in_company == 64


@pytest.mark.parametrize("kind", [pa.int64(), pa.uint64(), pa.int32(), pa.string()])
def test_ids_come_back_as_they_were(kind: pa.DataType) -> None:
    """Objects, accounts and messages that are whole numbers, also after saving, have the batch's columns and types."""
    measure = CoordinationMeasure(60, 1)
    rows = pa.table({"object": [1, 1, 2], "account": [5, 6, 7], "message": [8, 9, 10], "at": [0, 1, 2]})
    shares = pa.table({name: rows[name] if name == "at" else rows[name].cast(kind) for name in NAMES})
    standing, again = StandingCoordination(measure), StandingCoordination(measure)
    standing.take(shares[:0], shares)
    again.restore(standing.save())
    want = measure.merge([measure.kernel(measure.prepare(shares))])
    for one in (standing, again):
        assert one.partial().schema == want.schema
        assert counted(one.partial()) == counted(want)
        assert one.network().edges.equals(measure.finalise(want).edges)


def test_what_cannot_work_is_refused() -> None:
    """Other modes, bounds of nothing, and ids of another type than before are errors."""
    with pytest.raises(MeasureError, match="mode None"):
        StandingCoordination(CoordinationMeasure(60, compat="cnt"))
    with pytest.raises(MeasureError, match="bound"):
        StandingCoordination(CoordinationMeasure(60), most_shares=0)
    standing = StandingCoordination(CoordinationMeasure(60))
    shares = table([("roses", "ann", "1", 0)])
    standing.take(table([]), shares)
    with pytest.raises(MeasureError, match="column account"):
        standing.take(table([]), shares.set_column(1, "account", pa.array([5])))
