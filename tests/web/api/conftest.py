"""Programs that call the console, each with a token of the person of a role."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest

from seawall.casebook import Role
from seawall.casebook.rules import PERMITTED, Act
from seawall.casebook.tokens import IN_PERSON
from seawall.web.api import PREFIX
from tests.web.conftest import ORIGIN, Served, TestClient

Program = Callable[..., TestClient]


def token_of(served: Served, role: Role, scopes: Collection[Act] | None = None) -> str:
    """A token of the person of a role; with every scope that it can have, unless told otherwise."""
    chosen = PERMITTED[role] - IN_PERSON if scopes is None else scopes
    return served.console.acting_as(served.names[role]).make_token([act.scope for act in chosen], 7)


def calling(served: Served, token: str | None) -> TestClient:
    """A client of the interface with a token, or without one."""
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return TestClient(served.app, base_url=f"{ORIGIN}{PREFIX}/", headers=headers)


@pytest.fixture
def program(console: Served) -> Program:
    """A client that acts for the person of a role."""

    def made(role: Role = Role.LEAD, scopes: Collection[Act] | None = None) -> TestClient:
        return calling(console, token_of(console, role, scopes))

    return made
