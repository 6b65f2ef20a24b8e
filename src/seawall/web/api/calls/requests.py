"""Requests that need two people: a program asks for the one; the other answers in person, in the console."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from seawall.casebook import RequestKind, RequestState
from seawall.casebook.requests import ASKING, MOST_SUBJECTS
from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.paging import cut
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Counted, Id, Paging, Shape, Words
from seawall.web.api.unseen import unseen
from seawall.web.refusals import Hidden

Kind = Literal["unmask", "sanction", "phrase list"]
"""Requests about the people of safeguarding stay in the console."""

calls = Calls("Requests")


class AnswerTold(Shape):
    """What the other person said."""

    by: str
    at: datetime
    agree: bool
    reason: str


class RequestTold(Shape):
    """A request."""

    request_id: str
    kind: Kind
    subjects: list[str]
    by: str
    at: datetime
    reason: str | None = Field(description="null: you have not given yours yet.")
    state: RequestState
    ends_at: datetime
    answers: list[AnswerTold]


class Asking(Shape):
    """What is asked for."""

    kind: Kind
    subjects: Annotated[list[Words], Field(min_length=1, max_length=MOST_SUBJECTS)] = Field(
        description="Pseudonyms; of a phrase list, ids of indicators or names of lists."
    )
    reason: Words


@calls.read("/requests", may=Act.READ_REQUESTS, name="requests", answer=Counted[RequestTold])
def requests(calling: Called, wanted: Annotated[Paging, Query()]) -> Counted[RequestTold]:
    """The requests that you may see, the latest first. The read is audited."""
    found = [one for one in calling.workspace.requests() if one.kind is not RequestKind.PEOPLE]
    rows, following = cut(found, wanted, "requests", lambda one: one.request_id)
    return Counted[RequestTold](rows=[RequestTold.made_of(one) for one in rows], next=following, total=len(found))


@calls.read("/requests/{request_id}", may=Act.READ_REQUESTS, name="request", answer=RequestTold)
def request(calling: Called, request_id: Id) -> RequestTold:
    """One request. The read is audited."""
    with unseen():
        found = calling.workspace.request(request_id)
    if found.kind is RequestKind.PEOPLE:
        raise Hidden
    return RequestTold.made_of(found)


@calls.act("/requests", may=Act.READ_REQUESTS, name="requests.ask", answer=RequestTold, status=201)
def ask(calling: Called, asking: Asking) -> RequestTold:
    """Ask for what needs two people.

    Besides `read_requests` the token needs the scope of what is asked for: `ask_unmask`, `ask_sanction` or `list`.
    """
    calling.need(ASKING[RequestKind(asking.kind)])
    return RequestTold.made_of(calling.workspace.ask(asking.kind, asking.subjects, asking.reason))
