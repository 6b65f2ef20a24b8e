"""Tokens for programs."""

from __future__ import annotations

import html
import re

import pytest

from seawall.casebook import Role
from seawall.casebook.rules import Act
from tests.web.conftest import NAMES, Served


def test_a_token_is_shown_once_and_does_what_was_chosen(console: Served) -> None:
    """Its text stands on one page only; it is the person's, with the chosen scopes."""
    browser = console.as_(Role.LEAD)
    form = {"csrf": browser.csrf, "scope": ["read_health", "read_cases"], "days": "7"}
    page = browser.post("/you/tokens", data=form).text
    text = html.unescape(re.search(r'class="secret">([^<]+)<', page)[1])  # type: ignore[index]
    assert text not in browser.get("/you/tokens").text
    token = console.console.workspace.by_token(text)
    assert token is not None
    assert (token.name, token.scopes) == (NAMES[Role.LEAD], {Act.READ_HEALTH, Act.READ_CASES})


def test_a_token_is_taken_back(console: Served) -> None:
    """After that it opens nothing; another person cannot do it."""
    lea = console.workspace(Role.LEAD)
    text = lea.make_token(["read_cases"], 7)
    (token,) = lea.tokens()
    other = console.as_(Role.REVIEWER)
    assert other.post("/you/tokens/revoke", data={"csrf": other.csrf, "token_id": token.token_id}).status_code == 409
    assert console.console.workspace.by_token(text) is not None
    browser = console.as_(Role.LEAD)
    page = browser.post("/you/tokens/revoke", data={"csrf": browser.csrf, "token_id": token.token_id}).text
    assert "The token is taken back." in page
    assert console.console.workspace.by_token(text) is None


WRONG = {
    "nothing chosen": ({"days": "7"}, "scopes"),
    "not of the role": ({"scope": "read_audit", "days": "7"}, "scopes"),
    "what needs the person": ({"scope": "unmask", "days": "7"}, "scopes"),
    "no scope at all": ({"scope": "everything", "days": "7"}, "scopes"),
    "too long": ({"scope": "read_cases", "days": "9999"}, "days"),
    "no number": ({"scope": "read_cases", "days": "soon"}, "days"),
}


@pytest.mark.parametrize(("form", "field"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_is_told_beside_the_field(console: Served, form: dict[str, str], field: str) -> None:
    """A token beyond the role, without scope or without end is refused, with the reason beside the field."""
    browser = console.as_(Role.REVIEWER)
    answer = browser.post("/you/tokens", data={"csrf": browser.csrf, **form})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert console.workspace(Role.REVIEWER).tokens() == []
