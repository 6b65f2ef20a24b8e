"""A person's own settings."""

from __future__ import annotations

import re

import pytest

from seawall.casebook import Role
from tests.web.conftest import Served

CHOSEN = {"theme": "dark", "language": "en", "break_after": "30", "grey": "yes"}


def test_settings_are_kept_and_shown(console: Served) -> None:
    """What was chosen is on the next page, and the page itself has the chosen colours."""
    browser = console.as_(Role.REVIEWER)
    answer = browser.post("/you", data={"csrf": browser.csrf, **CHOSEN})
    assert 'data-theme="dark"' in answer.text
    assert "Your settings are kept." in answer.text
    assert "Your settings are kept." not in browser.get("/you").text
    kept = console.workspace(Role.REVIEWER).preferences(console.names[Role.REVIEWER])
    assert (kept["blur"], kept["grey"], kept["mute"], kept["break_after"]) == (False, True, False, 30)


@pytest.mark.parametrize(("field", "value"), [("break_after", "soon"), ("break_after", "9999"), ("theme", "loud")])
def test_what_is_wrong_stands_beside_its_field(console: Served, field: str, value: str) -> None:
    """A choice that there is not is told beside the field, which keeps what was typed elsewhere; nothing is kept."""
    browser = console.as_(Role.REVIEWER)
    answer = browser.post("/you", data={"csrf": browser.csrf, **CHOSEN, field: value})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="{field}-wrong"', answer.text)
    assert f'id="{field}-wrong"' in answer.text
    assert console.workspace(Role.REVIEWER).preferences(console.names[Role.REVIEWER])["theme"] == "system"


def test_they_are_private(console: Served) -> None:
    """One person's settings are not another's."""
    browser = console.as_(Role.REVIEWER)
    browser.post("/you", data={"csrf": browser.csrf, **CHOSEN})
    assert "data-theme" not in console.as_(Role.LEAD).get("/you").text
