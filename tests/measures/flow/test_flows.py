"""Where members link to, period by period: the table against plain counting, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import flows

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = {
    "room": ("https://matrix.to/#/!0a:b.example", "matrix.to", "matrix_room", "https://matrix.to/#/!0a:b.example"),
    "club": ("https://club.example/page", "club.example", "web", "club.example"),
    "short": ("https://bit.ly/x", "bit.ly", "shortener", None),
}
Row = tuple[int, str, str, str]
"""Hour, channel, account, link."""

rows_of = st.lists(
    st.tuples(st.integers(0, 24 * 40), st.sampled_from("AB"), st.sampled_from("xyz"), st.sampled_from(list(KINDS))),
    max_size=30,
)


def links(rows: Sequence[Row], **more: Any) -> pa.Table:
    kinds = [KINDS[row[3]] for row in rows]
    return pa.table(
        {
            "at": pa.array([MONDAY + timedelta(hours=row[0]) for row in rows], pa.timestamp("us", "UTC")),
            "channel": pa.array([row[1] for row in rows], pa.string()),
            "account": pa.array([row[2] for row in rows], pa.string()),
            **{name: pa.array([kind[place] for kind in kinds], pa.string()) for place, name in
               ((0, "url"), (1, "domain"), (2, "place"))},
            **more,
        }
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(rows=rows_of, wrote=rows_of)
def test_shares_are_those_that_one_counts(rows: list[Row], wrote: list[Row]) -> None:
    """Members who linked, members who wrote, and messages, by week, equal those of plain counting."""
    found = flows(links(rows), members=links(wrote).select(["at", "channel", "account"]))
    want = {}
    for channel, week, name in {(row[1], row[0] // 168, row[3]) for row in rows if row[3] != "short"}:
        mine = [row for row in rows if (row[1], row[0] // 168, row[3]) == (channel, week, name)]
        there = [row for row in rows if row[3] != "short"] + wrote
        active = {row[2] for row in there if (row[1], row[0] // 168) == (channel, week)}
        want[channel, MONDAY + timedelta(weeks=week), KINDS[name][3]] = (
            len({row[2] for row in mine}),
            len(active),
            len(mine),
        )
    got = {
        (row["community"], row["period"], row["place"]): (row["linked"], row["active"], row["messages"])
        for row in found.table.to_pylist()
    }
    assert got == want
    assert all(row["low"] <= row["share"] <= row["high"] for row in found.table.to_pylist())


def test_what_is_no_place_and_what_is_not_told_is_left_out_and_counted() -> None:
    """Shorteners, links without an address, a channel, an account or a time are counted by reason."""
    table = links([(0, "A", "x", "room"), (1, "A", "x", "short")])
    broken = pa.table(
        {
            "at": pa.array([None, MONDAY, MONDAY, MONDAY], pa.timestamp("us", "UTC")),
            "channel": ["A", None, "A", "A"],
            "account": ["x", "x", None, "x"],
            "url": ["https://a.example/", "https://a.example/", "https://a.example/", None],
            "domain": ["a.example", "a.example", "a.example", None],
            "place": ["web"] * 4,
        }
    )
    found = flows(pa.concat_tables([table, broken]))
    assert found.left_out == {
        "links_without_time": 1, "links_without_channel": 1, "links_without_account": 1,
        "links_without_address": 1, "links_that_pass": 1,
    }  # fmt: skip
    assert len(found) == 1


def test_channels_of_one_community_are_counted_together() -> None:
    """With a table of channels, members of both are one community's; a channel that is not in it is left out."""
    table = links([(0, "A", "x", "room"), (1, "B", "x", "room"), (2, "B", "y", "club"), (3, "C", "z", "club")])
    found = flows(table, channels=pa.table({"channel": ["A", "B"], "community": ["club", "club"]}))
    told = [(row["community"], row["place"], row["linked"], row["active"]) for row in found.table.to_pylist()]
    assert told == [("club", "club.example", 1, 2), ("club", "https://matrix.to/#/!0a:b.example", 1, 2)]
    assert found.left_out == {"links_without_channel": 1}


def test_a_message_with_two_links_to_a_place_counts_once() -> None:
    """Where messages are told, their number is counted, not that of links."""
    table = links([(0, "A", "x", "room"), (0, "A", "x", "room"), (5, "A", "x", "room")], message=["1", "1", "2"])
    (row,) = flows(table).table.to_pylist()
    assert (row["messages"], row["linked"]) == (2, 1)


@pytest.mark.parametrize(("period", "starts"), [("day", [2, 12]), ("week", [2, 9]), ("month", [1])])
def test_periods_begin_where_the_calendar_says(period: str, starts: list[int]) -> None:
    """Days at midnight, weeks on Monday, months on the first; UTC."""
    found = flows(links([(3, "A", "x", "room"), (24 * 10 + 3, "A", "x", "room")]), period=period)
    assert [row["period"].day for row in found.table.to_pylist()] == starts
    with pytest.raises(MeasureError, match="period"):
        flows(links([]), period="year")


def club(days: int, moved: Sequence[int] = (), silent: int = 10**6) -> tuple[pa.Table, pa.Table]:
    """Twenty write every other day and link to a new room each five days; some link to one room from day 60 on."""
    wrote = [(24 * day, "A", f"m{who}", "") for day in range(days) for who in range(20) if (day + who) % 2 == 0]
    wrote = [row for row in wrote if int(row[2][1:]) not in moved or row[0] < 24 * silent]
    rows = [(24 * day + 1, "A", f"m{day % 20}", "club") for day in range(0, days, 5)]
    rows += [(24 * (60 + who % 7) + 2, "A", f"m{who}", "room") for who in moved]
    table = links(rows)
    url = [f"https://discord.gg/r{place}" if row[3] == "club" else KINDS["room"][0] for place, row in enumerate(rows)]
    place = ["discord_invite" if row[3] == "club" else "matrix_room" for row in rows]
    table = table.set_column(3, "url", pa.array(url)).set_column(5, "place", pa.array(place))
    members = pa.table({name: [row[part] for row in wrote] for part, name in ((1, "channel"), (2, "account"))})
    at = pa.array([MONDAY + timedelta(hours=row[0]) for row in wrote], pa.timestamp("us", "UTC"))
    return table, members.append_column("at", at)


def test_a_room_that_half_of_a_club_links_to_is_a_move() -> None:
    """Ten of twenty link to a room within a week: q is small, and those who fell silent are counted."""
    table, members = club(120, range(10), silent=75)
    (move,) = flows(table, members=members).moves.to_pylist()
    assert (move["place"], move["followed"], move["members"]) == (KINDS["room"][0], 10, 20)
    assert (move["linked_silent"], move["others_silent"], move["others"]) == (10, 0, 10)
    assert move["q"] < 0.01
    assert move["low"] < move["share"] < move["high"]


def test_after_a_gap_in_collection_nothing_is_new() -> None:
    """The same, where the three weeks before were not collected: nobody knows whether the room is new."""
    table, members = club(120, range(10))
    spans = [(0, 38), (59, 120)]
    coverage = pa.table(
        {name: [MONDAY + timedelta(days=span[part]) for span in spans] for part, name in ((0, "start"), (1, "end"))}
    )
    found = flows(table, members=members, coverage=coverage)
    assert found.moves.num_rows == 0
    assert any(row["known"] < row["days"] for row in found.periods.to_pylist())


def test_names_do_not_matter() -> None:
    """Accounts under other names, rows in another order: the same numbers."""
    table, members = club(120, range(10), silent=75)

    def renamed(rows: pa.Table) -> pa.Table:
        names = pa.array([f"z{hash(name) % 10**9}-{name[::-1]}" for name in rows["account"].to_pylist()])
        return rows.set_column(rows.schema.get_field_index("account"), "account", names).take(
            pa.array(range(rows.num_rows - 1, -1, -1))
        )

    one, other = flows(table, members=members), flows(renamed(table), members=renamed(members))
    assert one.table.equals(other.table)
    assert one.moves.equals(other.moves)


def test_nothing_in_nothing_out() -> None:
    """An empty table gives empty tables."""
    found = flows(links([]))
    assert (len(found), found.moves.num_rows, found.periods.num_rows, dict(found.left_out)) == (0, 0, 0, {})
