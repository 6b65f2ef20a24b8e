"""The first way in and the ways after it, at the server that people start."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, expect

import seawall
from tests.web.test_serving import started

WORDS = "wheelbarrow tulip harbour"


def test_by_link_then_by_password_and_code(chromium: Browser, tmp_path: Path) -> None:
    """The link that `seawall serve` prints lets in once; with a password and an authenticator one comes back in."""
    seawall.create(tmp_path / "club").close()
    process, told = started(tmp_path / "club")
    context = chromium.new_context()
    page = context.new_page()
    try:
        page.goto(told["sign_in"])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("You cannot sign in again yet")).to_be_visible()
        name = page.locator(".person bdi").inner_text()
        page.get_by_label("New password").fill(WORDS)
        page.get_by_label("Once more").fill(WORDS)
        page.get_by_role("button", name="Set the password").click()
        page.get_by_role("button", name="Set up an authenticator").click()
        totp = pyotp.TOTP(page.locator("code.secret").inner_text())
        page.get_by_label("Code that your authenticator shows").fill(totp.at(int(time.time()) - 30))
        page.get_by_role("button", name="Confirm the authenticator").click()
        expect(page.get_by_text("You can sign in again")).to_be_visible()
        page.get_by_role("button", name="Sign out", exact=True).click()

        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(WORDS)
        page.get_by_label("Code that your authenticator shows").fill(totp.now())
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing has been read yet.")
        page.goto(told["sign_in"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("This link does not work.")).to_be_visible()
    finally:
        context.close()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
