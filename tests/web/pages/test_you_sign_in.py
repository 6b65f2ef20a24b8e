"""Setting up how one signs in."""

from __future__ import annotations

import html
import re

import pyotp

from seawall.casebook import Role
from tests.web.conftest import Served

WORDS = "wheelbarrow tulip harbour"


def test_a_person_sets_up_password_and_authenticator(console: Served) -> None:
    """From a first link to a way to sign in again: password, authenticator with its picture and key, first code."""
    browser = console.as_(Role.ANALYST)
    assert "You cannot sign in again yet" in browser.get("/you/sign-in").text
    csrf = {"csrf": browser.csrf}
    set_ = browser.post("/you/sign-in/password", data={**csrf, "password": WORDS, "again": WORDS})
    assert "The password is set." in set_.text
    page = browser.post("/you/sign-in/authenticator", data=csrf).text
    assert 'src="data:image/svg+xml' in page
    secret = html.unescape(re.search(r'class="secret">([A-Z2-7]+)<', page)[1])  # type: ignore[index]
    wrong = browser.post("/you/sign-in/authenticator/code", data={**csrf, "code": "000000"})
    assert wrong.status_code == 422
    assert secret not in wrong.text
    right = browser.post("/you/sign-in/authenticator/code", data={**csrf, "code": pyotp.TOTP(secret).now()})
    assert "You can sign in again" in right.text
    assert secret not in right.text


def test_weak_and_differing_passwords_are_told_beside_the_field(console: Served) -> None:
    """A password that is guessed quickly and one that was mistyped are refused with what to do; none is shown."""
    browser = console.as_(Role.ANALYST)
    for password, again, field in (("password1234", "password1234", "password"), (WORDS, WORDS + "!", "again")):
        answer = browser.post(
            "/you/sign-in/password", data={"csrf": browser.csrf, "password": password, "again": again}
        )
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in answer.text
        assert password not in answer.text


def test_the_password_of_before_is_asked_for(console: Served) -> None:
    """Who finds a browser signed in cannot change the password without knowing it."""
    browser = console.as_(Role.ANALYST)
    form = {"csrf": browser.csrf, "password": WORDS, "again": WORDS}
    browser.post("/you/sign-in/password", data=form)
    other = {**form, "password": WORDS + "s", "again": WORDS + "s"}
    assert 'id="current-wrong"' in browser.post("/you/sign-in/password", data={**other, "current": "guess"}).text
    assert "The password is set." in browser.post("/you/sign-in/password", data={**other, "current": WORDS}).text


def test_other_sessions_can_be_ended(console: Served) -> None:
    """A session left open elsewhere is ended; this one goes on."""
    here, elsewhere = console.as_(Role.ANALYST), console.as_(Role.ANALYST)
    here.post("/you/sign-in/elsewhere", data={"csrf": here.csrf})
    assert here.get("/you", follow_redirects=False).status_code == 200
    assert elsewhere.get("/you", follow_redirects=False).status_code == 303
