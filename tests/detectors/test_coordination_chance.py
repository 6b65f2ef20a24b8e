"""Coordination beyond chance: who is found, who is not, and what is said of them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from seawall.checks import MemoryWindow, check_detector
from seawall.detectors import CoordinationDetector
from seawall.detectors.coordination_words import LAYERS
from seawall.detectors.examples import FIRST, messages_table
from seawall.model import ACCOUNTS, Alert
from tests.detectors.coordination_world import ALONE, PLANTED, dealt_anew, garden_world, name, page

DETECTOR = CoordinationDetector()


def alerts(
    messages: pa.Table, accounts: pa.Table | None = None, detector: CoordinationDetector = DETECTOR
) -> list[Alert]:
    tables = {"messages": messages} | ({} if accounts is None else {"accounts": accounts})
    return list(detector.detect(MemoryWindow(tables, detector)))


def members(alert: Alert) -> set[str]:
    return {subject.id for subject in alert.subjects}


@pytest.fixture(scope="module")
def found() -> list[Alert]:
    return alerts(garden_world())


def by_members(found: list[Alert], wanted: tuple[int, ...]) -> Alert:
    (alert,) = [one for one in found if members(one) == {name(member) for member in wanted}]
    return alert


def test_planted_groups_are_found_and_nobody_else(found: list[Alert]) -> None:
    """Those who share everybody's pages at once, and those who post at once what nobody else posts: an alert each."""
    assert len(found) == 2
    by_members(found, PLANTED)
    by_members(found, ALONE)


@pytest.mark.parametrize("seed", range(4))
def test_times_dealt_anew_leave_nothing_that_rests_on_times(seed: int) -> None:
    """Where the times of each page are dealt anew to its sharers, only what its times cannot tell is still found."""
    (left,) = alerts(dealt_anew(garden_world(), seed))
    assert members(left) == {name(member) for member in ALONE}
    assert left.expected is None


def test_the_sentence_says_what_chance_would_give(found: list[Alert]) -> None:
    """Observed and expected stand in the sentence; where times cannot tell, it says so, and what was asked instead."""
    timed, momentary = by_members(found, PLANTED), by_members(found, ALONE)
    assert timed.observed is not None
    assert timed.expected is not None
    assert timed.observed > 5 * timed.expected
    assert timed.q is not None
    assert timed.q <= 0.05
    assert f"met on {timed.observed:,.0f} things where chance gives" in timed.sentence
    assert "8 accounts posted the same 12 links" in timed.sentence
    assert "6 accounts posted the same 12 texts" in momentary.sentence
    assert "chance does not explain that they have so many of these things in common" in momentary.sentence
    assert "shared at one moment only" in " ".join(momentary.doubt)


def test_an_alert_tells_how_fast_where_who_was_first_and_what_is_behind_each_link(found: list[Alert]) -> None:
    """Core, platforms, channels, gaps and leader are told, and messages of both accounts behind each listed link."""
    told = by_members(found, PLANTED).details
    assert set(told["core"]) <= {name(member) for member in PLANTED}
    assert len(told["core"]) >= 3
    assert told["platforms"] == {"garden": told["messages"]}
    assert told["channel_count"] == 0
    assert 0 < told["median_lag_s"] < 30
    assert told["first"] is None or 0 < told["first"]["share"] <= 1
    wrote = {row["message_id"]: row for row in garden_world().to_pylist()}
    for edge in told["edges"]:
        assert edge["behind"]
        for kind, ours, theirs in edge["behind"]:
            assert kind == "link"
            assert (wrote[ours]["account_id"], wrote[theirs]["account_id"]) == (edge["source"], edge["target"])
            assert abs(wrote[ours]["sent_at"] - wrote[theirs]["sent_at"]) <= timedelta(seconds=60)
            assert wrote[ours]["links"] == wrote[theirs]["links"]
    assert json.loads(json.dumps(told)) == told


def test_it_keeps_its_contract_on_a_world_with_noise() -> None:
    """Order of rows, names of accounts and parts play no part, whichever layers are looked at."""
    check_detector(DETECTOR, ({"messages": garden_world(3)},))
    for layer in LAYERS:
        check_detector(replace(DETECTOR, layers=(layer,)))


def test_what_speaks_against_it_is_told_and_lowers_the_score() -> None:
    """One domain, declared automatic accounts, one leader and whole minutes are told, and the score is lower."""

    def desk(domains: int, shift: int) -> list[dict[str, Any]]:
        rows = []
        for story in range(10):
            url = f"https://paper{story % domains}.example/{story}"
            link = {"url": url, "domain": f"paper{story % domains}.example", "place": "site"}
            at = FIRST + timedelta(days=story, hours=story)
            sharing = [*(timedelta(minutes=0 if member == 0 else shift) for member in range(4))]
            sharing += [timedelta(days=1 + other, minutes=7 * other) for other in range(12)]
            rows += [{"account_id": name(m), "sent_at": at + late, "links": [link]} for m, late in enumerate(sharing)]
        return rows

    accounts = pa.Table.from_pylist(
        [
            {
                "account_id": name(0), "platform": "garden", "first_seen": FIRST, "last_seen": FIRST,
                "declared_bot": True, "batch": 1,
            }
        ],
        schema=ACCOUNTS,
    )  # fmt: skip
    (doubtful,) = alerts(messages_table(desk(1, 1)), accounts)
    doubt = " ".join(doubtful.doubt)
    assert "lead to one domain" in doubt
    assert "1 of 4 accounts (25%) declare themselves automatic" in doubt
    assert "One account was first on 100% of the occasions" in doubt
    assert "Times are told to the minute" in doubt
    assert {one["kind"] for one in doubtful.details["against"]} >= {"one_domain", "declared_bots", "whole_minutes"}
    (plain,) = alerts(messages_table(desk(10, 1)))
    assert plain.score > doubtful.score


def test_what_a_group_does_in_several_layers_is_one_alert() -> None:
    """A club that reposts and answers the same messages at once is told once, with both."""
    rows: list[dict[str, Any]] = []
    for number in range(10):
        start = FIRST + timedelta(days=number)
        for member in range(16):
            late = timedelta(seconds=5 * member) if member < 4 else timedelta(hours=3 * member)
            rows.append({"account_id": name(member), "sent_at": start + late, "repost_of": f"garden:o{number}"})
            at = start + timedelta(hours=1) + late
            rows.append({"account_id": name(member), "sent_at": at, "reply_to": f"garden:q{number}"})
    (alert,) = alerts(messages_table(rows))
    assert "reposted the same 10 messages" in alert.sentence
    assert "answered the same 10 messages" in alert.sentence
    assert {row["layer"] for row in alert.details["layers"]} == {"repost", "reply"}


def test_many_things_in_one_message_are_one_meeting() -> None:
    """Three accounts that post one message with eight of everybody's pages within seconds have met once: no claim."""

    def rows(together: int) -> list[dict[str, Any]]:
        fate = random.Random(4)
        found = [
            {"account_id": name(m), "sent_at": FIRST + timedelta(seconds=fate.randrange(20 * 86_400)), **page(number)}
            for number in range(60)
            for m in fate.sample(range(40), 20)
        ]
        for turn in range(8 // together):
            links = [page(number)["links"][0] for number in range(turn * together, (turn + 1) * together)]
            at = FIRST + timedelta(days=3 + turn)
            found += [{"account_id": name(m), "sent_at": at + timedelta(seconds=m), "links": links} for m in range(3)]
        return found

    assert [len(alert.subjects) for alert in alerts(messages_table(rows(1)))] == [3]
    assert alerts(messages_table(rows(8))) == []
