"""Places that emerge, in small lakes of gardening clubs."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from seawall.errors import MeasureError
from seawall.measures import emerging
from tests.measures.emergence.lake import BEGIN, CLUBS, DAYS, Row, link, table, taken_up, usual

PLACE = "chat.allotment.example"


def places(rows: list[Row], **further: Any) -> list[str]:
    found: list[str] = emerging(table(rows), **further).table["place"].to_pylist()
    return found


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return usual() + taken_up(PLACE, 60, kind="rocketchat")


def test_a_place_that_clubs_take_to_is_found_and_ordinary_sites_are_not(rows: list[Row]) -> None:
    """It is found within three days of its fifth channel, on a midnight, and with what was counted until then."""
    found = emerging(table(rows))
    (one,) = found.table.to_pylist()
    assert (one["place"], one["kind"], one["domain"]) == (PLACE, "rocketchat", "allotment.example")
    assert one["first_at"] == BEGIN + timedelta(days=60)
    assert one["fifth_channel_at"] == BEGIN + timedelta(days=60 + 4 * 0.9)
    assert timedelta(0) <= one["found_at"] - one["fifth_channel_at"] <= timedelta(days=3)
    assert one["found_at"].time() == datetime.min.time()
    before = [row for row in rows if PLACE in row[3] and row[0] < one["found_at"]]
    assert one["channels"] == len({row[1] for row in before}) == one["observed"]
    assert one["communities"] is None
    assert one["expected"] < 1 < one["observed"]
    assert 0 < one["p"] <= one["q"] <= 0.2
    assert found.new >= found.judged > 30


def test_neither_the_order_of_rows_nor_names_matter(rows: list[Row]) -> None:
    """Shuffled, with other names of channels and accounts, whole numbers among them, the table is the same."""
    wanted = emerging(table(rows)).table
    fate = random.Random(1)
    other = [(at, 1000 - int(str(channel)[1:]), account, url, kind) for at, channel, account, url, kind in rows]
    renamed = [(at, channel, (account or "")[::-1], url, kind) for at, channel, account, url, kind in other]
    fate.shuffle(renamed)
    assert emerging(table(renamed)).table.equals(wanted)


def test_what_was_found_stands_when_more_comes(rows: list[Row]) -> None:
    """Of the links up to any day the rows are those of all links that were found by then."""
    everything = rows + taken_up("forum.compost.example", 80, clubs=range(10, 20))
    whole = emerging(table(everything)).table.to_pylist()
    assert len(whole) == 2
    for day in (62, 63, 64, 66, 70, 83, 84, 85, 90):
        until = BEGIN + timedelta(days=day)
        known = [one for one in whole if one["found_at"] <= until]
        cut = emerging(table([row for row in everything if row[0] < until]), until=until).table.to_pylist()
        assert cut == known == emerging(table(everything), until=until).table.to_pylist()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (taken_up("petition.example", 60, clubs=range(20), gap=0.02, again=()), "a link of one day"),
        (taken_up("shop.example", 60, clubs=range(20), gap=0.3, account="a77"), "one account in twenty clubs"),
        (taken_up("sho.rt", 60, kind="shortener"), "a shortener"),
        (taken_up("d1.cloudfront.net", 60), "a network that delivers pages of others"),
        (taken_up("four.example", 60, clubs=range(4)), "four clubs"),
        (taken_up("early.example", 5), "it was there when collection began"),
        (taken_up("slow.example", 20, gap=7, again=()), "one more club a week"),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_what_only_looks_like_it_is_not_told(more: list[Row], why: str) -> None:
    """Each beside the same ordinary links."""
    assert places(usual() + more) == [], why


def test_popular_and_known_places_are_left_out_with_their_count(rows: list[Row]) -> None:
    """By a list or by a table; a chat within a popular domain is judged nevertheless."""
    links = sum(PLACE in row[3] for row in rows)
    for further in (
        {"popular": ["allotment.example"]},
        {"popular": pa.table({"rank": [1], "domain": ["Allotment.example"]})},
        {"known": [PLACE]},
        {"known": pa.table({"place": [PLACE]})},
    ):
        site = [(*row[:4], "web") if PLACE in row[3] else row for row in rows] if "popular" in further else rows
        found = emerging(table(site), **further)
        assert len(found) == 0
        assert found.left_out[next(iter(further))] == links
    group = usual() + taken_up("t.me/~0a1b2c3d4e5f6071", 60, kind="telegram_handle")
    assert len(places(group, popular=["t.me"])) == 1


def test_a_gap_makes_nothing_new() -> None:
    """Sites that arose in three weeks without collection are not told when it goes on, whether or not it is told."""
    arisen = [row for site in range(6) for row in taken_up(f"arose{site}.example", 51, gap=3, again=(25,))]
    gap = (BEGIN + timedelta(days=50), BEGIN + timedelta(days=71))
    rows = [row for row in usual() + arisen if not gap[0] <= row[0] < gap[1]]
    coverage = pa.table({"start": [gap[0]], "end": [gap[1]], "complete": [False]})
    assert places(rows) == []
    assert places(rows, coverage=coverage) == []


def test_channels_that_come_late_bring_old_places() -> None:
    """What new channels link to among themselves is theirs, not new; coverage can tell that they were watched."""
    late = range(100, 112)
    theirs = taken_up("theirs.example", 60, clubs=late) + usual(9, late, range(60, DAYS), sites=0)
    assert places(usual() + theirs) == []
    coverage = pa.table(
        {
            "channel": [f"c{club}" for club in late],
            "start": [BEGIN] * 12,
            "end": [BEGIN + timedelta(days=DAYS)] * 12,
            "complete": [True] * 12,
        }
    )
    assert places(usual() + theirs, coverage=coverage) == ["theirs.example"]


def test_communities_are_counted_and_count(rows: list[Row]) -> None:
    """Where they are told, a row says over how many, and a place within one is found as well."""
    groups = pa.table(
        {"channel": [f"c{club}" for club in range(CLUBS)], "community": [club % 4 for club in range(CLUBS)]}
    )
    (one,) = emerging(table(rows), communities=groups).table.to_pylist()
    assert one["communities"] == 4
    alone = pa.table({"channel": groups["channel"], "community": ["all"] * CLUBS})
    assert places(rows, communities=alone) == [PLACE]


def test_links_without_account_count_by_channel(rows: list[Row]) -> None:
    """A broadcast channel tells of no account."""
    bare = [(at, channel, None, url, kind) for at, channel, _, url, kind in rows]
    assert places(bare) == [PLACE]


def test_what_cannot_be_evidence_is_counted(rows: list[Row]) -> None:
    """Rows without time, channel or address, and later ones."""
    links = table(rows[:50])
    whole = links.slice(0, 1).to_pylist()[0]
    odd = [{**whole, name: None} for name in ("at", "channel", "url")]
    found = emerging(pa.concat_tables([links, pa.Table.from_pylist(odd, links.schema)]), until=BEGIN)
    assert found.left_out["without_time"] == 1
    assert found.left_out["later"] == 52
    assert len(emerging(links.slice(0, 0))) == 0


@pytest.mark.parametrize(
    ("further", "says"),
    [
        ({"q": 0}, "q is a rate"),
        ({"popular": pa.table({"host": ["a"]})}, "has no column domain"),
        ({"coverage": pa.table({"start": [BEGIN]})}, "end"),
        ({"coverage": pa.table({"start": [BEGIN], "end": [BEGIN - timedelta(1)], "complete": [True]})}, "ends before"),
        ({"communities": pa.table({"channel": ["c1", "c1"], "community": [1, 2]})}, "two communities"),
    ],
    ids=["q", "popular", "coverage", "backwards", "communities"],
)
def test_what_cannot_be_used_is_refused(rows: list[Row], further: dict[str, Any], says: str) -> None:
    """With what is wrong, and how to mend it."""
    with pytest.raises(MeasureError, match=says):
        emerging(table(rows), **further)


def test_one_link_is_no_error() -> None:
    """Nothing to compare with, nothing told."""
    assert places([link(BEGIN, 1, "https://a.example/")]) == []
