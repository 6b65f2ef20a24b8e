"""An act or a reading whose entry the audit cannot take does not happen, whatever is asked of a workspace."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import seawall
from seawall.detectors import WatchedCoordination
from seawall.errors import StorageError
from seawall.model import IndicatorKind
from seawall.protocols import Connection
from seawall.workspace import Terms, Workspace
from tests.workspace.test_care import PUBLIC, an_export

START = datetime(2026, 5, 1, tzinfo=UTC)
TERMS = Terms(bank="feud", source="by hand", owner="Rosa", reason="It names the other club's beds.", live=True)
BROKEN = "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END"


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with records, a case, a hold, a list and a connection, whose audit takes no more entries."""
    folder = tmp_path_factory.mktemp("club")
    workspace = seawall.create(folder / "club", reviewer="anna")
    workspace.add(an_export(folder / "export.ndjson"), options=PUBLIC)
    workspace.detect([WatchedCoordination()])
    workspace.hold(account(workspace, "ben"), "A complaint is pending.")
    workspace.indicators.add(IndicatorKind.DOMAIN, "tulips-only.example", TERMS)
    workspace.connect(Connection("chat", "rocketchat", "https://chat.example"))
    workspace.receivers.add("log", str(folder / "told.log"), name="night-team")
    workspace.checkpoint()
    with closing(sqlite3.connect(workspace.path / "casebook.sqlite")) as raw:
        raw.execute(BROKEN)
    return workspace


def account(club: Workspace, handle: str) -> str:
    return club.pseudonyms_of(platform="generic", handle=handle)[0]


def a_case(club: Workspace) -> str:
    return str(club.casebook.cases()["case_id"][0].as_py())


def an_indicator(club: Workspace) -> str:
    return club.indicators.all()[0].id


ACTS: dict[str, Callable[[Workspace], object]] = {
    "add": lambda club: club.add(club.path.parent / "export.ndjson", options=PUBLIC),
    "detect": lambda club: club.detect([WatchedCoordination()]),
    "messages": lambda club: club.messages(),
    "interactions": lambda club: club.interactions(),
    "messages by id": lambda club: club.messages_by_id(["generic:rosa0"]),
    "alerts": lambda club: club.alerts(),
    "cases": lambda club: club.cases(),
    "case": lambda club: club.case(a_case(club)),
    "queue": lambda club: club.queue(),
    "alike": lambda club: club.alike(a_case(club)),
    "decide": lambda club: club.decide(a_case(club), "watch", "Seen."),
    "decide many": lambda club: club.decide_many([a_case(club)], "watch", "Seen."),
    "name a campaign": lambda club: club.name_campaign("Tulips", [a_case(club)], "One hand."),
    "network": lambda club: club.network(),
    "messages behind": lambda club: club.messages_behind(account(club, "rosa"), account(club, "ben")),
    "clusters": lambda club: club.clusters(),
    "brief": lambda club: club.brief(club.path.parent / "brief.html"),
    "expire": lambda club: club.expire(START + timedelta(days=900)),
    "erase": lambda club: club.erase(account(club, "carla"), "Asked for it."),
    "export": lambda club: club.export_subject(account(club, "rosa"), club.path.parent / "theirs.json"),
    "hold": lambda club: club.hold(account(club, "rosa"), "Order 12/26"),
    "release": lambda club: club.hold(account(club, "ben"), "Lifted.", release=True),
    "state coverage": lambda club: club.state_coverage(
        platform="generic", start=START, end=START + timedelta(days=1), complete=True
    ),
    "list": lambda club: club.indicators.add(IndicatorKind.DOMAIN, "roses-only.example", TERMS),
    "retract": lambda club: club.indicators.retract(an_indicator(club), reason="Wrong."),
    "switch off": lambda club: club.indicators.disable("feud", "A pause."),
    "set a limit": lambda club: club.indicators.set_limit(10, 0.1),
    "sightings": lambda club: club.indicators.sightings(an_indicator(club)),
    "match": lambda club: club.match("https://tulips-only.example/"),
    "rescan": lambda club: club.rescan(),
    "connect": lambda club: club.connect(Connection("other", "rocketchat", "https://other.example")),
    "disconnect": lambda club: club.disconnect("chat"),
    "add a receiver": lambda club: club.receivers.add("log", str(club.path.parent / "told.log")),
    "remove a receiver": lambda club: club.receivers.remove("night-team"),
    "enrol": lambda club: club.enrol("Ada", "administrator"),
    "first administrator": lambda club: club.first_administrator("Ada"),
    "ask": lambda club: club.ask("sanction", [account(club, "rosa")], "It raids beds."),
    "checkpoint": lambda club: club.checkpoint(club.path.parent / "kept.json"),
}


@pytest.mark.parametrize("act", ACTS)
def test_without_its_entry_it_does_not_happen(club: Workspace, act: str) -> None:
    """It is refused as a StorageError, and lake, casebook, keys and files are as they were."""
    before = everything(club.path)
    with pytest.raises(StorageError):
        ACTS[act](club)
    assert everything(club.path) == before


def everything(folder: Path) -> dict[str, object]:
    """Every file but those in which SQLite works, and every row but the salts of commitments."""
    files: dict[str, object] = {
        str(path): path.read_bytes()
        for path in sorted(folder.parent.rglob("*"))
        if path.is_file() and not path.name.startswith(("casebook.sqlite", "lock"))
    }
    with closing(sqlite3.connect(folder / "casebook.sqlite")) as raw:
        kept = [line for line in raw.iterdump() if not line.startswith(('INSERT INTO "salts"', 'INSERT INTO "seals"'))]
    return files | {"casebook": kept}
