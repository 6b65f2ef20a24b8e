"""A console over a gardening club's workspace, with one person of each role signed in."""

from __future__ import annotations

import re
import shutil
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.exceptions import StarletteDeprecationWarning

import seawall
from seawall.casebook import Role
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.web.app import create_app
from seawall.web.console import Console, console_of, opened
from seawall.web.settings import ConsoleSettings
from seawall.workspace import Workspace
from tests.docs.club import write_club

with warnings.catch_warnings():
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from starlette.testclient import TestClient

ORIGIN = "http://127.0.0.1:8767"
NAMES = {
    Role.ADMINISTRATOR: "Ada Beetroot",
    Role.REVIEWER: "Rosa Lind",
    Role.LEAD: "Lea Larkspur",
    Role.ANALYST: "Anton Yarrow",
    Role.AUDITOR: "Uma Dill",
    Role.SAFEGUARDING: "Sage Thyme",
}


class Browser(TestClient):
    """Asks as a browser does: with the origin of its forms, and with the token that its pages carry."""

    csrf = ""

    def send_form(self, path: str, **fields: object) -> object:
        """Send a form of one's own session."""
        data = {name: value for name, value in fields.items() if value is not None}
        return self.post(path, data={"csrf": self.csrf, **data}, follow_redirects=False)


@dataclass
class Served:
    """A console under test."""

    folder: Path
    app: FastAPI
    names: dict[Role, str] = field(default_factory=lambda: dict(NAMES))

    @property
    def console(self) -> Console:
        """What it holds."""
        return console_of(self.app)

    def workspace(self, role: Role = Role.LEAD) -> Workspace:
        """The workspace, acting as the person of a role."""
        return seawall.open(self.folder, reviewer=self.names[role])

    def anyone(self) -> Browser:
        """A browser in which nobody is signed in."""
        return Browser(self.app, base_url=ORIGIN, headers={"origin": ORIGIN})

    def as_(self, role: Role, name: str | None = None) -> Browser:
        """A browser in which the person of a role is signed in; another person of that role by name."""
        who = name or self.names[role]
        if name is not None and name not in {one.name for one in self.console.workspace.casebook.people.all()}:
            keeper = Role.SAFEGUARDING if role is Role.SAFEGUARDING else Role.ADMINISTRATOR
            self.workspace(keeper).enrol(name, role)
        browser = self.anyone()
        token = self.console.workspace.open_session(who, "passkey")
        browser.cookies.set(self.console.cookie, token, domain="127.0.0.1", path="/")
        page = browser.get("/you").text
        browser.csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]  # type: ignore[index]
        return browser


def enrol_all(folder: Path) -> None:
    """Enrol the person of each role."""
    ada = NAMES[Role.ADMINISTRATOR]
    with seawall.open(folder, reviewer=ada) as workspace:
        for role, name in NAMES.items():
            workspace.enrol(name, role)


@pytest.fixture(scope="session")
def club_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A club's workspace in which cases wait and people are enrolled; copied for each test."""
    folder = tmp_path_factory.mktemp("web")
    write_club(folder)
    with seawall.create(folder / "club", reviewer="rosa") as workspace:
        options = ReadOptions(visibility=Visibility.PUBLIC, platform="forum")
        workspace.add(folder / "export.csv", options=options)
        workspace.detect()
    enrol_all(folder / "club")
    return folder / "club"


@pytest.fixture(scope="session")
def club_app(club_folder: Path) -> FastAPI:
    """The application, made once: its routes and templates are the same for every workspace."""
    return create_app(club_folder, ConsoleSettings(ORIGIN))


@pytest.fixture
def console(club_folder: Path, club_app: FastAPI, tmp_path: Path) -> Served:
    """A console of one's own over a copy of the club's workspace; what lives in memory is new as well."""
    folder = tmp_path / "club"
    shutil.copytree(club_folder, folder)
    made = console_of(club_app)
    club_app.state.console = Console(opened(folder), ConsoleSettings(ORIGIN), made.pages, made.templates)
    return Served(folder, club_app)
