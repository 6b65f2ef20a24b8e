from __future__ import annotations

import re

import pytest

from seawall.casebook import Role, standing
from tests.web.conftest import Browser, Served
from tests.web.pages.cases import waiting


def field_of(page: str, name: str) -> str:
    """What stands in a text area."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1].strip()


def send(browser: Browser, case_id: str, **fields: str) -> object:
    return browser.send_form(f"/cases/{case_id}/decide", **fields)


def status_of(console: Served, case_id: str) -> str:
    return str(console.workspace().case(case_id).case.status)


def test_decide_and_go_on(console: Served) -> None:
    """A picked reason is recorded with the outcome, and the next case opens with a bar that tells what was done."""
    first, second = waiting(console)[:2]
    browser = console.as_(Role.REVIEWER)
    answer = send(browser, first, outcome="watch", **{"picked-watch": "1"}, note="Look again on Monday.", go="next")
    assert answer.headers["location"] == f"/cases/{second}"
    (made,) = console.workspace().case(first).case.decisions
    assert (made.outcome, made.reason, made.note) == ("watch", "It is too early to tell.", "Look again on Monday.")
    page = browser.get(f"/cases/{second}").text
    assert f'data-done="{first}"' in page
    assert f'action="/cases/{first}/undo"' in page


def test_own_words_before_picked_ones(console: Served) -> None:
    """Where a person has written their own reason, that one is recorded."""
    case_id = waiting(console)[0]
    send(console.as_(Role.REVIEWER), case_id, outcome="watch", **{"picked-watch": "1"}, reason="It rains.", go="stay")
    assert console.workspace().case(case_id).case.decisions[0].reason == "It rains."


def test_undo(console: Served) -> None:
    """A decision taken back within ten seconds leaves the case waiting, and what was written as a draft."""
    case_id = waiting(console)[0]
    browser = console.as_(Role.REVIEWER)
    send(browser, case_id, outcome="no_action", reason="It is a plant sale.", note="Ask Iris.", go="stay")
    assert status_of(console, case_id) == "decided"
    answer = browser.send_form(f"/cases/{case_id}/undo")
    assert answer.headers["location"] == f"/cases/{case_id}"
    assert status_of(console, case_id) == "open"
    page = browser.get(f"/cases/{case_id}").text
    assert field_of(page, "reason") == "It is a plant sale."
    assert field_of(page, "note") == "Ask Iris."
    assert re.search(r'value="no_action"[^>]* checked', page)
    assert "data-undo-seconds" not in page


def test_too_late_to_undo(console: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the seconds are over the server refuses, and says what can be done."""
    case_id = waiting(console)[0]
    browser = console.as_(Role.REVIEWER)
    send(browser, case_id, outcome="no_action", reason="It is a plant sale.", go="stay")
    monkeypatch.setattr(standing, "UNDO_SECONDS", 0)
    answer = browser.send_form(f"/cases/{case_id}/undo")
    assert answer.status_code == 409
    assert "these are over" in answer.text
    assert status_of(console, case_id) == "decided"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "It rains."}, "Choose what you decide."),
        ({"outcome": "burn", "reason": "It rains."}, "Choose what you decide."),
        ({"outcome": "watch"}, "Pick a reason, or write your own."),
        ({"outcome": "watch", "picked-watch": "9"}, "Pick a reason, or write your own."),
    ],
    ids=["no outcome", "unknown outcome", "no reason", "no such reason"],
)
def test_what_is_missing(console: Served, fields: dict[str, str], said: str) -> None:
    """What is missing is told beside its field; nothing is decided and nothing that was written is lost."""
    case_id = waiting(console)[0]
    answer = send(console.as_(Role.REVIEWER), case_id, **fields, note="A long note <b>.")
    assert answer.status_code == 422
    assert said in answer.text
    assert field_of(answer.text, "note") == "A long note &lt;b&gt;."
    assert status_of(console, case_id) == "open"


def test_case_held_by_another(console: Served) -> None:
    """A case that a colleague holds cannot be decided; the page says until when, and keeps what was written."""
    case_id = waiting(console)[0]
    console.workspace(Role.LEAD).take(case_id)
    answer = send(console.as_(Role.REVIEWER), case_id, outcome="watch", reason="It rains.", note="Half a note")
    assert answer.status_code == 409
    assert "held by someone else until" in answer.text
    assert field_of(answer.text, "reason") == "It rains."
    assert field_of(answer.text, "note") == "Half a note"
    assert status_of(console, case_id) == "open"


def test_second_decision_explained(console: Served) -> None:
    """Whoever decides a case that is decided already is told so."""
    case_id = waiting(console)[0]
    console.workspace(Role.LEAD).decide(case_id, "watch", "It rains.")
    answer = send(console.as_(Role.REVIEWER), case_id, outcome="no_action", reason="It is dry.")
    assert answer.status_code == 409
    assert "is decided already" in answer.text


def test_first_reason_after_the_second(console: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second person reads the first one's reason and note only after giving their own."""
    case_id = waiting(console)[0]
    first, second = console.as_(Role.REVIEWER), console.as_(Role.LEAD)
    send(first, case_id, outcome="refer", reason="The same leaflet everywhere.", note="Seen on the fence.", go="stay")
    assert "The same leaflet everywhere." in first.get(f"/cases/{case_id}").text
    before = second.get(f"/cases/{case_id}").text
    assert "The same leaflet everywhere." not in before
    assert "Seen on the fence." not in before
    assert "their reason is shown when you have given yours" in before
    monkeypatch.setattr(standing, "UNDO_SECONDS", 0)
    send(second, case_id, outcome="refer", reason="It breaks rule two.", go="stay")
    after = second.get(f"/cases/{case_id}").text
    assert status_of(console, case_id) == "decided"
    assert "The same leaflet everywhere." in after


def test_first_person_cannot_be_the_second(console: Served) -> None:
    """Whoever has proposed a grave outcome is told that another person must confirm it."""
    case_id = waiting(console)[0]
    browser = console.as_(Role.REVIEWER)
    send(browser, case_id, outcome="refer", reason="The same leaflet everywhere.", go="stay")
    assert "another person must confirm it" in browser.get(f"/cases/{case_id}").text
    answer = send(browser, case_id, outcome="refer", reason="Again.")
    assert answer.status_code == 409
    assert status_of(console, case_id) == "awaiting second"


def test_drafts_are_ones_own(console: Served) -> None:
    """What is half-written is kept, comes back in a later session, and nobody else sees it."""
    case_id = waiting(console)[0]
    browser = console.as_(Role.REVIEWER)
    kept = browser.post(
        f"/cases/{case_id}/draft",
        data={"outcome": "watch", "reason": "The fence", "note": "Half a"},
        headers={"X-CSRF-Token": browser.csrf, "HX-Request": "true"},
    )
    assert kept.status_code == 200
    assert "Kept as a draft" in kept.text
    assert "<html" not in kept.text
    later = console.as_(Role.REVIEWER).get(f"/cases/{case_id}").text
    assert field_of(later, "reason") == "The fence"
    assert field_of(later, "note") == "Half a"
    assert "The fence" not in console.as_(Role.LEAD).get(f"/cases/{case_id}").text


def test_draft_without_scripts(console: Served) -> None:
    """A button keeps a draft where no script runs; a picked reason comes back picked."""
    case_id = waiting(console)[0]
    browser = console.as_(Role.REVIEWER)
    answer = send(browser, case_id, outcome="watch", **{"picked-watch": "2"}, go="draft")
    page = browser.get(answer.headers["location"]).text
    assert "only you see it" in page
    assert re.search(r'name="picked-watch" value="2"[^>]* checked', page)
    assert status_of(console, case_id) == "open"


def test_take_and_give_back(console: Served) -> None:
    """A case that is taken shows who holds it, and can be given back by that person alone."""
    case_id = waiting(console)[0]
    browser, other = console.as_(Role.REVIEWER), console.as_(Role.LEAD)
    browser.send_form(f"/cases/{case_id}/take")
    assert "Give back" in browser.get(f"/cases/{case_id}").text
    seen = other.get(f"/cases/{case_id}").text
    assert "Rosa Lind" in seen
    assert "Give back" not in seen
    assert other.send_form(f"/cases/{case_id}/give-back").status_code == 409
    assert other.send_form(f"/cases/{case_id}/take").status_code == 409
    browser.send_form(f"/cases/{case_id}/give-back")
    assert "Take it" in other.get(f"/cases/{case_id}").text


def test_open_again(console: Served) -> None:
    """A lead opens a decided case again with a reason, and a reviewer cannot."""
    case_id = waiting(console)[0]
    console.workspace(Role.REVIEWER).decide(case_id, "watch", "It rains.")
    assert console.as_(Role.REVIEWER).send_form(f"/cases/{case_id}/reopen", reason="New beds.").status_code == 404
    lead = console.as_(Role.LEAD)
    assert lead.send_form(f"/cases/{case_id}/reopen", reason=" ").status_code == 409
    lead.send_form(f"/cases/{case_id}/reopen", reason="New beds.")
    assert status_of(console, case_id) == "reopened"
    assert "New beds." in lead.get(f"/cases/{case_id}").text


def test_without_a_token_nothing_happens(console: Served) -> None:
    """A form without the session's token moves no case."""
    case_id = waiting(console)[0]
    browser = console.as_(Role.REVIEWER)
    answer = browser.post(f"/cases/{case_id}/decide", data={"outcome": "watch", "reason": "It rains."})
    assert answer.status_code == 403
    assert status_of(console, case_id) == "open"
