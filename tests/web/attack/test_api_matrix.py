"""Role x call x owner: what programs are answered, made from the calls that the interface declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from seawall.casebook import Role
from seawall.casebook.rules import PERMITTED, Act
from seawall.casebook.tokens import IN_PERSON
from seawall.web.api import PREFIX
from seawall.web.api.calls import CALLS
from seawall.web.routes import PUBLIC, SIGNED_IN, Declared, together
from tests.web.api.conftest import calling, token_of
from tests.web.attack.cells import NOWHERE, Made
from tests.web.attack.club import Things
from tests.web.attack.test_matrix import MAKERS, USUAL
from tests.web.conftest import Served, TestClient
from tests.web.pages.seen import some_account, some_channel

ROUTES = together(module.calls for module in CALLS).routes
REASON = {"reason": "It is what a club ordinarily does."}
DECIDING = {"outcome": "watch", **REASON}


@dataclass(frozen=True)
class Called:
    """One call: what it is about, what is sent, and the status for one's own thing, another's, and none."""

    own: int | None = None
    other: int | None = None
    nothing: int | None = None
    made: Made | None = None
    body: dict[str, Any] = field(default_factory=dict)


def plain(status: int, **body: Any) -> Called:
    """A call that is about no single thing."""
    return Called(own=status, body=body)


CELLS: dict[str, Called] = {
    "api.document": plain(200),
    "api.token": plain(200),
    "api.cases": plain(200),
    "api.case": Called(200, 200, 404, Things.held),
    "api.case.alike": Called(200, 200, 404, Things.held),
    "api.cases.next": plain(200),
    "api.case.take": Called(200, 409, 404, Things.held),
    "api.case.give-back": Called(200, 409, 404, Things.held),
    "api.case.reopen": Called(200, 200, 404, Things.decided, REASON),
    "api.case.appeal": Called(409, 409, 404, Things.decided, {"text": "My bed was taken."}),
    "api.case.decide": Called(200, 409, 404, Things.held, DECIDING),
    "api.case.undo": Called(200, 409, 404, Things.decided),
    "api.cases.decide": plain(422),
    "api.alerts": plain(200),
    "api.case.alerts": Called(200, 200, 404, Things.held),
    "api.campaigns": plain(200),
    "api.campaign": Called(200, 200, 404, Things.campaign),
    "api.campaigns.name": plain(422),
    "api.campaign.join": Called(404, 404, 404, Things.campaign, {"cases": [NOWHERE], **REASON}),
    "api.campaign.split": Called(404, 404, 404, Things.campaign, {"cases": [NOWHERE], **REASON}),
    "api.appeals": plain(200),
    "api.appeal": Called(nothing=404),
    "api.appeal.decide": Called(nothing=404, body={"outcome": "stands", **REASON}),
    "api.requests": plain(200),
    "api.request": Called(200, 200, 404, Things.request),
    "api.requests.ask": plain(422),
    "api.indicators": plain(200),
    "api.indicators.lists": plain(200),
    "api.indicator": Called(200, 200, 404, Things.indicator),
    "api.indicators.add": plain(422),
    "api.indicators.disable": plain(422),
    "api.indicators.enable": plain(422),
    "api.indicator.promote": Called(409, 409, 404, Things.indicator, REASON),
    "api.indicator.retract": Called(200, 200, 404, Things.indicator, REASON),
    "api.sources": plain(200),
    "api.coverage": plain(200),
    "api.overview": plain(200),
    "api.timeline": plain(200),
    "api.network": plain(200),
    "api.places": plain(200),
    "api.places.emerging": plain(200),
    "api.survival": plain(200),
    "api.effects": plain(200),
    "api.successors": plain(200),
    "api.account": Called(other=200, nothing=404, made=lambda things, _: some_account(things.served)),
    "api.channel": Called(other=200, nothing=404, made=lambda things, _: some_channel(things.served)),
    "api.audit": plain(200),
    "api.audit.verify": plain(200),
    "api.people": plain(200),
    "api.quality": plain(200),
    "api.health": plain(200),
}


def test_no_call_goes_without_a_cell() -> None:
    """Each call says what it answers about one's own thing, another's and none; and no cell is about no call."""
    assert set(CELLS) == {route.name for route in ROUTES}


def asked(client: TestClient, route: Declared, thing: str) -> httpx.Response:
    """The answer to one call about a thing."""
    before, _, rest = route.path.removeprefix(f"{PREFIX}/").partition("{")
    path = before + (quote(thing) + rest.partition("}")[2] if rest else "")
    body = CELLS[route.name].body if route.method == "POST" else None
    answer: httpx.Response = client.request(route.method, path, json=body)
    return answer


def able(role: Role, route: Declared) -> bool:
    """Whether a token of this role, with every scope that it can have, opens the call."""
    may = route.may
    return may in (PUBLIC, SIGNED_IN) or (isinstance(may, Act) and may in PERMITTED[role] - IN_PERSON)


@pytest.mark.parametrize(
    "role",
    [pytest.param(role, marks=[] if role in USUAL else [pytest.mark.verify], id=role.value) for role in Role],
)
def test_every_cell(console: Served, role: Role) -> None:
    """The status is the declared one; whoever is kept out reads the same where something is and where nothing is."""
    things, client = Things(console, role), calling(console, token_of(console, role))
    wrong: list[tuple[str, str, int, int]] = []
    hidden: set[str] = set()
    for route in ROUTES:
        cell = CELLS[route.name]
        for owner in ("own", "other", "nothing"):
            declared = getattr(cell, owner)
            if declared is None or (owner == "own" and cell.made is not None and role not in MAKERS):
                continue
            apart = role is Role.SAFEGUARDING and owner == "other" and cell.made is Things.request
            wanted = declared if able(role, route) and not apart else 404
            thing = NOWHERE if cell.made is None or owner == "nothing" else cell.made(things, owner)
            answer = asked(client, route, thing)
            status = 200 if answer.status_code == 202 else answer.status_code  # 202: the network is being computed
            if status != wanted:
                wrong.append((route.name, owner, wanted, status))
            assert "The note of other." not in answer.text, route.name
            if wanted == 404 and answer.status_code == 404:
                hidden.add(str(answer.json() | {"request_id": "", "instance": ""}))
    assert wrong == []
    assert len(hidden) <= 1
