from __future__ import annotations

import pytest

from seawall.casebook import Role, standing
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, propose, text_of


@pytest.fixture
def decided(console: Served, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case that a reviewer decided more than ten seconds ago."""
    (case_id,) = propose(
        console, *alerts(1, sentence="Four gardeners shared a leaflet.", doubt=("It was market day.",))
    )
    console.workspace(Role.REVIEWER).decide(case_id, "no_action", "It is a plant sale.")
    monkeypatch.setattr(standing, "UNDO_SECONDS", 0)
    return case_id


def test_decided_by_someone_else(console: Served, decided: str) -> None:
    """An appeal is recorded, shown with what was known, refused to whoever took part, and decided by another."""
    reviewer = console.as_(Role.REVIEWER)
    path = reviewer.send_form(f"/cases/{decided}/appeal", text="My bed was taken.").headers["location"]
    page = reviewer.get(path).text
    for words in ("My bed was taken.", "Four gardeners shared a leaflet.", "It was market day.", "It is a plant sale."):
        assert words in page
    refused = reviewer.send_form(path, outcome="changed", reason="I was wrong.")
    assert refused.status_code == 409
    assert "You took part in this case." in refused.text
    assert "I was wrong." in refused.text
    lead = console.as_(Role.LEAD)
    lead.send_form(path, outcome="changed", reason="The sale was on another day.")
    assert "The sale was on another day." in lead.get(path).text
    assert console.workspace().case(decided).case.status == "reopened"
    assert "0 appeals wait to be decided." in text_of(lead.get("/appeals").text)


def test_one_that_stands(console: Served, decided: str) -> None:
    """Where the decision stands, the case stays decided, and a second answer is refused."""
    path = console.as_(Role.REVIEWER).send_form(f"/cases/{decided}/appeal", text="No.").headers["location"]
    lead = console.as_(Role.LEAD)
    lead.send_form(path, outcome="stands", reason="It was a sale.")
    assert console.workspace().case(decided).case.status == "decided"
    assert lead.send_form(path, outcome="changed", reason="Or not.").status_code == 409


@pytest.mark.parametrize(
    "fields", [{"reason": "Because."}, {"outcome": "burn", "reason": "Because."}, {"outcome": "stands"}],
    ids=["no outcome", "unknown outcome", "no reason"],
)  # fmt: skip
def test_what_is_missing(console: Served, decided: str, fields: dict[str, str]) -> None:
    """Without an outcome or a reason the appeal waits on, and the page says what is missing."""
    path = console.as_(Role.REVIEWER).send_form(f"/cases/{decided}/appeal", text="No.").headers["location"]
    answer = console.as_(Role.LEAD).send_form(path, **fields)
    assert answer.status_code in (409, 422)
    assert 'role="alert"' in answer.text
    assert "1 appeal waits to be decided." in text_of(console.as_(Role.LEAD).get("/appeals").text)


def test_nothing_to_appeal_against(console: Served) -> None:
    """A case that is not decided has nothing to appeal against, and an appeal says something."""
    (case_id,) = propose(console, *alerts(1))
    browser = console.as_(Role.REVIEWER)
    assert browser.send_form(f"/cases/{case_id}/appeal", text="No.").status_code == 409
    assert browser.get("/appeals/A-0000").status_code == 404


def test_hostile_appeal(console: Served, decided: str) -> None:
    """What is said in an appeal is shown as text, in the list and on its page."""
    browser = console.as_(Role.REVIEWER)
    path = browser.send_form(f"/cases/{decided}/appeal", text=HOSTILE).headers["location"]
    console.as_(Role.LEAD).send_form(path, outcome="stands", reason=HOSTILE)
    for page in (path, "/appeals", f"/cases/{decided}"):
        assert_harmless(browser.get(page).text)


def test_who_may(console: Served, decided: str) -> None:
    """An auditor reads appeals and decides none; an analyst sees none."""
    path = console.as_(Role.REVIEWER).send_form(f"/cases/{decided}/appeal", text="No.").headers["location"]
    auditor = console.as_(Role.AUDITOR)
    assert auditor.get(path).status_code == 200
    assert "Decide the appeal" not in auditor.get(path).text
    assert auditor.send_form(path, outcome="stands", reason="Yes.").status_code == 404
    assert console.as_(Role.ANALYST).get("/appeals").status_code == 404
