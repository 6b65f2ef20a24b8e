"""The funnel detector: what it says, what it never says, and what it may not see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seawall.casebook.records import Claim
from seawall.checks import MemoryWindow, check_detector, check_live_detector
from seawall.checks.worlds import rekeyed
from seawall.detectors import DETECTORS, WATCHING, FunnelDetector
from seawall.detectors.funnel_example import BEGIN, interactions_table
from seawall.errors import ConfigurationError
from seawall.model import INTERACTIONS, TABLES, Alert, Severity
from tests.detectors import funnel_world, golden_files
from tests.detectors.funnel_world import DESK, HUB, SECOND, alerts, world

FORBIDDEN = {
    "messages": ("text", "text_key", "language", "language_confidence", "hashtags", "links", "mentions", "account_id"),
    "accounts": ("account_id", "declared_bot", "followers"),
    "aliases": ("handle_key",),
    "channels": ("title",),
    "interactions": ("interaction_id", "message_id", "source", "length_class", "reported", "batch"),
}


def before(tables: Mapping[str, pa.Table], days: float) -> dict[str, pa.Table]:
    """The tables as they were so many days after their beginning."""
    rows = tables["interactions"]
    limit = pa.scalar(BEGIN + timedelta(days=days), rows.schema.field("at").type)
    return {**tables, "interactions": rows.filter(pc.less(rows["at"], limit))}


def test_it_says_about_its_golden_world_what_it_said_before() -> None:
    """Sentences, scores, ladders, doubts and newcomers are those that were looked at and committed."""
    assert golden_files.as_json(alerts(funnel_world.golden())) == golden_files.expected(funnel_world.FOLDER)


def test_the_golden_world_is_what_its_script_makes() -> None:
    """The committed input comes from the seeded script."""
    made = world()
    for name, rows in funnel_world.golden().items():
        assert rows.to_pylist() == made[name].select(rows.column_names).to_pylist()


def test_it_keeps_the_contract_of_detectors_on_its_world() -> None:
    """Order, cuts and pseudonyms change nothing; what it does not declare it cannot read."""
    check_detector(FunnelDetector(), (world(),))


def test_its_standing_state_says_what_detect_says() -> None:
    """Fed in any order, with rows taken out, revised and put back, stopped on the way: the same alerts and state."""
    check_live_detector(FunnelDetector(), (world(),), seeds=1)


def test_hubs_with_one_script_are_one_alert_and_the_help_desk_is_none() -> None:
    """The two accounts that use the same replies stand in one alert; the desk that is asked, in none."""
    found = alerts(world())
    subjects = [[subject.id for subject in alert.subjects] for alert in found]
    assert {HUB, SECOND} <= {one for group in subjects for one in group}
    assert not any(DESK in group for group in subjects)
    assert [HUB, SECOND] in subjects
    assert "2 accounts with one script" in found[subjects.index([HUB, SECOND])].sentence


def persons(alert: Alert) -> set[str]:
    return {one.account for one in alert.approached}


def test_nobody_who_was_approached_is_named_in_the_claim() -> None:
    """No pseudonym of an approached person is in subjects, evidence, details, sentence, doubt, body or repr."""
    found = alerts(world())
    assert found
    for alert in found:
        assert alert.approached
        said = [Claim(alert).body, repr(alert), json.dumps(asdict(alert) | {"approached": None}, default=str)]
        assert not any(person in text for person in persons(alert) for text in said)
        assert len(alert.details["newcomers"]) == len(alert.approached) == alert.details["newcomers_total"]
        assert [one["number"] for one in alert.details["newcomers"]] == list(range(1, len(alert.approached) + 1))
        told = zip(alert.details["newcomers"], alert.approached, strict=True)
        assert all(one["stage"] == other.stage for one, other in told)


def test_the_sentence_quotes_numbers_and_doubt_is_never_empty() -> None:
    """How many, when, how far; and which lawful work would look the same."""
    alert = alerts(world())[0]
    assert f"{len(alert.approached)} accounts" in alert.sentence
    assert "funnel-like" in alert.sentence
    ladder = {one["stage"]: one["newcomers"] for one in alert.details["ladder"]}
    assert list(ladder) == ["approach", "follow_back", "direct", "contact", "sustained", "hand_off"]
    assert sorted(ladder.values(), reverse=True) == list(ladder.values())
    assert alert.doubt
    assert any("incomplete" in sentence for sentence in alert.doubt)
    assert 0.5 <= alert.score <= 1
    assert all(term["says"] for term in alert.details["terms"])
    assert sum(term["value"] for term in alert.details["terms"]) == pytest.approx(alert.details["nats"], abs=1e-4)


def test_an_alert_keeps_its_anchor_while_it_grows() -> None:
    """With more data the first alert stays one alert: same anchor, same first subject, more newcomers."""
    tables = world(second=False)
    early, late = alerts(before(tables, 30)), alerts(tables)
    assert (early[0].anchor, early[0].subjects[0]) == (late[0].anchor, late[0].subjects[0])
    assert len(early[0].approached) < len(late[0].approached)
    assert early[0].details["alert_at"] == late[0].details["alert_at"]


def test_while_somebody_has_an_address_and_waits_it_is_grave_and_never_urgent() -> None:
    """High before the hand-off, medium when all were handed on."""
    tables = world(second=False)
    waiting = alerts(before(tables, 37.2))
    assert {alert.severity for alert in waiting} == {Severity.HIGH}
    assert {alert.severity for alert in alerts(tables)} <= {Severity.HIGH, Severity.MEDIUM}


def test_who_was_led_on_before_is_spoken_of_gently() -> None:
    """A hub that had itself been approached: support first; and it is no subject of the alert about who led it on."""
    told = funnel_world.rows(second=False)
    again = [
        funnel_world.shifted(row, days=70) for row in told if HUB in (row["source_account"], row["target_account"])
    ]
    heir = funnel_world._member(0)
    second = [
        funnel_world.led_by(heir, row) for row in again if heir not in (row["source_account"], row["target_account"])
    ]
    found = alerts({"interactions": interactions_table([*told, *second])})
    by_hub = {alert.subjects[0].id: alert for alert in found}
    assert "Think of support first" in by_hub[heir].doubt[0]
    assert heir in persons(by_hub[HUB])
    assert all(subject.id != heir for subject in by_hub[HUB].subjects)


def test_a_simulated_platform_is_marked() -> None:
    """The sentence begins with it, and the details say so."""
    found = alerts(world(platform="simulated-garden"))
    assert found
    assert all(alert.sentence.startswith("Simulated: ") and alert.details["simulated"] for alert in found)


@pytest.mark.parametrize(("table", "column"), [(table, name) for table, names in FORBIDDEN.items() for name in names])
def test_the_window_refuses_words_languages_and_names(table: str, column: str) -> None:
    """What the detector does not declare cannot be read, by it or in its name."""
    detector = FunnelDetector()
    window = MemoryWindow({name: schema.empty_table() for name, schema in TABLES.items()}, detector)
    with pytest.raises(ConfigurationError):
        window.rows(table, [column])
    with pytest.raises(ConfigurationError):
        window.query(f"SELECT {column} FROM {table}")  # noqa: S608 - names of the model


def test_it_declares_acts_and_coverage_alone() -> None:
    """No column of words, languages or names is among what it needs."""
    told = {name for names in FunnelDetector.needs.values() for name in names}
    assert set(FunnelDetector.needs) == {"interactions", "coverage"}
    assert not told & {"text", "language", "title", "handle_key", "account_id", "mentions", "links", "hashtags"}


def test_where_there_are_no_interactions_nothing_is_computed() -> None:
    """An empty table gives nothing, and the measure is not asked."""
    assert alerts({"interactions": INTERACTIONS.empty_table()}) == []


def test_it_runs_and_watches_by_default() -> None:
    """It is among the detectors of seawall detect and of seawall watch."""
    assert FunnelDetector() in DETECTORS
    assert FunnelDetector() in WATCHING


def test_a_bound_that_cannot_work_is_refused() -> None:
    """A bound is above nothing."""
    with pytest.raises(ConfigurationError):
        FunnelDetector(bound=0.0)


def test_other_pseudonyms_change_no_bit_of_any_score() -> None:
    """Scores, terms, ladders and times are identical to the last bit after every account was given another name."""

    def told(tables: Mapping[str, pa.Table]) -> list[Any]:
        return [(alert.score, alert.sentence, alert.doubt, alert.severity, alert.details) for alert in alerts(tables)]

    tables = world()
    assert told(rekeyed(tables, 3)) == told(tables)
