"""Coordination by fixed thresholds, as while a platform is watched; chance: test_coordination_chance."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from seawall.checks import MemoryWindow, check_detector
from seawall.detectors import CoordinationDetector, WatchedCoordination
from seawall.detectors.examples import FIRST, messages_table
from seawall.errors import ConfigurationError
from seawall.measures.text.match_key import match_keys
from seawall.model import MESSAGES, Alert, Severity
from tests.detectors.coordination_world import with_nulls
from tests.detectors.golden import coordination_world


def alerts(messages: pa.Table, detector: CoordinationDetector | None = None) -> list[Alert]:
    detector = detector or WatchedCoordination()
    return list(detector.detect(MemoryWindow({"messages": messages}, detector)))


def test_it_finds_the_planted_groups_and_nobody_else() -> None:
    """Of 68 accounts that chat, the eight of the show and the four with links are found, each in one alert."""
    text, link = alerts(coordination_world())
    assert {subject.id for subject in text.subjects} == {f"a{member:020x}" for member in range(8)}
    assert {subject.id for subject in link.subjects} == {f"a{member:020x}" for member in range(20, 24)}
    assert (text.severity, link.severity) == (Severity.MEDIUM, Severity.LOW)
    assert text.sentence == (
        "8 accounts posted the same 9 texts, two or more of them within 60 s of one another, 9 times, "
        "from 3 to 11 May 2026 UTC."
    )
    assert len(text.evidence) == 63


def test_it_keeps_its_contract_on_a_larger_world() -> None:
    """Order of rows, names of accounts and parts are irrelevant on a world with noise, for any choice of layers."""
    world = {"messages": coordination_world(seed=3)}
    check_detector(WatchedCoordination(), (world,))
    for layer in ("text", "repost", "link"):
        check_detector(WatchedCoordination(layers=(layer,), min_repeats=2, window_s=3600.0), (world,))


def test_a_large_connected_group_is_cut_where_it_is_thin() -> None:
    """Two clubs of twenty that one account joins are two alerts, whatever the accounts are called."""
    rows = []
    for ride in range(10):
        for club in (0, 1):
            at = FIRST + timedelta(days=ride, hours=club)
            members = [*range(club * 20, club * 20 + 20), *([40] if ride % 2 == club else [])]
            rows += [{"account_id": f"a{m:020x}", "sent_at": at, "text_key": ride * 2 + club} for m in members]
    world = {"messages": messages_table(rows)}
    detector = WatchedCoordination()
    assert sorted(len(alert.subjects) for alert in alerts(world["messages"])) == [20, 21]
    check_detector(detector, (world,))


def test_a_large_group_that_is_of_a_piece_is_not_cut() -> None:
    """Forty accounts that joined one by one and are all linked are one alert, though the first are linked more."""
    rows = []
    for ride in range(50):
        at = FIRST + timedelta(days=ride)
        rows += [{"account_id": f"a{m:020x}", "sent_at": at, "text_key": ride} for m in range(min(40, 3 + ride))]
    (alert,) = alerts(messages_table(rows))
    assert len(alert.subjects) == 40


def test_a_repost_counts_as_a_repost_only() -> None:
    """Accounts that repost one another's message at once are linked by reposts, not by the text that comes with it."""
    rows = [
        {"account_id": f"a{m:020x}", "sent_at": FIRST + timedelta(days=d), "text_key": d, "repost_of": f"garden:o{d}"}
        for d in range(6)
        for m in range(4)
    ]
    assert [alert.details["layer"] for alert in alerts(messages_table(rows))] == ["repost"]


def test_doubt_tells_what_speaks_against_it() -> None:
    """One popular text, few repeats, whole minutes and the accounts' other messages are told."""
    rows = []
    for day in range(5):
        for again in range(20 if day == 0 else 1):
            at = FIRST + timedelta(days=day, minutes=10 * again)
            rows += [{"account_id": f"a{m:020x}", "sent_at": at, "text_key": day} for m in range(3)]
    rows += [{"account_id": f"a{0:020x}", "sent_at": FIRST, "text_key": 100 + n} for n in range(28)]
    (alert,) = alerts(messages_table(rows))
    doubt = " ".join(alert.doubt)
    assert "by chance has not been computed" in doubt
    assert "rest on 5 texts or fewer" in doubt
    assert "wrote 100 messages in this time; 72 of them (72.0%) are counted here" in doubt
    assert "One text makes up 83% of it" in doubt
    assert "to the minute" in doubt


@pytest.mark.parametrize("wrong", [{"layers": ("colour",)}, {"layers": ()}, {"min_accounts": 1}, {"q": 0.0}])
def test_parameters_that_cannot_work_are_refused(wrong: dict[str, object]) -> None:
    """A layer that does not exist, a group of one and no rate at all are wrong configurations."""
    with pytest.raises(ConfigurationError):
        CoordinationDetector(**wrong)  # type: ignore[arg-type]


@pytest.mark.data
def test_on_real_tweets_it_gives_a_readable_number_of_alerts(shared_data: Path) -> None:
    """Two months of real tweets give some alerts, not hundreds, each with edges and evidence."""
    rows = pq.read_table(shared_data / "ira" / "ira_dev.parquet", filters=pc.field("message_id") < 400_000)
    columns = {
        "message_id": rows["message_id"].cast(pa.string()),
        "account_id": rows["author_id"],
        "sent_at": rows["publish_date"].cast(MESSAGES.field("sent_at").type),
        "text_key": match_keys(rows["content"].combine_chunks()),
    }
    found = alerts(with_nulls(columns))
    assert 3 <= len(found) <= 60
    assert all(0 < len(alert.details["edges"]) <= 200 and 0 < len(alert.evidence) <= 200 for alert in found)
