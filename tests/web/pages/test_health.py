"""Health, for people and for programs."""

from __future__ import annotations

import shutil

from seawall.casebook import Role
from seawall.casebook.rules import Act
from seawall.web.app import create_app
from seawall.web.settings import ConsoleSettings
from tests.web.conftest import Browser, Served


def test_a_whole_workspace_is_well(console: Served) -> None:
    """Everything that is tried works, and the files are as they were written."""
    page = console.as_(Role.LEAD).get("/health?files=yes").text
    assert "Everything that was tried works." in page
    assert "Every file is as it was written." in page


def test_a_lake_that_is_gone_is_told(console: Served) -> None:
    """Without its records the console is not ready, and the page says which part."""
    browser = console.as_(Role.LEAD)
    assert browser.get("/readyz").json() == {"status": "ok"}
    shutil.rmtree(console.folder / "lake")
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
    assert "Something does not work" in browser.get("/health").text


def test_metrics_count_requests_without_names(console: Served) -> None:
    """Requests are counted by the names of routes; no path, person or account is in them."""
    browser = console.as_(Role.LEAD)
    browser.get("/health")
    told = browser.get("/metrics").text
    assert 'seawall_console_requests_total{route="health",status="200"} 1.0' in told
    assert "seawall_console_cases{" in told
    assert console.names[Role.LEAD] not in told


def test_metrics_are_not_for_strangers(console: Served) -> None:
    """Through the public name nobody reads them without a session or a token with the scope."""
    app = create_app(console.folder, ConsoleSettings("https://console.example"))
    stranger = Browser(app, base_url="https://console.example")
    assert stranger.get("/metrics", follow_redirects=False).status_code == 404
    lead = console.workspace(Role.LEAD)
    right, wrong = (lead.make_token([act.scope], 1) for act in (Act.READ_HEALTH, Act.READ_CASES))
    assert stranger.get("/metrics", headers={"authorization": f"Bearer {right}"}).status_code == 200
    assert stranger.get("/metrics", headers={"authorization": f"Bearer {wrong}"}).status_code == 404
