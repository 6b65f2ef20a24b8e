"""Lists of known content: entries with owner, reason and end. A second person agrees in the console."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import Query
from pydantic import Field

from seawall.casebook.indicators_looking import IndicatorFilter
from seawall.casebook.rules import Act
from seawall.errors import InputError
from seawall.model import Indicator, IndicatorKind, IndicatorStatus
from seawall.web.api.calling import Called
from seawall.web.api.calls.case_acts import Stated
from seawall.web.api.paging import mark, place, strange
from seawall.web.api.problem import Unfit, Wrong
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Counted, Id, Name, Paging, Shape, Value, Words
from seawall.web.api.unseen import unseen
from seawall.workspace import Terms
from seawall.workspace.looking_indicators import A_PAGE, IndicatorSeen

calls = Calls("Indicators")


class WantedIndicators(Paging):
    """Which entries."""

    bank: Name | None = Field(None, description="The list that they stand in.")
    kind: IndicatorKind | None = None
    status: IndicatorStatus | None = None
    text: Name = Field("", description="In the value or the id.")


class IndicatorRow(Shape):
    """An entry of a list."""

    id: str
    kind: IndicatorKind
    value: str
    bank: str
    source: str
    owner: str
    added_on: date
    confidence: int
    expires_on: date
    status: IndicatorStatus
    seconded_by: str | None


class SightingTold(Shape):
    """A message that carries the entry, by id."""

    message_id: str
    sent_at: datetime
    context: str
    disguised: bool


class IndicatorTold(IndicatorRow):
    """An entry with what it hit."""

    reason: str | None = Field(
        description="null: you are to agree as a second person, and give your own thought first."
    )
    listed_by: str
    expired: bool
    ended_reason: str | None
    sightings: list[SightingTold] = Field(description="The latest 200.")
    sightings_total: int

    @classmethod
    def told(cls, seen: IndicatorSeen) -> Self:
        """An entry as one person may see it."""
        one = seen.indicator
        return cls(
            **IndicatorRow.made_of(one).model_dump(),
            reason=one.reason if seen.shows_reason else None,
            listed_by=seen.listed_by,
            expired=seen.expired,
            ended_reason=seen.ended_reason,
            sightings=[SightingTold.made_of(each) for each in seen.sightings],
            sightings_total=seen.sightings_total,
        )


class BankTold(Shape):
    """A list."""

    name: str
    entries: int
    waiting: int
    live: int
    shadow: int
    quarantined: int
    expired: int
    enabled: bool


class Banks(Shape):
    """All lists."""

    rows: list[BankTold]


class Listing(Shape):
    """What is to be listed."""

    kind: IndicatorKind
    value: Value
    bank: Words
    reason: Words
    source: Words = "by hand"
    expires_on: date | None = Field(None, description="The first day (UTC) on which it matches no more; 90 days.")
    live: bool = Field(False, description="Whether hits alert; otherwise they are only counted.")


class Switching(Shape):
    """A list that is switched off or on."""

    bank: Words
    reason: Words


class Switched(Shape):
    """A list that was switched."""

    bank: str
    enabled: bool
    entries: int


@calls.read("/indicators", may=Act.READ_INDICATORS, name="indicators", answer=Counted[IndicatorRow])
def indicators(calling: Called, wanted: Annotated[WantedIndicators, Query()]) -> Counted[IndicatorRow]:
    """Entries by list, in the order in which they were added. A page may have fewer rows than `limit`."""
    start = 0 if wanted.after is None else int(place(wanted.after, "indicators", int)[0])
    if start < 0:
        raise strange()
    asked = IndicatorFilter(wanted.bank, wanted.kind, wanted.status, wanted.text)
    page, first = divmod(start, A_PAGE)
    seen = calling.workspace.indicators_seen(asked, page=page + 1)[1]
    rows = seen.rows[first : first + wanted.limit]
    after = start + len(rows)
    following = mark("indicators", after) if rows and after < seen.total else None
    return Counted[IndicatorRow](rows=[IndicatorRow.made_of(one) for one in rows], next=following, total=seen.total)


@calls.read("/indicators/lists", may=Act.READ_INDICATORS, name="indicators.lists", answer=Banks)
def banks(calling: Called) -> Banks:
    """The lists, by name."""
    return Banks(rows=[BankTold.made_of(one) for one in calling.workspace.indicators_seen(IndicatorFilter())[0]])


@calls.read("/indicators/{indicator_id}", may=Act.READ_INDICATORS, name="indicator", answer=IndicatorTold)
def indicator(calling: Called, indicator_id: Id) -> IndicatorTold:
    """One entry with what it hit. The read is audited."""
    with unseen():
        return IndicatorTold.told(calling.workspace.indicator_seen(indicator_id))


@calls.act("/indicators", may=Act.LIST, name="indicators.add", answer=IndicatorRow, status=201)
def add(calling: Called, listing: Listing) -> IndicatorRow:
    """List one thing; a phrase or a word then waits for a second person."""
    terms = Terms(listing.bank, listing.reason, listing.source, expires_on=listing.expires_on, live=listing.live)
    try:
        made: Indicator = calling.workspace.indicators.add(listing.kind, listing.value, terms)
    except InputError as error:
        raise Unfit([Wrong(error.what, pointer="#/value")]) from None
    return IndicatorRow.made_of(made)


@calls.act("/indicators/lists/disable", may=Act.LIST, name="indicators.disable", answer=Switched)
def disable(calling: Called, switching: Switching) -> Switched:
    """Switch a whole list off."""
    count = calling.workspace.indicators.disable(switching.bank, switching.reason)
    return Switched(bank=switching.bank, enabled=False, entries=count)


@calls.act("/indicators/lists/enable", may=Act.LIST, name="indicators.enable", answer=Switched)
def enable(calling: Called, switching: Switching) -> Switched:
    """Switch a whole list on again."""
    count = calling.workspace.indicators.enable(switching.bank, switching.reason)
    return Switched(bank=switching.bank, enabled=True, entries=count)


@calls.act("/indicators/{indicator_id}/promote", may=Act.LIST, name="indicator.promote", answer=IndicatorRow)
def promote(calling: Called, indicator_id: Id, stated: Stated) -> IndicatorRow:
    """Let an entry alert that was counted only, or was in quarantine."""
    known, lists = indicator(calling, indicator_id).id, calling.workspace.indicators
    lists.promote(known, reason=stated.reason)
    return IndicatorRow.made_of(lists.one(known)[0])


@calls.act("/indicators/{indicator_id}/retract", may=Act.LIST, name="indicator.retract", answer=IndicatorRow)
def retract(calling: Called, indicator_id: Id, stated: Stated) -> IndicatorRow:
    """Take an entry back for good; what it has found stays."""
    known, lists = indicator(calling, indicator_id).id, calling.workspace.indicators
    lists.retract(known, reason=stated.reason)
    return IndicatorRow.made_of(lists.one(known)[0])
