"""The real console in a real browser: Debian's chromium, driven by Playwright; skipped where it is not installed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from seawall.casebook import Role
from seawall.web.app import create_app
from seawall.web.console import Console, console_of, opened
from seawall.web.serving import listening
from seawall.web.settings import ConsoleSettings
from tests.web.conftest import Served


@dataclass
class Screen:
    """A page of a signed-in person, and what the browser complained about."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the console."""
        self.page.goto(self.origin + path)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser; for one module, because while it runs no other test of the process may use asyncio."""
    place = shutil.which("chromium")
    if place is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass(frozen=True)
class Wire:
    """A console that answers on a port of this machine, over one workspace after the other."""

    app: FastAPI
    origin: str

    def over(self, folder: Path) -> Served:
        """Serve another workspace; what lives in memory is new as well."""
        made = console_of(self.app)
        self.app.state.console = Console(opened(folder), made.settings, made.pages, made.templates)
        return Served(folder, self.app)


@pytest.fixture(scope="session")
def wire(club_folder: Path) -> Iterator[Wire]:
    """The one server of these tests."""
    at = listening("127.0.0.1", 0)
    origin = f"http://127.0.0.1:{at.getsockname()[1]}"
    app = create_app(club_folder, ConsoleSettings(origin))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [at]})
    thread.start()
    yield Wire(app, origin)
    server.should_exit = True
    thread.join()


@pytest.fixture
def live(wire: Wire, club_folder: Path, tmp_path: Path) -> Served:
    """A console on the wire, over a copy of the club's workspace."""
    return wire.over(Path(shutil.copytree(club_folder, tmp_path / "club")))


@pytest.fixture
def screen_of(chromium: Browser, live: Served) -> Iterator[Callable[..., Screen]]:
    """Opens a screen for the person of a role; at the end nothing may have been refused or broken in any of them."""
    opened: list[Screen] = []

    def open_screen(role: Role = Role.REVIEWER, **context: object) -> Screen:
        origin = live.console.settings.origin
        made = chromium.new_context(**context)  # type: ignore[arg-type]
        made.set_default_timeout(15_000)
        token = live.console.workspace.open_session(live.names[role], "passkey")
        made.add_cookies([{"name": live.console.cookie, "value": token, "url": origin}])
        screen = Screen(made.new_page(), origin)
        screen.page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        screen.page.on(
            "console", lambda told: screen.complaints.append(told.text) if told.type in ("error", "warning") else None
        )
        opened.append(screen)
        return screen

    yield open_screen
    for screen in opened:
        screen.page.context.close()
    assert [one for screen in opened for one in screen.complaints] == []
