from __future__ import annotations

import re
from pathlib import Path

import pytest

import seawall
from seawall.casebook import Role
from seawall.model import Severity
from seawall.web.app import create_app
from seawall.web.settings import ConsoleSettings
from tests.web.conftest import ORIGIN, Served, enrol_all
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, propose, text_of
from tests.web.pages.seen import assert_no_inline, assert_pictures_have_tables


def test_what_is_unusual_in_one_sentence(console: Served) -> None:
    """The page opens with how many cases wait and with the gravest of them, and counts them by severity."""
    (grave,) = propose(console, *alerts(1, Severity.URGENT, sentence="The greenhouse is on fire."))
    page = console.as_(Role.REVIEWER).get("/overview").text
    waiting = console.workspace().casebook.glances.waiting().total
    assert f"{waiting} cases wait for a person." in text_of(page)
    assert re.search(rf'The gravest: <a href="/cases/{grave}">.*The greenhouse is on fire\.', page)
    assert 'href="/queue?severity=urgent"' in page


def test_the_platform_over_time(console: Served) -> None:
    """The timeline comes as a picture with its table, its surges lead to their cases, and nothing is inline."""
    page = console.as_(Role.LEAD).get("/overview").text
    assert_pictures_have_tables(page)
    assert_no_inline(page)
    assert "Messages on forum" in page
    assert re.search(r"1 surge.*?/cases/C-", page, re.DOTALL)
    assert "expected; 95 % of ordinary counts lie in the band" in page


def test_a_span_shows_its_cases(console: Served) -> None:
    """From and before choose a span without scripts: the picture is of it, and the cases that wait in it are listed."""
    late = propose(console, *alerts(1, sentence="Seeds were swapped at night."))
    browser = console.as_(Role.REVIEWER)
    page = browser.get("/overview?start=2026-05-01T00:00&end=2026-05-20T00:00").text
    assert "messages per 3 hours" in page
    assert f"/cases/{late[0]}" in page
    assert "0 cases wait in this span." in text_of(browser.get("/overview?start=2031-01-01&end=2031-02-01").text)
    part = browser.get("/overview/cases?start=2026-05-01&end=2026-05-20", headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert f"/cases/{late[0]}" in part


def test_a_time_that_is_none_is_told_beside_its_field(console: Served) -> None:
    """What is no time stands beside its field; the page is shown without it."""
    page = console.as_(Role.REVIEWER).get("/overview?start=soon&end=%3Cscript%3E").text
    assert page.count("This is not a time.") == 2
    assert re.search(r'id="start"[^>]*aria-invalid="true"', page)
    assert "<script>" not in page


def test_the_counts_as_json(console: Served) -> None:
    """The script gets bins in seconds of UTC, as many of each row, and windows with their case."""
    told = console.as_(Role.REVIEWER).get("/overview/timeline.json").json()
    assert {"title", "unit", "bin", "observed", "low", "high", "gaps"} <= told.keys()
    assert len(told["at"]) == len(told["observed"]) == len(told["expected"])
    assert told["zone"] == "UTC"
    assert all(one["case"].startswith("C-") for one in told["windows"])
    assert told["windows"]


def test_whoever_reads_no_cases_gets_counts_alone(console: Served) -> None:
    """An administrator sees how much waits, and no sentence of a case."""
    propose(console, *alerts(1, Severity.URGENT, sentence="The greenhouse is on fire."))
    browser = console.as_(Role.ADMINISTRATOR)
    page = browser.get("/overview").text
    assert "wait for a person" in page
    assert "greenhouse" not in page
    assert "/cases/C-" not in page
    told = browser.get("/overview/timeline.json").json()["windows"]
    assert told
    assert {(one["case"], one["sentence"]) for one in told} == {("", "")}
    assert browser.get("/overview/cases").status_code in (403, 404)


def test_hostile_sentences_are_harmless(console: Served) -> None:
    """Words of strangers in a sentence stand there as words."""
    propose(console, *alerts(1, Severity.URGENT, sentence=HOSTILE))
    for path in ("/overview", "/overview/cases?start=2026-01-01", "/overview?start=2026-01-01"):
        assert_harmless(console.as_(Role.REVIEWER).get(path).text)


def test_someone_limited_to_a_queue(console: Served) -> None:
    """Whoever is limited to one detector's cases sees nothing of the others on the first page."""
    propose(console, *alerts(1, Severity.URGENT, sentence="The greenhouse is on fire."))
    console.workspace(Role.ADMINISTRATOR).set_queues(console.names[Role.REVIEWER], ["surge"])
    page = console.as_(Role.REVIEWER).get("/overview").text
    assert "greenhouse" not in page
    assert "1 case waits" in text_of(page) or "cases wait" in text_of(page)


@pytest.fixture
def empty(tmp_path: Path) -> Served:
    seawall.create(tmp_path / "empty", reviewer="rosa").close()
    enrol_all(tmp_path / "empty")
    return Served(tmp_path / "empty", create_app(tmp_path / "empty", ConsoleSettings(ORIGIN)))


@pytest.mark.parametrize(
    "path",
    ["/overview", "/explore", "/explore?view=table", "/explore?view=network", "/sources", "/indicators", "/quality"],
)
def test_an_empty_workspace_says_what_to_do(empty: Served, path: str) -> None:
    """Where nothing was read yet each page says what is missing and what to do."""
    answer = empty.as_(Role.LEAD).get(path)
    assert answer.status_code == 200
    assert re.search(r'class="empty"|There is none yet|No case has been judged', answer.text)


def test_where_nobody_may_decide(tmp_path: Path) -> None:
    """Where several are enrolled and none may decide cases, the page says so, with the way to enrol a reviewer."""
    seawall.create(tmp_path / "club", reviewer="rosa").close()
    enrol_all(tmp_path / "club")
    served = Served(tmp_path / "club", create_app(tmp_path / "club", ConsoleSettings(ORIGIN)))
    ada = served.as_(Role.ADMINISTRATOR)
    assert "Nobody here may decide" not in ada.get("/overview").text
    for role in (Role.REVIEWER, Role.LEAD):
        served.workspace(Role.ADMINISTRATOR).remove_person(served.names[role])
    page = ada.get("/overview").text
    assert "Nobody here may decide cases yet." in page
    assert '<a href="/reviewers">Enrol a reviewer</a>' in page
    assert "Ask an administrator to enrol a reviewer." in served.as_(Role.ANALYST).get("/overview").text
