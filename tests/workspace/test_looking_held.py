"""What is held of the lake answers as the records themselves would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.instants import microseconds
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_held import held_messages, narrow_spans

START = datetime(2026, 5, 3, tzinfo=UTC)
NAMES = st.sampled_from(["beds", "tools", "seeds", "'quoted'"])
ROWS = st.lists(
    st.tuples(
        st.integers(0, 500),
        st.sampled_from(["forum", "chat"]),
        st.none() | NAMES,
        st.sampled_from(["ann", "bob", "zoe"]),
        st.none() | st.integers(1, 4),
    ),
    max_size=40,
)
FILTERS = st.builds(
    MessageFilter,
    start=st.none() | st.integers(0, 250).map(lambda minute: START + timedelta(minutes=minute)),
    end=st.none() | st.integers(251, 500).map(lambda minute: START + timedelta(minutes=minute)),
    platform=st.none() | st.sampled_from(["forum", "chat", "nowhere"]),
    channel=st.none() | NAMES | st.just("nowhere"),
    account=st.none() | st.sampled_from(["ann", "bob", "nobody"]),
    text=st.none() | st.integers(1, 5).map(lambda key: f"{key:016x}"),
)


def table(rows: list[tuple[int, str, str | None, str, int | None]]) -> pa.Table:
    return pa.table(
        {
            "message_id": pa.array([f"m{place}" for place in range(len(rows))], pa.string()),
            "platform": pa.array([row[1] for row in rows], pa.string()),
            "channel_id": pa.array([row[2] for row in rows], pa.string()),
            "account_id": pa.array([row[3] for row in rows], pa.string()),
            "sent_at": pa.array([START + timedelta(minutes=row[0]) for row in rows], pa.timestamp("us", tz="UTC")),
            "kind": pa.array(["post"] * len(rows), pa.string()),
            "text_key": pa.array([row[4] for row in rows], pa.uint64()),
        }
    )


def fits(row: tuple[int, str, str | None, str, int | None], chosen: MessageFilter) -> bool:
    """The filter, written as plainly as can be."""
    at = START + timedelta(minutes=row[0])
    wanted = ((chosen.platform, row[1]), (chosen.channel, row[2]), (chosen.account, row[3]), (chosen.key, row[4]))
    return (
        (chosen.start is None or at >= chosen.start)
        and (chosen.end is None or at < chosen.end)
        and all(one is None or one == value for one, value in wanted)
    )


@given(ROWS, FILTERS)
def test_the_rows_of_a_filter(rows: list[tuple[int, str, str | None, str, int | None]], chosen: MessageFilter) -> None:
    """A filter finds the messages that fit everything it says, each once, in the order of time."""
    held = held_messages(table(rows))
    found = held.ids.take(pa.array(held.rows(chosen))).to_pylist()
    assert sorted(found) == sorted(f"m{place}" for place, row in enumerate(rows) if fits(row, chosen))
    minutes = [rows[int(one[1:])][0] for one in found]
    assert minutes == sorted(minutes)


@given(ROWS)
def test_counts_by_name(rows: list[tuple[int, str, str | None, str, int | None]]) -> None:
    """Names are counted as they stand in the records; what has none is not counted."""
    counted = held_messages(table(rows)).channel.counted(slice(None))
    named = [row[2] for row in rows if row[2] is not None]
    assert dict(counted) == {name: named.count(name) for name in set(named)}
    assert [count for _, count in counted] == sorted((count for _, count in counted), reverse=True)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.integers(1, 5))
def test_spans_hold_every_time(times: list[int], most: int) -> None:
    """Spans are few, apart and in order, begin and end with a time, and hold them all."""
    spans = narrow_spans(times, most)
    assert 1 <= len(spans) <= most
    assert all(any(a <= microseconds_at(one) < b for a, b in spans) for one in times)
    edges = [edge for a, b in spans for edge in (a, b)]
    assert edges == sorted(edges)
    assert {microseconds(a) for a, _ in spans} <= set(times)


def microseconds_at(one: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=one)


def test_no_time_no_span() -> None:
    """Without a time there is nothing to read."""
    assert narrow_spans([], 4) == []
