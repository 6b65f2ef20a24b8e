"""How a cluster spread, against plain Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.similarity import spread

START = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
NAMES = ("channel_id", "account_id", "minutes", "cluster")
rows = st.lists(
    st.tuples(
        st.sampled_from(["bikes", "roses", "seeds"]) | st.none(),
        st.sampled_from(["ann", "bob", "cleo"]) | st.none(),
        st.integers(0, 200) | st.none(),
        st.sampled_from(["00", "ff"]) | st.none(),
    ),
    max_size=14,
)


def table(given_rows: list[Any]) -> pa.Table:
    columns = list(zip(*given_rows, strict=True)) if given_rows else [[]] * 4
    sent = [None if minutes is None else START + timedelta(minutes=minutes) for minutes in columns[2]]
    return pa.table(
        {
            "message_id": pa.array([f"m{row:02}" for row in range(len(given_rows))], pa.string()),
            "channel_id": pa.array(columns[0], pa.string()),
            "account_id": pa.array(columns[1], pa.string()),
            "sent_at": pa.array(sent, pa.timestamp("us", "UTC")),
            "cluster": pa.array(columns[3], pa.string()),
        }
    )


def in_time(messages: pa.Table) -> list[dict[str, Any]]:
    told = [row for row in messages.to_pylist() if row["cluster"] is not None and row["sent_at"] is not None]
    return sorted(told, key=lambda row: (row["sent_at"], row["message_id"]))


def distinct(messages: list[dict[str, Any]], name: str) -> int:
    return len({row[name] for row in messages} - {None})


@given(rows, st.randoms())
def test_the_tables_are_those_of_plain_python(given_rows: list[Any], fate: Any) -> None:
    """Counts, first messages, places and hours are what counting one by one gives, whatever the order of rows."""
    messages = table(given_rows)
    order = fate.sample(range(len(messages)), len(messages))
    found = spread(messages.take(pa.array(order, pa.int64())))
    told = in_time(messages)
    for name in ("00", "ff"):
        mine = [row for row in told if row["cluster"] == name]
        clusters = [row for row in found.clusters.to_pylist() if row["cluster"] == name]
        assert len(clusters) == bool(mine)
        if not mine:
            continue
        assert clusters[0] == {
            "cluster": name, "messages": len(mine), "accounts": distinct(mine, "account_id"),
            "channels": distinct(mine, "channel_id"), "first_at": mine[0]["sent_at"], "last_at": mine[-1]["sent_at"],
            "first_message": mine[0]["message_id"], "first_account": mine[0]["account_id"],
            "first_channel": mine[0]["channel_id"],
        }  # fmt: skip
        assert [row for row in found.channels.to_pylist() if row["cluster"] == name] == by_channel(name, mine)
        assert [row for row in found.hours.to_pylist() if row["cluster"] == name] == by_hour(name, mine)


def by_channel(name: str, mine: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for channel in dict.fromkeys(row["channel_id"] for row in mine if row["channel_id"] is not None):
        there = [row for row in mine if row["channel_id"] == channel]
        found.append({
            "cluster": name, "channel_id": channel, "messages": len(there), "accounts": distinct(there, "account_id"),
            "first_at": there[0]["sent_at"], "last_at": there[-1]["sent_at"], "first_message": there[0]["message_id"],
            "first_account": there[0]["account_id"],
            "after_s": (there[0]["sent_at"] - mine[0]["sent_at"]).total_seconds(), "place": len(found) + 1,
        })  # fmt: skip
    return found


def by_hour(name: str, mine: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found, known = [], set[str]()
    for hour in dict.fromkeys(row["sent_at"].replace(minute=0) for row in mine):
        then = [row for row in mine if row["sent_at"].replace(minute=0) == hour]
        channels = {row["channel_id"] for row in then} - {None}
        found.append({
            "cluster": name, "hour": hour, "messages": len(then), "accounts": distinct(then, "account_id"),
            "channels": len(channels), "new_channels": len(channels - known),
        })  # fmt: skip
        known |= channels
    return found


def test_a_missing_column_is_named() -> None:
    """Without a column that it needs it says which."""
    with pytest.raises(MeasureError, match="cluster"):
        spread(table([]).drop_columns(["cluster"]))
