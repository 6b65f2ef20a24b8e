"""Passkeys in a real browser, with an authenticator that the browser itself simulates."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from seawall.casebook import Role
from tests.web.conftest import Served

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_and_signs_in(chromium: Browser, live: Served) -> None:
    """A person makes a passkey, signs out, and comes back in with nothing else."""
    origin = live.console.settings.origin.replace("127.0.0.1", "localhost")  # passkeys belong to names
    context = chromium.new_context()
    token = live.console.workspace.open_session(live.names[Role.ANALYST], "link")
    context.add_cookies([{"name": live.console.cookie, "value": token, "url": origin}])
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    page.goto(f"{origin}/you/sign-in")
    page.get_by_label("A name for it").fill("garden telephone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("garden telephone can be used from now on")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()

    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name=live.names[Role.ANALYST])).to_be_visible()
    assert live.console.workspace.session(_cookie(context.cookies(), live)).how == "passkey"  # type: ignore[union-attr]
    context.close()


def test_without_a_passkey_the_page_says_so(chromium: Browser, live: Served) -> None:
    """Where the device has none, or the person stops, the page tells it and the other ways stay."""
    origin = live.console.settings.origin.replace("127.0.0.1", "localhost")
    context = chromium.new_context()
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{origin}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was chosen.")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_visible()
    context.close()


def test_by_a_number_there_are_none(chromium: Browser, live: Served) -> None:
    """Opened by a number, the page says why it offers no passkey."""
    page = chromium.new_page()
    page.goto(f"{live.console.settings.origin}/sign-in")
    expect(page.get_by_text("Passkeys belong to a name")).to_be_visible()
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    page.close()


def _cookie(cookies: list[dict[str, str]], live: Served) -> str:  # type: ignore[type-arg, unused-ignore]
    return next(one["value"] for one in cookies if one["name"] == live.console.cookie)
