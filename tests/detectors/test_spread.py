"""Texts that spread abnormally fast."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from seawall.checks import MemoryWindow, check_detector
from seawall.detectors.spread import SpreadDetector, WatchedSpread
from seawall.errors import ConfigurationError
from seawall.model import Severity
from tests.conftest import ROOT
from tests.detectors import golden_files
from tests.detectors.spread_world import (
    BEGIN,
    CALL,
    DAYS,
    NEWS,
    account,
    alerts,
    channel,
    ordinary,
    planted,
    spread_tables,
    tables,
    texts,
)

FOLDER = ROOT / "tests" / "golden" / "spread"


@pytest.fixture(scope="module")
def world() -> dict[str, pa.Table]:
    return spread_tables()


def test_what_was_planted_is_told_and_what_is_ordinary_is_not(world: dict[str, pa.Table]) -> None:
    """A call of 45 accounts in minutes and one that three take to twenty channels; no greeting, no ordinary copy."""
    found = alerts(world)
    assert [alert.subjects[0].kind for alert in found] == ["text"] * len(found)
    assert {20, 22} <= set(texts(found)) <= {20, 22, 23}


def test_the_golden_world_is_said_as_it_was_looked_at(world: dict[str, pa.Table]) -> None:
    """Input and alerts are those that were committed."""
    kept = golden_files.read(FOLDER)
    for name, columns in SpreadDetector.needs.items():
        assert kept[name].to_pylist() == world[name].select(list(columns)).to_pylist()
    assert golden_files.as_json(alerts(kept)) == golden_files.expected(FOLDER)


def test_it_keeps_the_contract_of_detectors(world: dict[str, pa.Table]) -> None:
    """In any order of rows, in parts, and under other names of accounts, with text and without."""
    check_detector(SpreadDetector(), (world,))
    check_detector(WatchedSpread(), (world,))


def test_edited_copies_are_joined_where_text_is_kept(world: dict[str, pa.Table]) -> None:
    """The call and its edited form are one text for the detector, two for the one that watches, and it says so."""
    (call,) = [alert for alert in alerts(world) if texts([alert]) == [20]]
    assert call.details["accounts_reached"] == 45
    assert call.details["texts"] == 2
    assert call.details["kinds"] == {"edited": 15, "verbatim": 30}
    watched = [alert for alert in alerts(world, WatchedSpread()) if texts([alert]) == [20]]
    assert watched[0].details["accounts_reached"] == 30
    assert any("match key" in doubt for doubt in watched[0].doubt)
    assert not any("match key" in doubt for doubt in call.doubt)
    assert call.parameters == watched[0].parameters


def test_the_numbers_of_an_alert_can_be_counted(world: dict[str, pa.Table]) -> None:
    """Copies by channel and time add up, the first copy and channel come first, and the evidence begins with it."""
    (call,) = [alert for alert in alerts(world) if texts([alert]) == [20]]
    rows = [row for row in world["messages"].to_pylist() if row["text_key"] in (20, 21)]
    rows.sort(key=lambda row: row["sent_at"])
    assert (call.start, call.end) == (rows[0]["sent_at"], rows[-1]["sent_at"])
    assert call.evidence[0] == rows[0]["message_id"]
    assert set(call.evidence) == {row["message_id"] for row in rows}
    assert call.subjects[1].id == rows[0]["channel_id"]
    cascade = call.details["cascade"]
    assert sum(cascade["counts"]) == len(rows)
    assert sum(cascade["new_accounts"]) == 45
    assert sum(sum(one["counts"]) for one in cascade["channels"]) == len(rows)
    firsts = [one["first_at"] for one in cascade["channels"]]
    assert firsts == sorted(firsts)
    best = max(
        len({row["account_id"] for row in rows if start <= row["sent_at"] <= start + timedelta(minutes=10)})
        for start in [row["sent_at"] for row in rows]
    )
    looks = {(look["reached"], look["within_seconds"]): look["observed"] for look in call.details["looks"]}
    assert looks["accounts", 600.0] == best
    assert f"reached {call.observed:.0f} accounts" in call.sentence
    low, high = call.details["expected_interval"]
    assert low <= call.expected <= high < call.observed
    assert f"expected to reach {call.expected:,.0f} ({low:,.0f}–{high:,.0f})" in call.sentence
    assert json.loads(json.dumps(call.details)) == call.details


def only(fate: random.Random, *more: list[Any], told: tuple[float, float] | None = (0, DAYS), **columns: Any) -> Any:
    rows = ordinary(fate)
    for one in more:
        rows += one
    return tables(rows, told=told, **columns)


def test_nothing_is_told_where_all_is_ordinary() -> None:
    """Of five platforms with ordinary copying none has a text that is told."""
    assert [texts(alerts(only(random.Random(seed)))) for seed in range(5)] == [[]] * 5


def call(day: float = 6.4, over: timedelta = timedelta(minutes=15), key: int = 20) -> list[Any]:
    return planted(random.Random(3), day, range(1000, 1040), over, CALL, key)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"links": [{"url": "https://club.example/a", "domain": "club.example", "place": "site"}]}, "carry a link"),
        ({"kind": "repost"}, "These are reposts"),
    ],
    ids=["links", "reposts"],
)
def test_what_speaks_against_it_is_said(columns: dict[str, Any], says: str) -> None:
    """Copies that carry a link, and reposts, are said to be what headlines and popular posts look like."""
    found = alerts(only(random.Random(1), call(), **columns))
    assert texts(found) == [20]
    assert any(says in doubt for doubt in found[0].doubt)
    assert found[0].score < alerts(only(random.Random(1), call()))[0].score


def test_one_account_that_posts_everywhere_is_said_to_be_one() -> None:
    """Twenty-nine channels within half an hour by one account are a spread of low severity, with its doubt."""
    start = BEGIN + timedelta(days=8.5)
    alone = [(start + timedelta(minutes=place), account(9000), channel(100 + place), CALL, 20) for place in range(29)]
    (found,) = alerts(only(random.Random(1), alone))
    assert "29 channels" in found.sentence
    assert any("One account wrote 100%" in doubt for doubt in found.doubt)
    assert found.severity is Severity.LOW


def test_what_may_be_older_than_the_records_is_not_told() -> None:
    """In the first 24 hours of what was collected, and after a gap, nobody knows whether a text is new."""
    assert texts(alerts(only(random.Random(1), call(day=6.4)))) == [20]
    assert texts(alerts(only(random.Random(1), call(day=6.4), told=(6, DAYS)))) == []
    assert texts(alerts(only(random.Random(1), call(day=7.1), told=(6, DAYS)))) == [20]
    assert texts(alerts(only(random.Random(1), call(day=0.4), told=None))) == []
    (found,) = alerts(only(random.Random(1), call(day=6.4), told=None))
    assert any("Nobody stated" in doubt for doubt in found.doubt)


def test_a_text_that_always_spreads_like_this_is_usual() -> None:
    """The same call every five days is told the first time alone; a greeting that is always about never."""
    weekly = [row for day in (4.4, 9.4, 14.4) for row in call(day=day)]
    found = alerts(only(random.Random(1), weekly))
    assert [round((alert.start - BEGIN) / timedelta(days=1), 1) for alert in found] == [4.4]
    faster = [*call(day=4.4)[:10], *call(day=9.4)]
    found = alerts(only(random.Random(1), faster))
    assert any("seen 1 time before" in doubt for doubt in found[-1].doubt)


def test_slow_spread_is_compared_with_slow_spread() -> None:
    """Sixty accounts over a day are told by the day or not at all, and never as ten minutes."""
    found = alerts(
        only(random.Random(2), planted(random.Random(4), 9.3, range(3000, 3060), timedelta(days=1), NEWS, 23))
    )
    assert all("within 24 h" in alert.sentence for alert in found)


def test_a_busy_day_makes_more_usual() -> None:
    """Twenty accounts in a quarter of an hour are told on a quiet day, and not on one with thirty times the talk."""
    twenty = call()[:20]
    fate = random.Random(1)
    crowd = [
        (
            BEGIN + timedelta(days=6, seconds=fate.randrange(86_400)),
            account(fate.randrange(400)),
            channel(1),
            f"w{n}",
            10**7 + n,
        )
        for n in range(2500)
    ]
    quiet, busy = (alerts(only(random.Random(1), twenty, more)) for more in ([], crowd))
    assert texts(quiet) == [20]
    assert texts(busy) == []


def test_platforms_are_judged_by_themselves() -> None:
    """The same text on two platforms is two spreads with one name; each is compared with its own platform."""
    one, other = only(random.Random(1), call()), only(random.Random(2), call(day=7.4), platform="pedal")
    other_ids = pa.array([f"pedal:{row}" for row in range(len(other["messages"]))])
    moved = other["messages"].set_column(0, other["messages"].schema.field(0), other_ids)
    both = pa.concat_tables([one["messages"], moved])
    found = alerts({"messages": both, "coverage": one["coverage"]})
    assert texts(found) == [20, 20]
    assert ["garden" in found[0].sentence, "pedal" in found[1].sentence] == [True, True]
    assert found[0].anchor != found[1].anchor


def test_messages_without_text_or_key_are_no_copies() -> None:
    """Service messages and messages without a match key are no copies of one another."""
    rows = [(*row[:4], None) for row in call()]
    assert alerts(only(random.Random(1), rows)) == []
    assert texts(alerts(tables([*ordinary(random.Random(1)), *call()], kind="service"))) == []
    assert alerts(tables([])) == []


def test_closed_rooms_are_followed_by_their_keys(world: dict[str, pa.Table]) -> None:
    """Without any text the copies with equal keys are told, and nothing is said about how they differ."""
    rows = world["messages"]
    bare = rows.set_column(
        rows.schema.get_field_index("text"), rows.schema.field("text"), pa.nulls(len(rows), pa.string())
    )
    found = alerts({**world, "messages": bare})
    assert {20, 22} <= set(texts(found))
    assert {name for alert in found for name in alert.details["kinds"]} == {"not compared"}


def test_a_window_sees_its_time_alone(world: dict[str, pa.Table]) -> None:
    """From the twelfth day on the earlier spreads are not there."""
    assert set(texts(alerts(world, start=BEGIN + timedelta(days=12)))) <= {23}


@pytest.mark.parametrize(
    "wrong", [{"spans_s": ()}, {"spans_s": (0.0,)}, {"silence_h": 1.0}], ids=["none", "zero", "short"]
)
def test_what_cannot_work_is_refused(wrong: Mapping[str, Any]) -> None:
    """No span, a span of nothing, or a silence shorter than a span."""
    with pytest.raises(ConfigurationError):
        SpreadDetector(**wrong)


def test_no_word_stands_in_an_alert(world: dict[str, pa.Table]) -> None:
    """Alerts carry keys and counts, no text: what is kept with a case holds no words of messages."""
    said = json.dumps(golden_files.as_json(alerts(world)))
    for words in ("Planting", "greenhouse", "bridge", "gloves"):
        assert words not in said


def test_the_watching_form_sees_no_text() -> None:
    """Text is not among the columns that a watch holds."""
    assert "text" not in WatchedSpread.needs["messages"]
    with pytest.raises(ConfigurationError, match="column text"):
        MemoryWindow(spread_tables(), WatchedSpread()).rows("messages", ["text"])


def write() -> None:
    """Write the golden folder again: ``python -m tests.detectors.test_spread``; look at the change."""
    golden_files.write_input(FOLDER, spread_tables(), SpreadDetector.needs)
    golden_files.write_expected(FOLDER, alerts(golden_files.read(FOLDER)))


if __name__ == "__main__":
    write()
