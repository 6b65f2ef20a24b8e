"""People who were approached are planted, and everything that others than safeguarding get is searched for them."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import seawall
from seawall.brief.words import short
from seawall.casebook import Casebook, Role
from seawall.casebook.approached_people import SupportAct
from seawall.casebook.tables_approached import approached_people
from seawall.casebook.tokens import IN_PERSON
from seawall.web.api import PREFIX
from seawall.web.api.calls import CALLS
from tests.casebook.builders import account, accounts, alert
from tests.casebook.hubs import approached, hub_alert, newcomer
from tests.cli.running import run
from tests.web.api.conftest import calling, token_of
from tests.web.attack.test_identifiers import crawled
from tests.web.conftest import Served

PLANTED = 60
NAMES = [newcomer(number) for number in range(PLANTED)]
WANTED = [*NAMES, *(short(name) for name in NAMES)]
"""A pseudonym in full, and as it is shortened."""
STAGES = ("approach", "direct", "contact", "hand_off")


@pytest.fixture
def planted(console: Served) -> Served:
    """Three hubs with twenty newcomers each, one hub simulated, some decided; support was offered to some."""
    book, sage = console.workspace().casebook, console.workspace(Role.SAFEGUARDING)
    for first in range(0, PLANTED, 20):
        people = [approached(n, STAGES[n % 4], day=n / 10) for n in range(first, first + 20)]
        for version, some in (("v1", people[:15]), ("v2", people)):
            book.propose([hub_alert(some, hub=900 + first, simulated=first == 20)], lake_version=version)
    book.propose([alert(accounts(range(920, 924)))], lake_version="v3")
    (case_id, *_) = console.workspace().queue(limit=200).rows
    console.workspace(Role.REVIEWER).decide(case_id.case_id, "support", "They may need support.")
    for number, row in enumerate(sage.safeguarding.people().rows[:6]):
        person = sage.safeguarding.person(row.person_id)
        act = list(SupportAct)[number % 3]
        sage.casebook.approached.act(person.person_id, act, "By letter.", reviewer=sage.reviewer)
    sage.safeguarding.export([NAMES[0]], console.folder.parent / "for_the_person.json")
    return console


def assert_nobody(told: str, where: object) -> None:
    """No pseudonym that was planted stands in it."""
    assert [name for name in WANTED if name in told] == [], where


def everything(book: Casebook) -> dict[str, str]:
    """Table -> its rows, as text."""
    path = getattr(book._store, "path")  # noqa: B009 - a file in these tests
    with closing(sqlite3.connect(path)) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: str(raw.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names}  # noqa: S608


def test_they_can_be_found_where_they_are(planted: Served) -> None:
    """The list has all of them, and the search below finds what stands there: it can fail."""
    assert planted.workspace(Role.SAFEGUARDING).safeguarding.people().total == PLANTED
    tables = everything(planted.workspace().casebook)
    assert all(name in tables[approached_people.name] for name in NAMES)
    with pytest.raises(AssertionError):
        assert_nobody(tables[approached_people.name], "the list")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SAFEGUARDING], ids=str)
def test_no_page_of_another_role(planted: Served, role: Role, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever is not of safeguarding meets nobody on any page, in any header or address, and the log holds nobody."""
    with caplog.at_level(logging.DEBUG):
        told = crawled(planted.as_(role))
        cases = planted.workspace().queue(limit=200).rows
        told += "".join(planted.as_(role).get(f"/cases/{row.case_id}").text for row in cases)
        sage = planted.as_(Role.SAFEGUARDING)
        for link in sorted(set(re.findall(r'href="(/safeguarding/[^"]+)"', sage.get("/safeguarding").text)))[:3]:
            assert sage.get(link).status_code == 200
            told += planted.as_(role).get(link).text
    assert_nobody(told, role)
    assert_nobody(caplog.text, "log")


def test_the_list_itself_shows_no_pseudonym(planted: Served) -> None:
    """Safeguarding sees who it is on the page of one person, and on no page that lists several."""
    sage = planted.as_(Role.SAFEGUARDING)
    page = sage.get("/safeguarding").text
    assert_nobody(page, "list")
    (link, *_) = re.findall(r'href="(/safeguarding/P-[^"]+)"', page)
    assert [name for name in NAMES if name in sage.get(link).text]


@pytest.mark.parametrize("role", Role, ids=str)
def test_no_call_of_any_program(planted: Served, role: Role) -> None:
    """With a token of any role, safeguarding's included, no answer of the HTTP interface holds anybody."""
    client = calling(planted, token_of(planted, role))
    ids = [row.case_id for row in planted.workspace().queue(limit=3).rows]
    for route in (route for module in CALLS for route in module.calls.routes):
        if route.method == "GET":
            for id_ in ids:
                path = re.sub(r"\{[^}]+\}", id_, route.path).removeprefix(f"{PREFIX}/")
                answer = client.get(path)
                assert_nobody(f"{answer.headers}{answer.text}", route.name)
    assert {"read_safeguarding", "safeguard"} <= {act.scope for act in IN_PERSON}


def test_no_other_table_no_brief_no_export_and_no_command(planted: Served, tmp_path: Path) -> None:
    """The casebook's other tables, the audit, briefs, what --json prints, and an export by a lead hold nobody."""
    tables = everything(planted.workspace().casebook)
    for name, rows in tables.items():
        if name != approached_people.name:
            assert_nobody(rows, name)
    lead = planted.names[Role.LEAD]
    with seawall.open(planted.folder, reviewer=lead) as opened:
        assert_nobody(opened.brief(tmp_path / "brief.html").read_text(encoding="utf-8"), "brief")
        assert_nobody(str(opened.alerts().to_pylist()) + repr(opened.cases().to_pylist()), "tables")
        assert_nobody(repr([file.alerts for file in opened.casebook.case_files()]), "case files")
        hub = account(900)
        assert_nobody(json.dumps(opened.casebook.subject(hub, reviewer=lead)), "export of a hub")
    cases = [row.case_id for row in planted.workspace().queue(limit=200).rows]
    for command in (("alerts",), ("cases",), *(("case", one) for one in cases[:3]), ("doctor",), ("audit", "show")):
        said = run(command[0], planted.folder, *command[1:], "--json")
        assert_nobody(said.out + said.err, command)
    listed = run("safeguarding", planted.folder, "--reviewer", planted.names[Role.SAFEGUARDING], "--json")
    assert listed.json["total"] == PLANTED
    assert_nobody(listed.out + listed.err, "safeguarding --json")
    refused = run("safeguarding", planted.folder, "--reviewer", lead, "--json")
    assert (refused.code, refused.out) == (6, "")


def test_no_file_of_the_workspace_but_the_casebook(planted: Served) -> None:
    """No file holds anybody but the casebook itself and its log."""
    for path in planted.folder.rglob("*"):
        if path.is_file() and not path.name.startswith("casebook.sqlite"):
            held = path.read_bytes()
            assert [name for name in NAMES if name.encode() in held] == [], path
