from __future__ import annotations

import re

from seawall.casebook import Role
from seawall.model import Subject
from tests.casebook.builders import accounts
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, alert, assert_harmless, propose, text_of


def alike(console: Served, count: int) -> list[str]:
    """Cases of different accounts at different times that rest on the same text."""
    return propose(
        console,
        *(
            alert(
                (*accounts(range(10 * number, 10 * number + 4)), Subject("text", "the leaflet")),
                day=10 * number,
                anchor=str(number),
                sentence=f"Leaflet {number}. {HOSTILE}",
            )
            for number in range(1, count + 1)
        ),
    )


def status(console: Served, case_id: str) -> str:
    return str(console.workspace().case(case_id).case.status)


def test_alike_cases_are_offered(console: Served) -> None:
    """The page of a case names the others that rest on the same text, and leads to deciding them together."""
    cases = alike(console, 4)
    browser = console.as_(Role.REVIEWER)
    page = browser.get(f"/cases/{cases[0]}").text
    assert "3 other cases rest on the same or nearly the same messages." in text_of(page)
    preview = browser.get(f"/queue/together?alike={cases[0]}").text
    assert sorted(re.findall(r'name="offered" value="([^"]+)"', preview)) == sorted(cases)
    assert preview.count(" checked") == 4
    assert_harmless(preview)


def test_decided_but_for_exceptions(console: Served) -> None:
    """The ticked cases get the decision, those without a tick stay as they are, and the page says so of each."""
    cases = alike(console, 4)
    browser = console.as_(Role.REVIEWER)
    answer = browser.send_form(
        "/queue/together", offered=cases, case=cases[:3], outcome="no_action", **{"picked-no_action": "1"}
    )
    assert [status(console, one) for one in cases] == ["decided"] * 3 + ["open"]
    assert "3 cases were decided: No action." in text_of(answer.text)
    assert "left as it is, because you took its tick off" in answer.text


def test_refused_ones_are_told(console: Served) -> None:
    """A case that a colleague holds is not decided with the others, and the page says why."""
    cases = alike(console, 3)
    console.workspace(Role.LEAD).take(cases[1])
    browser = console.as_(Role.REVIEWER)
    answer = browser.send_form("/queue/together", offered=cases, case=cases, outcome="watch", reason="It rains.")
    assert [status(console, one) for one in cases] == ["decided", "open", "decided"]
    assert "held by someone else until" in answer.text


def test_taken_back_together(console: Served) -> None:
    """A decision about several cases is taken back for all of them within ten seconds."""
    cases = alike(console, 3)
    browser = console.as_(Role.REVIEWER)
    page = browser.send_form("/queue/together", offered=cases, case=cases, outcome="watch", reason="It rains.").text
    undone = re.search(r'action="/queue/together/undo".*?</form>', page, re.DOTALL)
    assert undone
    answer = browser.send_form("/queue/together/undo", case=re.findall(r'name="case" value="([^"]+)"', undone[0]))
    assert answer.headers["location"] == "/queue"
    assert [status(console, one) for one in cases] == ["open"] * 3
    assert "3 decisions were taken back." in browser.get("/queue").text


def test_one_taken_back(console: Served) -> None:
    """Where one case was decided, taking that back opens it; a case that has no decision is told of."""
    cases = alike(console, 2)
    browser = console.as_(Role.REVIEWER)
    browser.send_form("/queue/together", offered=cases, case=cases[:1], outcome="watch", reason="It rains.")
    answer = browser.send_form("/queue/together/undo", case=cases[:1])
    assert answer.headers["location"] == f"/cases/{cases[0]}"
    assert status(console, cases[0]) == "open"
    browser.send_form("/queue/together/undo", case=cases)
    assert "2 could not be taken back" in browser.get("/queue").text


def test_nothing_without_reason_or_tick(console: Served) -> None:
    """Without a reason, or without a tick, nothing is decided and the ticks stay as they were."""
    cases = alike(console, 3)
    browser = console.as_(Role.REVIEWER)
    answer = browser.send_form("/queue/together", offered=cases, case=cases[:1], outcome="watch")
    assert answer.status_code == 422
    assert "Pick a reason, or write your own." in answer.text
    assert len(re.findall(r'name="case"[^>]* checked', answer.text)) == 1
    answer = browser.send_form("/queue/together", offered=cases, outcome="watch", reason="It rains.")
    assert "No case is ticked." in answer.text
    assert [status(console, one) for one in cases] == ["open"] * 3


def test_ticked_in_the_queue(console: Served) -> None:
    """What was ticked in the queue is looked at before it is decided; made-up ids are no cases."""
    cases = alike(console, 2)
    browser = console.as_(Role.REVIEWER)
    page = browser.get("/queue/together", params={"case": [*cases, "C-0000", HOSTILE]}).text
    assert sorted(re.findall(r'name="offered" value="([^"]+)"', page)) == sorted(cases)
    assert "Nothing would be decided." in browser.get("/queue/together").text
    assert browser.get("/queue/together?alike=C-0000").status_code == 404


def test_who_reads_does_not_decide(console: Served) -> None:
    """A role that reads cases has no page to decide several."""
    cases = alike(console, 2)
    browser = console.as_(Role.ANALYST)
    assert browser.get(f"/queue/together?alike={cases[0]}").status_code == 404
    answer = browser.send_form("/queue/together", offered=cases, case=cases, outcome="watch", reason="It rains.")
    assert answer.status_code == 404
    assert [status(console, one) for one in cases] == ["open"] * 2
