"""Who is enrolled. Letting somebody in, or changing what they may do, is done in the console, in person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query

from seawall.casebook import Role
from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.paging import cut
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Counted, Paging, Shape

calls = Calls("People")


class PersonTold(Shape):
    """A colleague."""

    name: str
    role: Role
    queues: list[str]
    can_sign_in: bool
    seen_at: datetime | None


@calls.read("/people", may=Act.READ_PEOPLE, name="people", answer=Counted[PersonTold])
def people(calling: Called, wanted: Annotated[Paging, Query()]) -> Counted[PersonTold]:
    """Who is enrolled, by name; an empty list of queues means every queue."""
    found = calling.workspace.people()
    rows, following = cut(found, wanted, "people", lambda one: one.name)
    told = [
        PersonTold(
            name=one.name,
            role=one.role,
            queues=sorted(one.queues),
            can_sign_in=one.can_sign_in,
            seen_at=one.seen_at,
        )
        for one in rows
    ]
    return Counted[PersonTold](rows=told, next=following, total=len(found))
