"""Who is let in, and which forms are believed."""

from __future__ import annotations

import pytest

from seawall.casebook import Role
from seawall.web.limits import PERSON, STRANGER, Limiter
from tests.web.conftest import ORIGIN, Browser, Served

CHOSEN = {"theme": "dark", "language": "en", "break_after": "45"}


def test_a_form_with_its_token_is_taken(console: Served) -> None:
    """A form that carries the session's token and comes from the console is acted on."""
    browser = console.as_(Role.LEAD)
    assert browser.post("/you", data={"csrf": browser.csrf, **CHOSEN}, follow_redirects=False).status_code == 303
    assert console.workspace(Role.LEAD).preferences(console.names[Role.LEAD])["theme"] == "dark"


def test_the_token_may_come_as_a_header(console: Served) -> None:
    """Scripts send the token in a header."""
    browser = console.as_(Role.LEAD)
    answer = browser.post("/you", data=CHOSEN, headers={"x-csrf-token": browser.csrf}, follow_redirects=False)
    assert answer.status_code == 303


@pytest.mark.parametrize("given", ["none", "wrong", "another person's"])
def test_a_form_without_its_token_is_not(console: Served, given: str) -> None:
    """A form whose token is missing, wrong or another session's changes nothing."""
    browser = console.as_(Role.LEAD)
    token = {"none": None, "wrong": "ü" * 64, "another person's": console.as_(Role.REVIEWER).csrf}[given]
    answer = browser.post("/you", data={"csrf": token, **CHOSEN} if token else CHOSEN)
    assert answer.status_code == 403
    assert console.workspace(Role.LEAD).preferences(console.names[Role.LEAD])["theme"] == "system"


FOREIGN = {
    "another origin": {"origin": "https://example.org"},
    "no origin that it tells": {"origin": "null"},
    "another port": {"origin": "http://127.0.0.1:9"},
    "another site": {"sec-fetch-site": "cross-site"},
    "a sibling of the site": {"sec-fetch-site": "same-site"},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_form_of_another_site_is_refused(console: Served, headers: dict[str, str]) -> None:
    """A form that another site sends is refused, even with the right token."""
    browser = console.as_(Role.LEAD)
    answer = browser.post("/you", data={"csrf": browser.csrf, **CHOSEN}, headers=headers)
    assert answer.status_code == 403


def test_a_form_that_does_not_tell_its_origin_is_refused(console: Served) -> None:
    """Every browser tells where a form comes from; what tells nothing is no browser."""
    signed = console.as_(Role.LEAD)
    silent = Browser(console.app, base_url=ORIGIN, cookies=dict(signed.cookies))
    assert silent.post("/you", data={"csrf": signed.csrf, **CHOSEN}).status_code == 403
    assert silent.post("/sign-in/link", data={"token": "x"}).status_code == 403


def test_a_person_who_asks_too_often_is_told_to_wait(console: Served) -> None:
    """Beyond the burst a person gets 429 with the seconds to wait; another person is not held up."""
    now = [0.0]
    console.console.limiter = Limiter(lambda: now[0])
    browser, other = console.as_(Role.LEAD), console.as_(Role.REVIEWER)
    answers = [browser.get("/livez").status_code for _ in range(int(PERSON.burst) + 1)]
    assert answers[-1] == 429
    assert answers.count(429) < 5
    assert int(browser.get("/livez").headers["retry-after"]) >= 1
    assert other.get("/livez").status_code == 200
    now[0] = 1.0
    assert browser.get("/livez").status_code == 200


def test_strangers_have_less(console: Served) -> None:
    """An address from which nobody is signed in may ask for less."""
    console.console.limiter = Limiter(lambda: 0.0)
    stranger = console.anyone()
    answers = [stranger.get("/livez").status_code for _ in range(int(STRANGER.burst) + 1)]
    assert answers == [200] * int(STRANGER.burst) + [429]


def test_a_session_that_was_ended_lets_nobody_in(console: Served) -> None:
    """Once a person's sessions are ended, their browser is led to the sign-in page."""
    browser = console.as_(Role.REVIEWER)
    assert browser.get("/you", follow_redirects=False).status_code == 200
    console.workspace(Role.ADMINISTRATOR).close_sessions_of(console.names[Role.REVIEWER])
    answer = browser.get("/you", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/you")


def test_a_role_that_was_changed_holds_from_the_next_page(console: Served) -> None:
    """Taking a role away shuts its pages at once, in sessions that are open too."""
    browser = console.as_(Role.AUDITOR)
    assert browser.get("/audit").status_code == 200
    console.workspace(Role.ADMINISTRATOR).set_role(console.names[Role.AUDITOR], Role.ANALYST)
    assert browser.get("/audit").status_code == 404
