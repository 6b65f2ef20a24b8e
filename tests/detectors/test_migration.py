"""Communities that start to move: who is told, who is not, and what is said."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from seawall.checks import check_detector
from seawall.detectors import DETECTORS
from seawall.detectors.migration import MigrationDetector, WatchedMigration
from seawall.errors import ConfigurationError
from seawall.model import Severity
from tests.conftest import ROOT
from tests.detectors import golden_files
from tests.detectors.migration_world import (
    ADDRESS,
    BEGIN,
    DAYS,
    FAIR,
    MOVE,
    PAGE,
    ROOM,
    alerts,
    channel,
    channels,
    message,
    migration_rows,
    migration_tables,
    tables,
)

FOLDER = ROOT / "tests" / "golden" / "migration"


@pytest.fixture(scope="module")
def world() -> dict[str, pa.Table]:
    return migration_tables()


def test_the_club_that_moves_is_told_and_the_fair_is_not(world: dict[str, pa.Table]) -> None:
    """One alert: fourteen of thirty, ten of whom are silent; it counts members and names none."""
    (alert,) = alerts(world)
    assert [(subject.kind, subject.id) for subject in alert.subjects] == [("channel", channel(1)), ("place", ADDRESS)]
    assert "14 of 30 (47%) members" in alert.sentence
    assert "10 of 14 who linked early enough wrote nothing" in alert.sentence
    assert "on the last day of 8 of these the link stands" in alert.sentence
    assert alert.severity is Severity.MEDIUM
    accounts = set(world["messages"]["account_id"].to_pylist())
    told = json.dumps([alert.sentence, alert.details, alert.doubt, alert.anchor], default=str)
    assert not any(account in told for account in accounts)


def test_the_golden_world_is_said_as_it_was_looked_at(world: dict[str, pa.Table]) -> None:
    """Input and alerts are those that were committed."""
    kept = {**golden_files.read(FOLDER), "channels": channels()}
    for name in ("messages", "coverage"):
        columns = list(MigrationDetector.needs[name])
        assert kept[name].to_pylist() == world[name].select(columns).to_pylist()
    assert golden_files.as_json(alerts(kept)) == golden_files.expected(FOLDER)


def test_it_keeps_the_contract_of_detectors(world: dict[str, pa.Table]) -> None:
    """In any order of rows, in parts, and under other names of accounts."""
    check_detector(MigrationDetector(), (world,))
    assert MigrationDetector() in DETECTORS


def test_evidence_are_messages_with_the_link_one_of_each_member_first(world: dict[str, pa.Table]) -> None:
    """Every id of the evidence is a message that links to the place; the first fourteen are of fourteen members."""
    (alert,) = alerts(world)
    rows = {row["message_id"]: row for row in world["messages"].to_pylist()}
    assert all(rows[id_]["links"] == [ROOM] for id_ in alert.evidence)
    assert len({rows[id_]["account_id"] for id_ in alert.evidence[:14]}) == 14
    assert len(alert.evidence) == 24


def test_it_is_told_early_with_the_name_that_it_keeps(world: dict[str, pa.Table]) -> None:
    """Eight days after the first link it is told, long before anybody fell silent, and the doubt says so."""
    (early,) = alerts(world, end=BEGIN + timedelta(days=MOVE + 8))
    (late,) = alerts(world)
    assert (early.anchor, early.subjects, early.parameters) == (late.anchor, late.subjects, late.parameters)
    assert "too early" in " ".join(early.doubt)
    assert "too early" not in " ".join(late.doubt)
    assert early.details["leaving"] is None
    assert late.details["leaving"]["silent"] == 10


def test_a_page_is_told_only_where_those_who_link_fall_silent() -> None:
    """A site that half of a club link to is told where they leave, and doubted; where all go home, it is not."""
    away = dict.fromkeys(range(14), FAIR + 20)
    rows = [row for row in migration_rows() if row["links"] not in ([PAGE], [ROOM])]
    pages = [message(2, member, FAIR + member / 2, PAGE) for member in range(14)]
    gone = [row for row in rows if row["channel_id"] != channel(2) or not _after(row, away)]
    (alert,) = alerts(tables(gone + pages))
    assert alert.subjects[1].id == "fair.example"
    assert "Nobody talks at the place itself" in " ".join(alert.doubt)
    home = [
        row for row in rows if row["channel_id"] != channel(2) or row["sent_at"] < BEGIN + timedelta(days=FAIR + 20)
    ]
    assert alerts(tables(home + pages)) == []
    assert alerts(tables(rows + pages)) == []


def _after(row: dict[str, Any], away: dict[int, int]) -> bool:
    member = int(row["account_id"][1:], 16) - 200
    return member in away and row["sent_at"] >= BEGIN + timedelta(days=away[member])


def test_what_looks_alike_is_not_told() -> None:
    """One account that posts an invite everywhere, three who move, and newcomers who post an invite: nothing."""
    rows = [row for row in migration_rows() if row["links"] not in ([PAGE], [ROOM])]
    everywhere = [
        message(club, 7, day + 0.5, ROOM, account_id="a" + "9" * 20) for club in (1, 2, 3) for day in range(90, 130)
    ]
    few = [message(1, member, MOVE + member, ROOM) for member in range(3) for _ in range(3)]
    wave = [message(3, 60 + stranger, MOVE + stranger / 9, ROOM) for stranger in range(20)]
    for more in (everywhere, few, wave):
        assert alerts(tables(rows + more)) == []


def test_a_place_that_the_others_link_to_as_much_is_no_move_of_one_club() -> None:
    """Where half of every club link to it, no club alone is told, but the platform as a whole."""
    rows = [row for row in migration_rows() if row["links"] not in ([PAGE], [ROOM])]
    room = [message(club, member, MOVE + member / 2, ROOM) for club in (1, 2, 3) for member in range(14)]
    (alert,) = alerts(tables(rows + room))
    assert [(subject.kind, subject.id) for subject in alert.subjects] == [("platform", "garden"), ("place", ADDRESS)]
    assert "42 of 90 (47%) members of the platform garden" in alert.sentence


def test_after_a_gap_in_collection_nothing_is_new() -> None:
    """With the four weeks before the first link not collected it is not known to be new; a shorter gap is only said."""
    rows = migration_rows()
    blind = [row for row in rows if not (row["channel_id"] == channel(1) and _day(row) in range(MOVE - 28, MOVE))]
    assert alerts(tables(blind, (1, MOVE - 28, MOVE))) == []
    short = [row for row in rows if not (row["channel_id"] == channel(1) and _day(row) in range(MOVE - 20, MOVE - 14))]
    (alert,) = alerts(tables(short, (1, MOVE - 20, MOVE - 14)))
    assert "6 days around it were not collected." in alert.doubt


def _day(row: dict[str, Any]) -> int:
    return int((row["sent_at"] - BEGIN).days)


def test_texts_that_stand_in_both_channels_are_counted_where_the_lake_holds_both() -> None:
    """Twelve texts that stand in both within a day are told; a watch, which keeps no texts, has the rest."""
    rows = [{**row, "text_key": number} for number, row in enumerate(migration_rows(), 1000)]
    copies = [
        message(club, 3, MOVE + text + club / 100, text_key=text, message_id=f"garden:copy{club}.{text}")
        for text in range(12)
        for club in (1, 9)
    ]
    copies += [
        message(club, 4, MOVE + text, text_key=900 + text, message_id=f"garden:other{club}.{text}")
        for text in range(20)
        for club in (2, 3)
    ]
    told = {**tables(rows + copies), "channels": channels()}
    (alert,), (watched,) = alerts(told), alerts(told, WatchedMigration())
    assert "12 texts stood there and here within a day" in alert.sentence
    assert alert.details["mirrored"]["channel"] == channel(9)
    assert alert.details["mirrored"]["p"] < 0.001
    assert (watched.anchor, watched.subjects, watched.q) == (alert.anchor, alert.subjects, alert.q)
    assert watched.details["mirrored"] is None


def test_direct_messages_and_edits_do_not_count() -> None:
    """The same links in direct conversations, or as edits, are nobody's move."""
    for more in ({"visibility": "direct"}, {"kind": "edit"}):
        rows = [{**row, **more} if row["links"] == [ROOM] else row for row in migration_rows()]
        assert alerts(tables(rows)) == []


def test_a_simulated_platform_is_said_to_be_one() -> None:
    """The sentence begins with the mark of what was made up."""
    rows = [{**row, "platform": "simulated"} for row in migration_rows()]
    told = tables(rows)
    platform = pa.array(["simulated"] * told["coverage"].num_rows)
    place = told["coverage"].schema.get_field_index("platform")
    told["coverage"] = told["coverage"].set_column(place, told["coverage"].schema.field("platform"), platform)
    (alert,) = alerts(told)
    assert alert.sentence.startswith("Simulated: ")


def test_nothing_and_wrong_parameters() -> None:
    """No messages, no alerts; a number that cannot be is refused."""
    assert alerts(tables([])) == []
    for wrong in ({"q": 0.0}, {"least": 0}, {"window_days": 90}):
        with pytest.raises(ConfigurationError):
            MigrationDetector(**wrong)


def test_the_flow_of_the_alert_is_what_was_written(world: dict[str, pa.Table]) -> None:
    """Weeks, members who wrote and members who linked, the place of the move first."""
    (alert,) = alerts(world)
    flow = alert.details["flow"]
    assert len(flow["weeks"]) == len(flow["active"]) == len(flow["places"][0]["linked"])
    assert (flow["places"][0]["place"], flow["places"][0]["moved_to"]) == (ADDRESS, True)
    assert sum(flow["places"][0]["linked"]) >= 14
    assert max(flow["active"]) <= 30
    assert set(flow["missing_days"]) <= {0, 1, 2, 3, 4, 5, 6, 7}
    assert 7 * len(flow["weeks"]) < DAYS
