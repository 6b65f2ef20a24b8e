"""The parts of the live engine against slow and plain counterparts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.detectors.examples import messages_table
from seawall.engine.live.coverage import CoverageHeld
from seawall.engine.live.digest import digest_of
from seawall.engine.live.handles import Handles
from seawall.engine.live.recent import Recent
from seawall.lake.folds import Aliases
from seawall.model import COVERAGE

FIRST = datetime(2026, 5, 3, tzinfo=UTC)
COLUMNS = ["message_id", "account_id", "sent_at", "mentions"]

acts = st.lists(
    st.tuples(st.just("put"), st.sets(st.integers(0, 60), max_size=20))
    | st.tuples(st.just("drop"), st.sets(st.integers(0, 60), max_size=20))
    | st.tuples(st.just("let go"), st.integers(0, 60)),
    max_size=25,
)


def rows_of(numbers: list[int]) -> pa.Table:
    rows = [
        {
            "message_id": f"garden:{n}",
            "sent_at": FIRST + timedelta(minutes=n),
            "account_id": f"{'ha'[n % 2]}{n % 5:020x}",
            "mentions": [f"h{n % 3:020x}"] if n % 4 == 0 else None,
        }
        for n in numbers
    ]
    return messages_table(rows).select(COLUMNS)


@given(acts=acts)
def test_recent_messages_are_those_that_were_put_in_and_not_taken_out(acts: list[tuple[str, object]]) -> None:
    """After any acts the rows, where they are found, who is named in them and the n-th newest are a dictionary's."""
    recent, held = Recent(rows_of([0]).schema), dict[int, bool]()
    everything = pa.chunked_array([[f"garden:{n}" for n in range(62)]])
    for act, what in acts:
        if act == "put":
            new = [n for n in what if n not in held]  # type: ignore[attr-defined]
            recent.put(rows_of(new))
            held |= dict.fromkeys(new, True)
        elif act == "drop":
            places = recent.find(pa.chunked_array([[f"garden:{n}" for n in what]], pa.string()))  # type: ignore[attr-defined]
            recent.drop(places[places >= 0])
            held = {n: True for n in held if n not in what}  # type: ignore[operator]
        else:
            limit = FIRST + timedelta(minutes=int(what))  # type: ignore[call-overload]
            recent.let_go(int(limit.timestamp()) * 1_000_000)
            held = {n: True for n in held if n > what}  # type: ignore[operator]
        found = recent.find(everything)
        assert [n for n in range(62) if found[n] >= 0] == sorted(held)
        assert recent.at(found[found >= 0]).to_pylist() == rows_of(sorted(held)).to_pylist()
        assert sorted(recent.table().to_pylist(), key=repr) == sorted(rows_of(list(held)).to_pylist(), key=repr)
        named = recent.at(recent.naming(pa.array([f"h{1:020x}"])))["message_id"].to_pylist()
        assert sorted(named) == sorted(
            row["message_id"]
            for row in rows_of(list(held)).to_pylist()
            if f"h{1:020x}" in [row["account_id"], *(row["mentions"] or [])]
        )
        newest = sorted(held, reverse=True)
        fifth = FIRST + timedelta(minutes=newest[5]) if len(held) > 5 else None
        assert recent.newest_but(5) == (fifth and int(fifth.timestamp()) * 1_000_000)


pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=12)


@given(told=st.lists(pairs, max_size=5))
def test_handles_lead_where_the_lake_leads_them(told: list[list[tuple[int, int]]]) -> None:
    """Learnt in any portions, handles resolve as the lake's reader resolves them; those that changed are told."""
    names = pa.array([*(f"h{n:020x}" for n in range(6)), "a0", None])
    held, known = Handles(), []
    for portion in told:
        table = pa.table(
            {
                "handle_key": pa.array([f"h{handle:020x}" for handle, _ in portion], pa.string()),
                "account_id": pa.array([f"a{account:020x}" for _, account in portion], pa.string()),
            }
        )
        known.append(table)
        before = held.resolve(names).to_pylist()
        held, changed = held.learned(table)
        after = held.resolve(names)
        assert after.to_pylist() == Aliases(pa.concat_tables(known)).resolve(names).to_pylist()
        differ = {names[i].as_py() for i in range(len(names)) if before[i] != after[i].as_py()}
        assert differ <= set(changed.to_pylist())
        again = Handles.saved(held.table())
        assert again.table() == held.table()
        lists = pa.array([[name for name in names.to_pylist() if name], [], None])
        assert held.resolve(lists).to_pylist() == Aliases(pa.concat_tables(known)).resolve(lists).to_pylist()


spans = st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), st.integers(0, 20), st.integers(0, 6)), max_size=15)


@given(told=spans, order=st.randoms(use_true_random=False))
def test_coverage_is_the_union_of_what_was_told(told: list[tuple[str, bool, int, int]], order: object) -> None:
    """Minute by minute, the few stretches cover what the many rows covered; they do not touch, in any order of rows."""
    rows = [
        {
            "source": source,
            "platform": "garden",
            "start": FIRST + timedelta(minutes=start),
            "end": FIRST + timedelta(minutes=start + length),
            "complete": complete,
            "how": "watched",
            "batch": number,
        }
        for number, (source, complete, start, length) in enumerate(told)
    ]
    columns = ("source", "platform", "channel_id", "start", "end", "complete")
    one, other = CoverageHeld(columns), CoverageHeld(columns)
    one.add(pa.Table.from_pylist(rows, COVERAGE))
    order.shuffle(rows)  # type: ignore[attr-defined]
    for row in rows:
        other.add(pa.Table.from_pylist([row], COVERAGE))
    assert one.table() == other.table()
    assert minutes(one.table().to_pylist()) == minutes(rows)
    assert len(minutes(rows)) == sum((row["end"] - row["start"]).seconds // 60 for row in one.table().to_pylist())
    assert not one.add(pa.Table.from_pylist(rows, COVERAGE))
    again = CoverageHeld(columns)
    again.take_up(one.table())
    assert again.table() == one.table()


def minutes(rows: list[dict[str, object]]) -> set[tuple[object, object, datetime]]:
    return {
        (row["source"], row["complete"], row["start"] + step * timedelta(minutes=1))  # type: ignore[operator]
        for row in rows
        for step in range((row["end"] - row["start"]).seconds // 60)  # type: ignore[operator]
    }


def test_coverage_of_long_ago_is_let_go() -> None:
    """What ended before the time goes, what touches it stays whole."""
    held = CoverageHeld(("source", "platform"))
    known = {"platform": "garden", "complete": True, "how": "watched", "batch": 1}
    days = [FIRST + timedelta(days=day) for day in range(4)]
    rows = [{**known, "source": "a", "start": days[0], "end": days[1]}]
    rows += [{**known, "source": "b", "start": days[0], "end": days[3]}]
    held.add(pa.Table.from_pylist(rows, COVERAGE))
    held.forget(days[2])
    assert held.table()["source"].to_pylist() == ["b"]


values = st.lists(st.tuples(st.none() | st.text(max_size=3), st.none() | st.lists(st.integers(0, 2), max_size=2)))
KINDS = pa.schema([("text", pa.string()), ("numbers", pa.list_(pa.int64())), ("both", pa.struct([("s", pa.string())]))])


def table_of(rows: list[tuple[str | None, list[int] | None]]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"text": text, "numbers": numbers, "both": {"s": text} if numbers else None} for text, numbers in rows], KINDS
    )


@given(one=values, other=values, cut=st.integers(0, 5))
def test_a_digest_is_of_what_tables_hold(
    one: list[tuple[str | None, list[int] | None]], other: list[tuple[str | None, list[int] | None]], cut: int
) -> None:
    """Equal tables have equal digests however they lie in memory; others have others."""
    first, second = table_of(one), table_of(other)
    parts = pa.concat_tables([first.slice(0, cut), first.slice(cut)])
    assert digest_of({"a": {"b": parts}}) == digest_of({"a": {"b": first}})
    same = first.to_pylist() == second.to_pylist()
    assert (digest_of({"a": {"b": first}}) == digest_of({"a": {"b": second}})) == same
    assert digest_of({"a": {"b": first}}) != digest_of({"a": {"c": first}})
