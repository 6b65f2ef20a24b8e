from __future__ import annotations

from datetime import timedelta

import pytest

from seawall.casebook import Role
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, decide, propose, text_of
from tests.web.pages.seen import assert_no_inline


@pytest.fixture
def decided(console: Served, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two cases that the lead has decided, long enough ago."""
    cases = propose(console, *alerts(2, sentence=f"They share a planting guide. {HOSTILE}"))
    book = console.console.workspace.casebook
    for case in cases:
        decide(console, case)
    _let_pass(console, monkeypatch, timedelta(minutes=1))
    assert book.case(cases[0]).case.status == "decided"
    return cases


def _let_pass(console: Served, monkeypatch: pytest.MonkeyPatch, time: timedelta) -> None:
    """The casebook's own clock goes on, for the console that is asked."""
    quality = console.console.workspace.casebook.quality
    before = quality._clock
    monkeypatch.setattr(quality, "_clock", lambda: before() + time)


def test_a_blind_review_moves_nothing(console: Served, decided: list[str]) -> None:
    """A case is handed out without its decision, judged, and counted as a pair; the case itself stays as it was."""
    browser = console.as_(Role.REVIEWER)
    answer = browser.send_form("/quality/blind")
    path = answer.headers["location"]
    case = path.rsplit("/", 1)[1]
    page = browser.get(path).text
    assert "They share a planting guide." in page
    assert "Keep watching" in page
    assert "The beds are watered." not in page
    assert_harmless(page)
    assert_no_inline(page)
    before = console.workspace().case(case)
    assert browser.send_form(path, outcome="watch", reason="Too early to tell.").status_code == 303
    assert console.workspace().case(case).case == before.case
    page = console.as_(Role.LEAD).get("/quality").text
    assert case in page
    assert "1 of 1" in text_of(page)


def test_an_answer_without_a_reason(console: Served, decided: list[str]) -> None:
    """Without an outcome or a reason nothing is recorded; both are told beside their fields, and the rest stays."""
    browser = console.as_(Role.REVIEWER)
    path = browser.send_form("/quality/blind").headers["location"]
    answer = browser.send_form(path, outcome="", reason="It looks like a club.")
    assert answer.status_code == 422
    assert "Choose what you would decide." in answer.text
    assert "It looks like a club." in answer.text
    assert "State why, in a sentence." in browser.send_form(path, outcome="watch", reason=" ").text
    assert console.workspace().quality().pairs == ()


def test_what_was_not_handed_out(console: Served, decided: list[str]) -> None:
    """A case that was not given to a person to judge blind cannot be judged so, and the page says why."""
    answer = console.as_(Role.REVIEWER).send_form(f"/quality/blind/{decided[0]}", outcome="watch", reason="So be it.")
    assert answer.status_code == 409
    assert "was not given to you" in answer.text
    assert console.as_(Role.REVIEWER).get("/quality/blind/C-NONE").status_code == 404


def test_no_case_is_left(console: Served) -> None:
    """Where nothing is decided there is nothing to judge blind, and the page says when there will be."""
    answer = console.as_(Role.REVIEWER).send_form("/quality/blind")
    assert answer.status_code == 200
    assert "There is no case for you to judge blind." in answer.text


def test_a_golden_case(console: Served, decided: list[str]) -> None:
    """A lead settles the right answer to a decided case; what is missing is told beside its field."""
    browser = console.as_(Role.LEAD)
    answer = browser.send_form("/quality/golden", case="", outcome="", reason="")
    assert answer.status_code == 422
    for told in ("Name the case", "Choose the right answer.", "State why this is the right answer."):
        assert told in answer.text
    refused = browser.send_form("/quality/golden", case="C-NONE", outcome="watch", reason="As all agreed.")
    assert refused.status_code == 409
    assert (
        browser.send_form("/quality/golden", case=decided[0], outcome="watch", reason="As all agreed.").status_code
        == 303
    )
    assert "The right answer to 1 case is settled." in text_of(browser.get("/quality").text)


def test_who_may_see_what(console: Served) -> None:
    """Reviewers judge blind and do not see how others did; auditors see it and judge nothing."""
    reviewer, auditor = console.as_(Role.REVIEWER), console.as_(Role.AUDITOR)
    assert reviewer.get("/quality").status_code in (403, 404)
    assert reviewer.get("/quality/blind").status_code == 200
    assert auditor.get("/quality").status_code == 200
    assert auditor.get("/quality/blind").status_code in (403, 404)
    assert auditor.send_form("/quality/golden", case="C-1", outcome="watch", reason="x").status_code in (403, 404)
