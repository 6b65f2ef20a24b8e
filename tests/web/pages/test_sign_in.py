"""Signing in and out."""

from __future__ import annotations

import re
from pathlib import Path

import pyotp
import pytest

from seawall.casebook import Role
from seawall.web.limits import SIGN_IN, Limiter
from tests.web.conftest import Browser, Served

WORDS = "wheelbarrow tulip harbour"


def with_password(console: Served, role: Role = Role.REVIEWER) -> pyotp.TOTP:
    """Give a person a password and an authenticator; the authenticator."""
    workspace, name = console.workspace(role), console.names[role]
    workspace.set_password(name, WORDS)
    secret, _ = workspace.begin_totp(name)
    totp = pyotp.TOTP(secret)
    before = totp.at(int(__import__("time").time()) - 30)
    assert workspace.confirm_totp(name, before)
    return totp


def sign_in(browser: Browser, name: str, password: str, code: str, next_: str = "/") -> tuple[int, str]:
    answer = browser.post(
        "/sign-in/password",
        data={"name": name, "password": password, "code": code, "next": next_},
        follow_redirects=False,
    )
    return answer.status_code, answer.headers.get("location", "")


def test_password_and_code_sign_in(console: Served) -> None:
    """Name, password and the code of now lead to where the person was going."""
    totp = with_password(console)
    browser = console.anyone()
    assert sign_in(browser, "rosa  LIND", WORDS, totp.now(), "/you?x=1") == (303, "/you?x=1")
    assert browser.get("/you", follow_redirects=False).status_code == 200


def test_no_part_alone_is_enough_and_none_is_named(console: Served) -> None:
    """A wrong name, a wrong password and a wrong code are answered with the same words."""
    totp = with_password(console)
    name = console.names[Role.REVIEWER]
    tries = [
        ("Nobody Here", WORDS, totp.now()),
        (name, "another password", totp.now()),
        (name, WORDS, "000000"),
        (name, WORDS, ""),
        (console.names[Role.LEAD], "", ""),
    ]
    pages = set()
    for who, password, code in tries:
        browser = console.anyone()
        answer = browser.post("/sign-in/password", data={"name": who, "password": password, "code": code})
        assert answer.status_code == 422
        assert password == "" or password not in answer.text
        pages.add(re.search(r'class="note wrong" role="alert">([^<]+)<', answer.text)[1])  # type: ignore[index]
        assert not browser.cookies
    assert pages == {"Name, password and code do not belong together."}


def test_a_code_is_taken_once(console: Served) -> None:
    """Who looks over a shoulder cannot use the code that was typed."""
    totp = with_password(console)
    name, code = console.names[Role.REVIEWER], totp.now()
    assert sign_in(console.anyone(), name, WORDS, code)[0] == 303
    assert sign_in(console.anyone(), name, WORDS, code)[0] == 422


def test_guessing_is_slowed_down(console: Served) -> None:
    """After a few wrong tries the name has to wait, and says until when."""
    with_password(console)
    for _ in range(5):
        sign_in(console.anyone(), console.names[Role.REVIEWER], "guess", "000000")
    data = {"name": console.names[Role.REVIEWER], "password": WORDS, "code": "000000"}
    answer = console.anyone().post("/sign-in/password", data=data)
    assert answer.status_code == 429
    assert "too many tries" in answer.text


def test_an_address_may_not_guess_many_names(console: Served) -> None:
    """Tries with ever other names from one address are stopped as well."""
    console.console.limiter = Limiter(lambda: 0.0)
    browser = console.anyone()
    answers = [browser.post("/sign-in/link", data={"token": str(n)}).status_code for n in range(int(SIGN_IN.burst) + 1)]
    assert answers == [422] * int(SIGN_IN.burst) + [429]


def test_a_link_works_once_and_looking_does_not_use_it(console: Served) -> None:
    """Reading the page of a link leaves it whole; its button uses it; a second use is refused."""
    token = console.workspace(Role.ADMINISTRATOR).sign_in_link(console.names[Role.ANALYST])
    for _ in range(2):
        assert console.anyone().get(f"/sign-in/link/{token}").status_code == 200
    browser = console.anyone()
    assert browser.post("/sign-in/link", data={"token": token}, follow_redirects=False).status_code == 303
    assert browser.get("/you", follow_redirects=False).status_code == 200
    again = console.anyone().post("/sign-in/link", data={"token": token})
    assert again.status_code == 422
    assert "does not work" in again.text


def test_signing_out_ends_the_session_for_good(console: Served) -> None:
    """The cookie of a session that was ended opens nothing, even if it was copied before."""
    browser = console.as_(Role.LEAD)
    copied = dict(browser.cookies)
    answer = browser.post("/sign-out", data={"csrf": browser.csrf}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert not browser.cookies
    thief = console.anyone()
    thief.cookies.update(copied)
    assert thief.get("/you", follow_redirects=False).status_code == 303


def test_a_sign_of_life_is_one(console: Served) -> None:
    """The button of the warning keeps the session; without a session it says so."""
    browser = console.as_(Role.LEAD)
    assert browser.post("/stay", data={"csrf": browser.csrf}).status_code == 204
    assert console.anyone().post("/stay", follow_redirects=False).status_code == 303


def test_who_is_signed_in_goes_on(console: Served) -> None:
    """The sign-in page of somebody who is signed in is their first page."""
    assert console.as_(Role.LEAD).get("/sign-in", follow_redirects=False).headers["location"] == "/"


@pytest.mark.parametrize("role", [*Role], ids=lambda role: role.value)
def test_everyone_comes_to_a_first_page(console: Served, role: Role) -> None:
    """The first page of each role exists and is theirs to see."""
    answer = console.as_(role).get("/")
    assert answer.status_code == 200


def test_no_secret_is_kept_in_the_workspace(console: Served) -> None:
    """Neither the cookie's token, nor a link's, nor a password stands in any file of the workspace."""
    with_password(console)
    browser = console.as_(Role.LEAD)
    link = console.workspace(Role.ADMINISTRATOR).sign_in_link(console.names[Role.ANALYST])
    secrets = [*dict(browser.cookies).values(), browser.csrf, link, WORDS]
    for path in Path(console.folder).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(one.encode() in content for one in secrets), path.name
