"""The audit: who did what and who looked at what, and whether that record is whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field, StringConstraints

from seawall.casebook.rules import Act
from seawall.errors import ConfigurationError
from seawall.web.api.calling import Called
from seawall.web.api.paging import mark, place
from seawall.web.api.problem import Unfit, Wrong
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Counted, Name, Paging, Shape

Checkpoint = Annotated[str, StringConstraints(pattern=r"^(\{|\d{1,18}:[0-9a-zA-Z]+$)", max_length=4000)]
"""Never the name of a file of this machine."""

calls = Calls("Audit")


class WantedEntries(Paging):
    """Which entries."""

    person: Name = ""
    act: Name = ""


class EntryTold(Shape):
    """An act, or a read of personal data."""

    sequence: int
    at: datetime
    by: str
    act: str
    detail: dict[str, Any]
    previous: str
    hash: str


class Verifying(Shape):
    """What the audit is compared with."""

    against: Checkpoint | None = Field(None, description="A checkpoint or a head that was kept elsewhere.")


class Verified(Shape):
    """Whether the audit is whole."""

    whole: bool
    problems: list[str]
    head: str


@calls.read("/audit", may=Act.READ_AUDIT, name="audit", answer=Counted[EntryTold])
def audit(calling: Called, wanted: Annotated[WantedEntries, Query()]) -> Counted[EntryTold]:
    """The entries, the newest first."""
    before = None if wanted.after is None else int(place(wanted.after, "audit", int)[0])
    page = calling.workspace.audit_page(before=before, person=wanted.person, act=wanted.act, limit=wanted.limit)
    rows = [
        EntryTold(
            sequence=one.sequence,
            at=datetime.fromisoformat(one.at),
            by=one.actor,
            act=one.act,
            detail=one.detail,
            previous=one.previous,
            hash=one.hash,
        )
        for one in page.rows
    ]
    following = None if page.next is None else mark("audit", page.next)
    return Counted[EntryTold](rows=rows, next=following, total=page.total)


@calls.act("/audit/verify", may=Act.READ_AUDIT, name="audit.verify", answer=Verified)
def verify(calling: Called, verifying: Verifying) -> Verified:
    """Go through the whole chain, and compare it with what was kept elsewhere."""
    try:
        problems, head = calling.workspace.verify_audit(verifying.against)
    except ConfigurationError as error:
        raise Unfit([Wrong(error.what, pointer="#/against")]) from None
    return Verified(whole=not problems, problems=problems, head=head)
