"""Places that emerge, as alerts."""

from __future__ import annotations

import json
from datetime import timedelta

import pyarrow as pa
import pytest

from seawall.checks import check_detector, check_live_detector
from seawall.detectors import DETECTORS, WATCHING, EmergingDetector
from seawall.detectors.emerging_standing import EmergingStanding
from seawall.errors import ConfigurationError
from seawall.model import Severity
from tests.conftest import ROOT
from tests.detectors import golden_files
from tests.detectors.emerging_world import GROUP, PLACE, alerts, emerging_tables, lake_tables, told
from tests.detectors.standing import before, fed
from tests.measures.emergence.lake import BEGIN, DAYS, taken_up, usual

FOLDER = ROOT / "tests" / "golden" / "emerging"
COVERAGE = list(EmergingDetector.needs["coverage"])


@pytest.fixture(scope="module")
def world() -> dict[str, pa.Table]:
    return emerging_tables()


def test_places_that_clubs_take_to_are_told_in_order(world: dict[str, pa.Table]) -> None:
    """A server and, weeks later, a group; neither the petition of one day nor what six clubs mention."""
    found = alerts(world)
    assert told(found) == [PLACE, GROUP]
    assert {alert.subjects[0].kind for alert in found} == {"place"}
    assert {subject.kind for alert in found for subject in alert.subjects[1:]} == {"channel"}


def test_the_golden_world_is_said_as_it_was_looked_at(world: dict[str, pa.Table]) -> None:
    """Input and alerts are those that were committed."""
    kept = golden_files.read(FOLDER)
    for name, columns in EmergingDetector.needs.items():
        assert kept[name].to_pylist() == world[name].select(list(columns)).to_pylist()
    assert golden_files.as_json(alerts(kept)) == golden_files.expected(FOLDER)


def test_a_place_of_a_simulated_platform_is_said_to_be_one(world: dict[str, pa.Table]) -> None:
    """The sentence begins with "Simulated" where all that links to the place is simulated; nothing else changes."""
    messages = world["messages"]
    column = messages.column_names.index("platform")
    simulated = pa.array(["simulated"] * len(messages), messages["platform"].type)
    told_so = alerts({**world, "messages": messages.set_column(column, "platform", simulated)})
    assert [alert.sentence for alert in told_so] == [f"Simulated: {alert.sentence}" for alert in alerts(world)]


def test_it_keeps_the_contract_of_detectors(world: dict[str, pa.Table]) -> None:
    """In any order of rows, in parts, under other names of accounts."""
    check_detector(EmergingDetector(), (world,))


def test_it_keeps_the_contract_of_standing_states(world: dict[str, pa.Table]) -> None:
    """In any order, with revisions and stops on the way, it says what the detector says."""
    check_live_detector(EmergingDetector(), (world,), seeds=1)


def test_it_runs_and_watches_unless_others_are_named() -> None:
    """It stands in both lists."""
    assert EmergingDetector() in DETECTORS
    assert EmergingDetector() in WATCHING


def test_the_numbers_of_an_alert_can_be_counted(world: dict[str, pa.Table]) -> None:
    """Channels by day, evidence of one message a channel in the order of time, and the sentence."""
    alert = alerts(world)[0]
    rows = [row for row in world["messages"].to_pylist() if PLACE in row["links"][0]["url"]]
    rows.sort(key=lambda row: row["sent_at"])
    assert alert.start == rows[0]["sent_at"]
    picture = alert.details["picture"]
    assert sum(picture["new_channels"]) == alert.details["channels"] == 12
    for day, count in zip(picture["days"], picture["channels"], strict=True):
        assert count == len({row["channel_id"] for row in rows if str(row["sent_at"].date()) == day})
    assert len(alert.evidence) == 12
    assert alert.evidence[0] == rows[0]["message_id"]
    assert f"{alert.details['channels_when_found']} channels linked to {PLACE}" in alert.sentence
    assert "by now 12 have" in alert.sentence
    assert alert.observed > alert.expected
    assert json.loads(json.dumps(alert.details)) == alert.details


def test_no_account_stands_in_an_alert(world: dict[str, pa.Table]) -> None:
    """Neither as a subject nor in details."""
    for alert in alerts(world):
        said = json.dumps(golden_files.as_json([alert]))
        assert not any(f'"a{club}"' in said for club in range(30))
        assert "c" + "1" in said


def test_an_alert_keeps_its_name_and_what_was_found(world: dict[str, pa.Table]) -> None:
    """As links go on to come, p, q and the day on which it was found stand."""
    early = alerts(world, end=BEGIN + timedelta(days=70.5))[0]
    late = alerts(world)[0]
    assert (early.anchor, early.subjects[0], early.p, early.q) == (late.anchor, late.subjects[0], late.p, late.q)
    assert early.details["found_at"] == late.details["found_at"]
    assert early.end < late.end


def test_what_speaks_against_it_is_said() -> None:
    """Pages of their own, a short past, no list of popular domains; a list takes the place out."""
    rows = [(*row[:3], f"{row[3]}{number}", row[4]) for number, row in enumerate(taken_up("daily.example", 35))]
    late = [row for row in usual() + rows if row[0] < BEGIN + timedelta(days=55)]
    (alert,) = alerts(lake_tables(late))
    said = " ".join(alert.doubt)
    assert "pages of their own" in said
    assert "days only" in said
    assert "No list of popular domains" in said
    assert alert.subjects[0].kind == "domain"
    assert alert.severity is Severity.LOW
    assert alerts(lake_tables(late), EmergingDetector(popular=("daily.example",))) == []
    listed = alerts(lake_tables(late), EmergingDetector(popular=("other.example",)))[0]
    assert listed.score > alert.score


def test_it_is_told_while_it_builds(world: dict[str, pa.Table]) -> None:
    """The morning after it is found it is told, with the name that it keeps; at any moment as the batch up to then."""
    found = alerts(world)[0]
    for day in (50, 62, 66.5, 85.2, DAYS - 1):
        now = BEGIN + timedelta(days=day)
        known = before(world["messages"], now)
        said = list(fed(known, EmergingDetector()).alerts(world["coverage"].select(COVERAGE), now))
        assert said == alerts({**world, "messages": known}, end=now)
        if day == 66.5:
            assert said[0].anchor == found.anchor


def test_where_too_many_links_come_the_oldest_go(world: dict[str, pa.Table]) -> None:
    """No more are held than may be, whole days go, and the others are counted."""
    needs = list(EmergingDetector.needs["messages"])
    rows = world["messages"].select(needs)
    state = EmergingStanding(EmergingDetector().of, most=1000)
    for start in range(0, len(rows), 97):
        state.feed(rows.slice(0, 0), rows.slice(start, 97))
    held = state.save()["links"]
    assert len(held) <= 1000
    assert state.crowded_out > 0
    assert state.nbytes > 0


def test_a_state_of_something_else_is_refused() -> None:
    """A saved state without its tables says so."""
    with pytest.raises(ConfigurationError, match="saved state"):
        EmergingDetector().standing({"shares": pa.table({"a": [1]})})


def test_a_rate_that_is_none_is_refused() -> None:
    """q is above 0 and below 1."""
    with pytest.raises(ConfigurationError, match="rate"):
        EmergingDetector(q=1.0)


def test_an_empty_lake_is_no_error() -> None:
    """Nothing is told of nothing, nor of messages without links."""
    assert alerts({}) == []


def write() -> None:
    """Write the golden folder again: ``python -m tests.detectors.test_emerging``; look at the change."""
    golden_files.write_input(FOLDER, emerging_tables(), EmergingDetector.needs)
    golden_files.write_expected(FOLDER, alerts(golden_files.read(FOLDER)))


if __name__ == "__main__":
    write()
