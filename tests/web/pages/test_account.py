from __future__ import annotations

from collections import Counter

from seawall.casebook import Role
from seawall.model import Severity
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, propose, text_of
from tests.web.pages.seen import assert_no_inline, assert_pictures_have_tables, some_account


def test_behaviour_in_counts(console: Served) -> None:
    """The page tells what an account did, in pictures with their tables, and no word that it wrote."""
    account = some_account(console)
    page = console.as_(Role.ANALYST).get(f"/accounts/{account}").text
    rows = console.workspace().messages(["account_id", "text"]).to_pylist()
    texts = [row["text"] for row in rows if row["account_id"] == account]
    assert f"{len(texts)} messages" in text_of(page)
    assert not any(text in page for text in texts)
    assert_pictures_have_tables(page)
    assert_no_inline(page)
    assert "By hour of the day" in page


def test_each_look_is_audited_before_it_is_shown(console: Served) -> None:
    """Each look at an account page is one entry of the audit, by who looked, under a commitment of the pseudonym."""
    account, browser = some_account(console), console.as_(Role.REVIEWER)
    for _ in range(3):
        assert browser.get(f"/accounts/{account}").status_code == 200
    looks = [one for one in console.workspace(Role.AUDITOR).audit_entries() if one["act"] == "read account"]
    assert Counter(one["actor"] for one in looks) == {"Rosa Lind": 3}
    assert account not in str(looks)


def test_alerts_that_name_it(console: Served) -> None:
    """The alerts that name an account are listed with their cases, whatever words stand in them."""
    (case,) = propose(console, *alerts(1, Severity.HIGH, sentence=f"They vote together. {HOSTILE}"))
    named = console.workspace().case(case).alerts[0].alert.subjects[0].id
    page = console.as_(Role.REVIEWER).get(f"/accounts/{named}").text
    assert "1 alert names it." in text_of(page)
    assert f'href="/cases/{case}"' in page
    assert_harmless(page)


def test_nobody_is_hidden(console: Served) -> None:
    """A pseudonym that nothing is known of is answered like one that may not be seen, and so is nonsense."""
    browser = console.as_(Role.REVIEWER)
    for strange in ("h000", "../../etc/passwd", "a/b", "%3Cscript%3Ealert(1)%3C/script%3E", "%00", "'--"):
        answer = browser.get(f"/accounts/{strange}")
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text


def test_who_may_not_look(console: Served) -> None:
    """Roles without the right get the same answer for an account that is there and for one that is not."""
    account = some_account(console)
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.SAFEGUARDING):
        browser = console.as_(role)
        there, nowhere = browser.get(f"/accounts/{account}"), browser.get("/accounts/h000")
        assert there.status_code == nowhere.status_code == 404 or there.status_code == nowhere.status_code == 403
    assert not any(one["act"] == "read account" for one in console.workspace(Role.AUDITOR).audit_entries())
