"""Places in a table of links: who leads there and when, against plain counting."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.place import PLACES, place_keys, places

START = datetime(2026, 5, 1, tzinfo=UTC)
LINKS = [
    ("https://t.me/~0a", "t.me", "telegram_handle"),
    ("https://t.me/~0a/7", "t.me", "telegram_message"),
    ("https://club.org/a", "club.org", "web"),
    ("https://club.org/~0b", "club.org", "mastodon"),
    ("https://news.club.org/a", "club.org", "web"),
    ("https://bit.ly/3", "bit.ly", "shortener"),
    (None, "t.me", "telegram_invite"),
    (None, None, None),
]
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 5),
        st.none() | st.sampled_from("abc"),
        st.none() | st.sampled_from("xyz"),
        st.sampled_from(LINKS),
        st.integers(1, 4),
    ),
    max_size=25,
)


def table_of(rows: list[tuple[Any, ...]]) -> pa.Table:
    kinds = {"channel": pa.string(), "account": pa.string(), "message": pa.int64()}
    columns: dict[str, pa.Array] = {
        "at": pa.array(
            [None if row[0] is None else START + timedelta(days=row[0]) for row in rows], pa.timestamp("us", tz="UTC")
        )
    }
    for part, name in ((1, "channel"), (2, "account"), (4, "message")):
        columns[name] = pa.array([row[part] for row in rows], kinds[name])
    for part, name in enumerate(("url", "domain", "place")):
        columns[name] = pa.array([row[3][part] for row in rows], pa.string())
    return pa.table(columns)


def slow_places(links: pa.Table) -> list[dict[str, Any]]:
    """The reference: sets and counters."""
    keys = place_keys(links).to_pylist()
    groups: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    for key, row in zip(keys, links.to_pylist(), strict=True):
        if key["place"] is not None and row["at"] is not None:
            groups[key["place"]].append((key, row))
    found = []
    for place, rows in groups.items():
        told = Counter((key["kind"], key["role"], key["domain"]) for key, _ in rows)
        kind, role, domain = min(told, key=lambda one: (one[0] == "web", -told[one], one))
        found.append(
            {
                "place": place,
                "kind": kind,
                "role": role,
                "domain": domain,
                "first_at": min(row["at"] for _, row in rows),
                "last_at": max(row["at"] for _, row in rows),
                "messages": len({row["message"] for _, row in rows}),
                "channels": len({row["channel"] for _, row in rows} - {None}),
                "accounts": len({row["account"] for _, row in rows} - {None}),
            }
        )
    return sorted(found, key=lambda row: (-row["channels"], -row["messages"], row["place"]))


@given(ROWS)
def test_places_are_what_plain_counting_finds(rows: list[tuple[Any, ...]]) -> None:
    """Times, counts, kinds and order agree with sets and counters, and every link is counted or left out."""
    links = table_of(rows)
    found = places(links)
    assert found.table.schema == PLACES
    assert found.table.to_pylist() == slow_places(links)
    bad_time = sum(row[0] is None for row in rows)
    nowhere = sum(row[0] is not None and row[3][1] is None for row in rows)
    assert found.left_out == {
        reason: count for reason, count in (("no time", bad_time), ("no address", nowhere)) if count
    }


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[Any, ...]], random: Any) -> None:
    """Shuffled links give the same places."""
    mixed = list(rows)
    random.shuffle(mixed)
    assert places(table_of(mixed)).table == places(table_of(rows)).table


def test_any_table_will_do() -> None:
    """Arrow, pandas and polars give the same; a time without a zone is UTC; without ids each link is a message."""
    links = table_of([(0, "a", "x", LINKS[0], 1), (1, "b", "y", LINKS[1], 1)]).drop_columns(["message"])
    naive = links.set_column(0, "at", links["at"].cast(pa.timestamp("us")))
    expected = places(links).table
    assert expected["messages"].to_pylist() == [2]
    for told in (naive, links.to_pandas(), pl.from_arrow(links)):
        assert places(told).table == expected
    assert pd.DataFrame(places(links).table.to_pandas())["channels"].tolist() == [2]
    assert len(places(links)) == 1
    assert pa.table(places(links)) == expected


def test_what_cannot_be_used_is_named() -> None:
    """A missing column and a column of the wrong kind are errors that name it."""
    links = table_of([])
    with pytest.raises(MeasureError, match="account"):
        places(links.drop_columns(["account"]))
    with pytest.raises(MeasureError, match="column at"):
        places(links.set_column(0, "at", pa.array([], pa.string())))
