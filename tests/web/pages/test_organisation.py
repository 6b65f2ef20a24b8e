"""Signing in at an identity provider, against one that answers over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from seawall.casebook import Role
from seawall.web.pages.organisation import COOKIE
from tests.web.conftest import NAMES, Browser, Served
from tests.web.provider import CLIENT, SECRET, Provider


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with Provider().running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, console: Served) -> Provider:
    """The provider in its usual state, known to the console, with Rosa linked to it."""
    running.subject, running.forged, running.algorithm, running.named = "7f3a", {}, "RS256", None
    told = {"issuer": running.issuer, "client_id": CLIENT, "client_secret": SECRET, "label": "the garden society"}
    (console.folder / "keys" / "oidc.json").write_text(json.dumps(told), encoding="utf-8")
    console.workspace(Role.REVIEWER).link_identity(NAMES[Role.REVIEWER], running.issuer, "7f3a")
    return running


def there_and_back(browser: Browser, start: str = "/sign-in/organisation?next=/you") -> httpx.Response:
    """Follow the way to the provider and back, as a browser does."""
    sent = browser.get(start, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    back = httpx.get(sent.headers["location"]).headers["location"]
    return browser.get(back, headers={"sec-fetch-site": "cross-site"}, follow_redirects=False)


def test_whom_the_provider_confirms_is_signed_in(console: Served, provider: Provider) -> None:
    """The button on the sign-in page leads to the provider and back to the page that was asked for."""
    browser = console.anyone()
    assert "Sign in with the garden society" in browser.get("/sign-in").text
    answer = there_and_back(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/you")
    assert NAMES[Role.REVIEWER] in browser.get("/you").text


def test_whom_nobody_here_has_linked_is_not(console: Served, provider: Provider) -> None:
    """The provider's word alone enrols nobody."""
    provider.subject = "somebody else"
    browser = console.anyone()
    answer = there_and_back(browser)
    assert answer.status_code == 403
    assert console.console.cookie not in browser.cookies


FORGERIES = {
    "another nonce": {"nonce": "x"},
    "for another client": {"aud": "another"},
    "of another issuer": {"iss": "http://127.0.0.1:1"},
    "over": {"exp": int(time.time()) - 3600},
    "without an end": {"exp": None},
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_token_that_does_not_fit_signs_nobody_in(
    console: Served, provider: Provider, forged: dict[str, object]
) -> None:
    """A token of another time, sign-in, client or issuer is refused."""
    provider.forged = forged
    browser = console.anyone()
    assert there_and_back(browser).status_code == 403
    assert console.console.cookie not in browser.cookies


def test_a_token_signed_with_the_clients_secret_is_refused(console: Served, provider: Provider) -> None:
    """Whoever knows the client's secret cannot make tokens: only the provider's key counts."""
    provider.algorithm = "HS256"
    assert there_and_back(console.anyone()).status_code == 403


def test_a_provider_with_another_name_is_not_asked(console: Served, provider: Provider) -> None:
    """A server that does not call itself what the settings say is not gone to."""
    provider.named = "https://example.org"
    assert console.anyone().get("/sign-in/organisation", follow_redirects=False).status_code == 502


def test_the_way_back_belongs_to_the_browser_that_began(console: Served, provider: Provider) -> None:
    """Another browser cannot be signed in with a way back that it did not begin; nor can the same one twice."""
    browser, other = console.anyone(), console.anyone()
    sent = browser.get("/sign-in/organisation", follow_redirects=False)
    back = httpx.get(sent.headers["location"]).headers["location"]
    state = browser.cookies[COOKIE]
    assert other.get(back, follow_redirects=False).status_code == 403
    assert browser.get(back, follow_redirects=False).status_code == 303
    browser.cookies.set(COOKIE, state, path="/sign-in")
    assert browser.get(back, follow_redirects=False).status_code == 403


def test_a_person_links_themself(console: Served, provider: Provider) -> None:
    """Somebody who is signed in is known by the provider from then on, until they forget it."""
    provider.subject = "9c1e"
    lea = console.as_(Role.LEAD)
    answer = there_and_back(lea, "/you/sign-in/organisation")
    assert (answer.status_code, answer.headers["location"]) == (303, "/you/sign-in")
    fresh = console.anyone()
    there_and_back(fresh)
    assert NAMES[Role.LEAD] in fresh.get("/you").text
    lea.post("/you/sign-in/organisation/forget", data={"csrf": lea.csrf})
    assert there_and_back(console.anyone()).status_code == 403


def test_one_identity_is_one_person(console: Served, provider: Provider) -> None:
    """Somebody else's identity at the provider cannot be linked to oneself as well; the page says so."""
    answer = there_and_back(console.as_(Role.LEAD), "/you/sign-in/organisation")
    assert answer.status_code == 409
    assert console.console.workspace.identity(provider.issuer, "7f3a").name == NAMES[Role.REVIEWER]  # type: ignore[union-attr]


def test_without_settings_there_is_no_such_way(console: Served) -> None:
    """Where no provider is named, neither the button nor its address is there."""
    assert "organisation" not in console.anyone().get("/sign-in").text
    assert console.anyone().get("/sign-in/organisation", follow_redirects=False).status_code == 404


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"issuer": "http://example.org", "client_id": "a", "client_secret": "b"}']
)
def test_settings_that_cannot_be_used_are_told(console: Served, text: str) -> None:
    """Settings that cannot be read, or that name a provider without TLS, are told in a sentence."""
    (console.folder / "keys" / "oidc.json").write_text(text, encoding="utf-8")
    answer = console.anyone().get("/sign-in")
    assert answer.status_code == 422
    assert "identity provider" in answer.text
