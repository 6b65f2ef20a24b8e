"""What every route answers to whoever may ask for it: about their own thing, another person's, and one that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from seawall.casebook import Role
from tests.web.attack.club import Things
from tests.web.pages.seen import some_account, some_channel, some_place

NOWHERE = "Q-0000"
"""The id of nothing."""
Made = Callable[[Things, str], str]


@dataclass(frozen=True)
class Cell:
    """One route: what it is about, what is sent, and the status for each owner; None: there is no such owner."""

    own: int | None = None
    other: int | None = None
    nothing: int | None = None
    made: Made | None = None  # for "own" and "other"
    fields: dict[str, str] = field(default_factory=dict)  # {thing} stands for the id
    query: str = ""
    stranger: int | None = None  # the status for whoever is not signed in, where it is another one
    hidden_from: frozenset[Role] = frozenset()  # roles that the route's own rule keeps out
    apart: bool = False  # safeguarding sees its own only


KEEPERS = frozenset({Role.ADMINISTRATOR, Role.SAFEGUARDING})
NO_KEEPERS = frozenset(Role) - KEEPERS


def plain(status: int, stranger: int | None = None, **fields: str) -> Cell:
    """A route that is about no single thing."""
    return Cell(own=status, fields=fields, stranger=stranger)


def keeping(status: int, hidden_from: frozenset[Role] = NO_KEEPERS, **fields: str) -> Cell:
    """A route of those who keep people, or others of their kind."""
    return Cell(own=status, fields=fields, hidden_from=hidden_from)


def of_request(own: int, other: int, **fields: str) -> Cell:
    """A route about a request, which safeguarding does not see where it is another's, nor others where it is theirs."""
    return Cell(own, other, 404, Things.request, fields, apart=True)


CELLS: dict[str, Cell] = {
    "home": plain(303),
    "queue": plain(200),
    "queue.next": plain(303),
    "queue.together": Cell(200, 200, 200, Things.held, query="?case={thing}"),
    "queue.decide-together": Cell(
        200,
        200,
        422,
        Things.held,
        {"offered": "{thing}", "case": "{thing}", "outcome": "watch", "picked-watch": "1"},
    ),
    "queue.undo-together": Cell(303, 303, 303, Things.decided, {"case": "{thing}"}),
    "case": Cell(200, 200, 404, Things.held),
    "case.take": Cell(303, 409, 404, Things.held),
    "case.give-back": Cell(303, 409, 404, Things.held),
    "case.decide": Cell(303, 409, 404, Things.held, {"outcome": "watch", "picked-watch": "1"}),
    "case.undo": Cell(303, 409, 404, Things.decided),
    "case.draft": Cell(303, 303, 404, Things.held, {"note": "half"}),
    "case.reopen": Cell(303, 303, 404, Things.decided, {"reason": "The beds changed."}),
    "campaigns": plain(200),
    "campaigns.name": plain(422),
    "campaign": Cell(200, 200, 404, Things.campaign),
    "campaign.join": Cell(422, 422, 404, Things.campaign),
    "campaign.split": Cell(422, 422, 404, Things.campaign),
    "appeals": plain(200),
    "case.appeal": Cell(409, 409, 404, Things.decided, {"text": "My bed was taken."}),
    "appeal": Cell(nothing=404),
    "appeal.decide": Cell(nothing=404, fields={"outcome": "stands", "reason": "It was."}),
    "safeguarding": plain(200),
    "safeguarding.person": Cell(200, 200, 404, Things.person),
    "safeguarding.act": Cell(303, 303, 404, Things.person, {"act": "offer", "note": "By letter."}),
    "safeguarding.ask": Cell(409, 409, 404, Things.person, {"reason": "To reach her."}),
    "requests": plain(200),
    "requests.ask": plain(422),
    "request": of_request(200, 200),
    "request.answer": of_request(409, 303, answer="agree", reason="They do."),
    "request.hand-in": of_request(422, 422),
    "request.open": of_request(409, 409),
    "request.forget": of_request(303, 303),
    "audit": plain(200),
    "audit.verify": plain(200),
    "reviewers": keeping(200, frozenset({Role.REVIEWER, Role.ANALYST})),
    "reviewers.enrol": keeping(422),
    "reviewers.link": keeping(409, name="nobody"),
    "reviewers.role": plain(409, name="nobody", role="lead"),
    "reviewers.end-sessions": keeping(409, name="nobody"),
    "reviewers.remove": keeping(409, name="nobody"),
    "health": plain(200),
    "you": plain(200),
    "you.keep": plain(422),
    "you.sign-in": plain(200),
    "you.sign-in.password": plain(422),
    "you.sign-in.authenticator": plain(200),
    "you.sign-in.code": plain(422),
    "you.sign-in.forget-passkey": plain(409),
    "you.sign-in.elsewhere": plain(303),
    "you.tokens": plain(200),
    "you.tokens.make": plain(422),
    "you.tokens.revoke": Cell(303, 409, 409, Things.token, {"token_id": "{thing}"}),
    "sign-in": plain(303, 200),
    "sign-in.password": plain(422),
    "sign-in.link": Cell(nothing=200),
    "sign-in.use-link": plain(422),
    "sign-out": plain(303),
    "stay": plain(204),
    "sign-in.oidc": plain(404),
    "you.sign-in.oidc": plain(404),
    "sign-in.oidc-back": plain(404),
    "you.sign-in.forget-oidc": plain(303),
    "sign-in.passkey": plain(200),
    "sign-in.with-passkey": plain(422),
    "you.sign-in.passkey": plain(200),
    "you.sign-in.add-passkey": plain(409),
    "kept": plain(404),
    "kept.forget": plain(303),
    "livez": plain(200),
    "readyz": plain(200),
    "metrics": Cell(200, stranger=404, hidden_from=frozenset(Role) - {Role.LEAD, Role.AUDITOR, Role.ADMINISTRATOR}),
    "overview": plain(200),
    "overview.cases": plain(200),
    "overview.timeline": plain(200),
    "explore": plain(200),
    "explore.timeline": plain(200),
    "explore.network": plain(202),
    "explore.edge": plain(404),
    "explore.keep": plain(422),
    "explore.forget": plain(303),
    "places": plain(200),
    "places.place": Cell(
        other=200, nothing=404, made=lambda things, _: some_place(things.served), query="?place={thing}"
    ),
    "places.limits": plain(200),
    "places.survival": plain(200),
    "places.effect": plain(200),
    "places.successors": plain(200),
    "channel": Cell(other=200, nothing=404, made=lambda things, _: some_channel(things.served)),
    "account": Cell(other=200, nothing=404, made=lambda things, _: some_account(things.served)),
    "indicators": plain(200),
    "indicators.add": plain(422),
    "indicators.switch": plain(409),
    "indicator": Cell(200, 200, 404, Things.indicator),
    "indicator.second": Cell(409, 303, 404, Things.indicator),
    "indicator.promote": Cell(409, 409, 404, Things.indicator),
    "indicator.retract": Cell(303, 303, 404, Things.indicator, {"reason": "A mistake."}),
    "sources": plain(200),
    "quality": plain(200),
    "quality.golden": plain(422),
    "blind.next": plain(200),
    "blind.start": plain(200),
    "blind": Cell(200, 200, 404, Things.held),
    "blind.judge": Cell(409, 409, 404, Things.decided, {"outcome": "watch", "reason": "Dry."}),
}
