"""Identifiers planted wherever platforms put them, and then every page, export, error and file is searched for them."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

import seawall
from seawall.casebook import Role
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.web.app import create_app
from seawall.web.pages import PAGES
from seawall.web.routes import together
from seawall.web.settings import ConsoleSettings
from seawall.workspace import Workspace, make_reviewer_key
from tests.planted import MARK, Marks, write_all
from tests.test_privacy import found_in
from tests.web.conftest import ORIGIN, Browser, Served, enrol_all

LINK = re.compile(r'(?:href|action|src|hx-get)="(/[^"#]*)')
MOST_PAGES = 110
PAGES_ALONE = [route.path for route in together(module.pages for module in PAGES).routes if "{" not in route.path]


def crawled(browser: Browser) -> str:
    """Whatever the person can read by following links from every page: addresses, headers and bodies."""
    waiting = [path for path in PAGES_ALONE if path not in ("/sign-in/organisation", "/sign-out")]
    waiting += ["/explore?view=table", "/explore?view=network", "/explore/network.json", "/nowhere", "/cases/C-0000"]
    seen, told = set(waiting), []
    for path in waiting:
        answer = browser.get(path, follow_redirects=False)
        told.append(f"{path} {answer.headers} {answer.text}")
        for link in LINK.findall(answer.text):
            link = link.replace("&amp;", "&")
            if link not in seen and len(seen) < MOST_PAGES and not link.startswith("/static/"):
                seen.add(link)
                waiting.append(link)
    for path in ("/cases/C-0000/take", "/requests", "/indicators/add", "/campaigns"):
        answer = browser.post(path, data={"csrf": browser.csrf})
        told.append(f"{answer.headers} {answer.text}")
    return "\n".join(told)


def filled(folder: Path, marks: Marks, rows: int) -> Path:
    """A workspace with a vault in which the exports are, examined."""
    exports, workspace = folder / "exports", folder / "club"
    exports.mkdir()
    keys = [make_reviewer_key(folder / f"person{place}", f"seven tulips {place}")[0].read_text() for place in (1, 2)]
    with Workspace.create(workspace, identities="vault", reviewer_keys=keys, reviewer="ada") as opened:
        for number, (export, told) in enumerate(write_all(exports, marks, rows=rows)):
            renamed = export.rename(exports / f"export{number}{export.suffix}")
            given = dict(zip(told[::2], told[1::2], strict=True))
            visibility = Visibility(given["--visibility"]) if "--visibility" in given else None
            opened.add(renamed, options=ReadOptions(visibility=visibility), basis=given.get("--basis"))
        opened.detect()
    return workspace


def search(folder: Path, rows: int, least: int, caplog: pytest.LogCaptureFixture) -> None:
    """Plant, open the console for a lead and an auditor, and look everywhere but in the vault."""
    marks = Marks()
    workspace = filled(folder, marks, rows)
    assert marks.planted >= least
    enrol_all(workspace)
    served = Served(workspace, create_app(workspace, ConsoleSettings(ORIGIN)))
    with caplog.at_level(logging.DEBUG):
        for role in (Role.LEAD, Role.AUDITOR):
            assert not MARK.findall(crawled(served.as_(role)).encode()), role
    assert not MARK.findall(caplog.text.encode())
    with seawall.open(workspace, reviewer=served.names[Role.LEAD]) as opened:
        opened.brief(folder / "brief.html")
    assert not MARK.findall((folder / "brief.html").read_bytes())
    assert {one for one in found_in(workspace) if not one.startswith("vault/")} == set()


def test_none_of_some_hundred_is_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """500 handles, names, addresses, links and mentions are on no page, in no log, address, error, export or file."""
    search(tmp_path, 6, 500, caplog)


@pytest.mark.verify
def test_none_of_ten_thousand_is_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """10,000 of them are not, either."""
    search(tmp_path, 95, 10_000, caplog)
