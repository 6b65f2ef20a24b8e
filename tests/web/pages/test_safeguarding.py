from __future__ import annotations

from seawall.casebook import Role
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, propose, text_of


def test_who_is_to_be_supported(console: Served) -> None:
    """A case that ended in an offer of support stands on the page of safeguarding; others do not."""
    first, second = propose(console, *alerts(2, sentence=HOSTILE))
    reviewer = console.workspace(Role.REVIEWER)
    reviewer.decide(first, "support", HOSTILE)
    reviewer.decide(second, "watch", "It rains.")
    page = console.as_(Role.SAFEGUARDING).get("/safeguarding").text
    assert first in page
    assert second not in page
    assert "In 1 case a person is to be offered support." in text_of(page)
    assert_harmless(page)


def test_no_longer(console: Served) -> None:
    """A case whose offer of support was taken back, or decided anew, is not there."""
    first, second = propose(console, *alerts(2))
    reviewer = console.workspace(Role.REVIEWER)
    reviewer.decide(first, "support", "She asked for help.")
    reviewer.undo(first)
    reviewer.decide(second, "support", "She asked for help.")
    console.workspace(Role.LEAD).casebook.reopen(second, reviewer=console.names[Role.LEAD], reason="New beds.")
    reviewer.decide(second, "watch", "She did not.")
    page = console.as_(Role.SAFEGUARDING).get("/safeguarding").text
    assert "Nobody is waiting for support." in page
    assert "No detector fills it yet" in page


def test_for_safeguarding_alone(console: Served) -> None:
    """No other role has this page, and the people of safeguarding have no other queue."""
    for role in Role:
        answer = console.as_(role).get("/safeguarding")
        assert answer.status_code == (200 if role is Role.SAFEGUARDING else 404)
    assert console.as_(Role.SAFEGUARDING).get("/queue").status_code == 404


def test_the_read_is_audited(console: Served) -> None:
    """Whoever looks at the page stands in the audit."""
    console.as_(Role.SAFEGUARDING).get("/safeguarding")
    name = console.names[Role.SAFEGUARDING]
    entries = [one for one in console.workspace(Role.AUDITOR).audit_entries() if one["actor"] == name]
    assert any("safeguarding" in str(one["detail"]) for one in entries)
