"""The layered network: its communities, and what is said of them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from seawall.errors import MeasureError
from seawall.measures import network
from tests.measures.layers.club import table

DAY = 86_400


def ride(day: int, member: int, **more: Any) -> dict[str, Any]:
    """One of a cycling club's announcements: members post the same text within seconds."""
    return {"account_id": f"rider{member}", "at": day * DAY + day * 997 + member * 4.0, "text_key": 100 + day, **more}


def club(days: int = 12, members: int = 4, **more: Any) -> list[dict[str, Any]]:
    return [ride(day, member, **more) for day in range(days) for member in range(members)]


def found_in(rows: list[dict[str, Any]], **options: Any) -> Any:
    return network(table(rows), **{"significance": False, **options})


def kinds(description: Any) -> list[str]:
    return [reason.kind for reason in description.against]


def test_a_club_is_one_community() -> None:
    """Accounts that post the same texts again and again are a community, those that met once are not in it."""
    rows = [*club(), {"account_id": "stranger", "at": 2.0, "text_key": 100}]
    found = found_in(rows)
    assert found.communities().to_pylist() == [
        {"account": f"rider{member}", "community": 0, "core": True} for member in range(4)
    ]
    assert repr(found_in(rows, layers=["text", "link"])) == "<LayeredNetwork: 4 accounts, 6 pairs found in link, text>"
    assert found._repr_html_().startswith("<p>LayeredNetwork: 4 accounts")
    with pytest.raises(MeasureError, match="two accounts at least"):
        found.communities(least=1)


def test_names_and_order_of_rows_do_not_move_anybody() -> None:
    """Two clubs under other names, rows turned around: the same communities in the same order."""
    rows = [
        *club(),
        *(
            {**row, "account_id": "g" + row["account_id"], "at": row["at"] + 500.0, "text_key": row["text_key"] + 50}
            for row in club(members=3)
        ),
    ]
    before = (
        found_in([{**row, "message_id": f"m{number}"} for number, row in enumerate(rows)]).communities().to_pylist()
    )
    names = {row["account"]: f"z{number * 7 % 10}" for number, row in enumerate(before)}
    renamed = [
        {**row, "message_id": f"m{number}", "account_id": names[row["account_id"]]} for number, row in enumerate(rows)
    ]
    after = found_in(renamed[::-1]).communities().to_pylist()
    assert after == [{**row, "account": names[row["account"]]} for row in before]
    assert {row["community"] for row in after} == {0, 1}


def test_a_community_is_described_in_numbers() -> None:
    """What was shared, how often, how fast and where; the first to act stands at the head."""
    rows = club(days=6, members=3, platform="fediverse", links=[{"url": "https://a.example/1", "domain": "a.example"}])
    rows[0]["platform"] = "telegram"
    told = found_in(rows).describe(0)
    assert told.accounts == ("rider0", "rider1", "rider2")
    assert told.messages == 18
    assert told.layers.to_pylist() == [
        {"layer": "link", "objects": 1, "occasions": 6, "accounts": 3},
        {"layer": "text", "objects": 6, "occasions": 6, "accounts": 3},
    ]
    texts = [row for row in told.objects.to_pylist() if row["layer"] == "text"]
    assert [row["object"] for row in texts] == [str(100 + day) for day in range(6)]
    assert [(row["occasions"], row["accounts"], row["messages"]) for row in texts] == [(1, 3, 3)] * 6
    assert told.median_lag_s == pytest.approx(4.0)
    assert told.fast == 1.0
    assert told.platforms == {"fediverse": 17, "telegram": 1}
    assert (told.end - told.start).days == 5


def test_what_speaks_against_is_said_with_its_number() -> None:
    """A quiet club has nothing against it; each reason appears where it holds, and only there."""
    varied = [{"url": f"https://site{day}.example/", "domain": f"site{day}.example"} for day in range(12)]
    quiet = [ride(day, member, links=[varied[day]]) for day in range(12) for member in range(4)]
    assert kinds(found_in(quiet).describe(0)) == []

    own = [{"url": "https://club.example/ride", "domain": "club.example"}]
    assert "one_domain" in kinds(found_in(club(links=own)).describe(0))
    at_noon = [{**row, "at": row["at"] % DAY % 997 + day // 4 * DAY} for day, row in enumerate(club(links=own))]
    assert "news_desk" in kinds(found_in(at_noon).describe(0))
    assert "news_desk" not in kinds(found_in(quiet).describe(0))

    same = [{**row, "text_key": 7} for row in club()]
    assert "popular_object" in kinds(found_in(same, min_repeats=1).describe(0))

    once = [{**row, "at": row["at"] % DAY % 997 + day} for day, row in enumerate(club())]
    assert "one_occasion" in kinds(found_in(once).describe(0))

    minutes = [{**row, "at": 60.0 * round(row["at"] / 60) - 5 * 60} for row in quiet]
    assert kinds(found_in(minutes).describe(0)) == ["whole_minutes"]


def test_declared_bots_speak_against() -> None:
    """Accounts that declare themselves automatic are counted where it is known."""
    accounts = pa.table({"account_id": ["rider1", "rider2", "other"], "declared_bot": [True, None, True]})
    told = found_in(club(days=20), accounts=accounts).describe(0)
    reason = next(reason for reason in told.against if reason.kind == "declared_bots")
    assert reason.share == 0.25
    assert reason.sentence == "1 of 4 accounts (25%) declare themselves automatic."


def test_any_accounts_can_be_described() -> None:
    """Accounts that never met have nothing to describe; a community or account that is not there is refused."""
    found = found_in(club())
    lonely = found_in([{"account_id": "ann", "at": 0, "text_key": 7}, {"account_id": "bob", "at": 900, "text_key": 7}])
    told = lonely.describe(["ann", "bob"])
    assert (told.start, told.messages, told.median_lag_s, told.fast, told.against) == (None, 0, None, None, ())
    with pytest.raises(MeasureError, match="no such community"):
        found.describe(9)
    with pytest.raises(MeasureError, match="no such account"):
        found.describe(["nobody"])
    with pytest.raises(MeasureError, match="has accounts"):
        found.describe([])


def test_what_it_was_made_of_can_be_told() -> None:
    """The version of the input is what the caller says, or else a fingerprint that changes with the input."""
    rows = club()
    assert found_in(rows, input_version="lake 17").about["input"] == "lake 17"
    first, second = found_in(rows).input_version, found_in(rows[:-1]).input_version
    assert first != second
    assert first.startswith("48:")
    assert found_in(rows).about["parameters"]["min_repeats"] == 2
