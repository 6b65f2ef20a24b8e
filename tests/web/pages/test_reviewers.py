"""Enrolling people and keeping their roles."""

from __future__ import annotations

import html
import re

import pytest

from seawall.casebook import Role
from tests.web.conftest import NAMES, ORIGIN, Browser, Served


def link_in(page: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', page)
    assert found
    return html.unescape(found[1])


def roles(console: Served) -> dict[str, Role]:
    return {one.name: one.role for one in console.console.workspace.casebook.people.all()}


def test_an_administrator_enrols_somebody_who_comes_in(console: Served) -> None:
    """Enrolling shows a link, once; with it the new person signs in and sees what their role sees."""
    ada = console.as_(Role.ADMINISTRATOR)
    page = ada.post("/reviewers", data={"csrf": ada.csrf, "name": "Petra Mint", "role": "auditor"}).text
    link = link_in(page)
    assert link.startswith(f"{ORIGIN}/sign-in/link/")
    assert link not in ada.get("/reviewers").text
    petra = console.anyone()
    petra.post("/sign-in/link", data={"token": link.rpartition("/")[2]})
    assert petra.get("/audit").status_code == 200
    assert roles(console)["Petra Mint"] is Role.AUDITOR


@pytest.mark.parametrize("name", ["", "rosa  LIND", "Rosa\u202eLind", "x" * 101])
def test_a_name_that_cannot_be_is_told_beside_the_field(console: Served, name: str) -> None:
    """No name, one that is taken, and one with what cannot be seen are refused."""
    ada = console.as_(Role.ADMINISTRATOR)
    answer = ada.post("/reviewers", data={"csrf": ada.csrf, "name": name, "role": "reviewer"})
    assert answer.status_code == 422
    assert 'id="name-wrong"' in answer.text
    assert len(roles(console)) == len(NAMES)


def test_a_role_is_changed(console: Served) -> None:
    """A lead becomes a reviewer from the next page on."""
    ada = console.as_(Role.ADMINISTRATOR)
    ada.post("/reviewers/role", data={"csrf": ada.csrf, "name": NAMES[Role.LEAD], "role": "reviewer"})
    assert roles(console)[NAMES[Role.LEAD]] is Role.REVIEWER


def test_the_last_administrator_stays(console: Served) -> None:
    """Nobody can lock everyone out; the page says why."""
    ada = console.as_(Role.ADMINISTRATOR)
    answer = ada.post("/reviewers/remove", data={"csrf": ada.csrf, "name": NAMES[Role.ADMINISTRATOR]})
    assert answer.status_code == 409
    assert NAMES[Role.ADMINISTRATOR] in roles(console)


def test_removing_ends_what_the_person_was_doing(console: Served) -> None:
    """A removed person's session is over at once."""
    ada, anton = console.as_(Role.ADMINISTRATOR), console.as_(Role.ANALYST)
    ada.post("/reviewers/remove", data={"csrf": ada.csrf, "name": NAMES[Role.ANALYST]})
    assert anton.get("/you", follow_redirects=False).status_code == 303
    assert NAMES[Role.ANALYST] not in roles(console)


def test_nobody_gets_a_link_to_another_who_can_sign_in(console: Served) -> None:
    """An administrator cannot come in as somebody else unseen: only by making them forget how they sign in."""
    rosa = console.workspace(Role.REVIEWER)
    rosa.set_password(NAMES[Role.REVIEWER], "wheelbarrow tulip harbour")
    ada = console.as_(Role.ADMINISTRATOR)
    _set_authenticator(console)
    form = {"csrf": ada.csrf, "name": NAMES[Role.REVIEWER]}
    assert ada.post("/reviewers/link", data=form).status_code == 409
    assert link_in(ada.post("/reviewers/link", data={**form, "anew": "yes"}).text)
    person = next(one for one in rosa.casebook.people.all() if one.name == NAMES[Role.REVIEWER])
    assert not person.can_sign_in


def _set_authenticator(console: Served) -> None:
    import pyotp

    rosa = console.workspace(Role.REVIEWER)
    secret, _ = rosa.begin_totp(NAMES[Role.REVIEWER])
    assert rosa.confirm_totp(NAMES[Role.REVIEWER], pyotp.TOTP(secret).now())


ACTS = ("/reviewers", "/reviewers/link", "/reviewers/role", "/reviewers/sessions", "/reviewers/remove")


@pytest.mark.parametrize("path", ACTS)
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.LEAD, Role.ANALYST, Role.AUDITOR], ids=lambda role: role.value)
def test_others_change_nothing(console: Served, role: Role, path: str) -> None:
    """Whoever keeps no people meets nothing at these addresses, and everyone stays as they are."""
    browser: Browser = console.as_(role)
    before = roles(console)
    data = {"csrf": browser.csrf, "name": NAMES[Role.ANALYST], "role": "administrator"}
    assert browser.post(path, data=data).status_code == 404
    assert roles(console) == before


def test_safeguarding_keeps_its_own_people(console: Served) -> None:
    """People of safeguarding see and enrol one another, and nobody else; an administrator cannot enrol one."""
    sage, ada = console.as_(Role.SAFEGUARDING), console.as_(Role.ADMINISTRATOR)
    page = sage.get("/reviewers").text
    assert NAMES[Role.SAFEGUARDING] in page
    assert NAMES[Role.LEAD] not in page
    assert link_in(sage.post("/reviewers", data={"csrf": sage.csrf, "name": "Basil Day", "role": "safeguarding"}).text)
    assert (
        ada.post("/reviewers", data={"csrf": ada.csrf, "name": "Eve Night", "role": "safeguarding"}).status_code == 422
    )
    assert roles(console)["Basil Day"] is Role.SAFEGUARDING
    assert "Eve Night" not in roles(console)
