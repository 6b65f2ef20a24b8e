"""Lists of indicators as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seawall.casebook.indicators_looking import Bank, IndicatorFilter, IndicatorPage
from seawall.casebook.indicators_sightings import Count
from seawall.casebook.rules import person_key
from seawall.model import Indicator, IndicatorStatus
from seawall.workspace.looking_messages import MessageSeen, messages_of
from seawall.workspace.opened import OpenedFolder

A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message that carries an indicator."""

    message_id: str
    sent_at: datetime
    context: str
    disguised: bool
    message: MessageSeen | None  # None where it has gone since


@dataclass(frozen=True, slots=True)
class IndicatorSeen:
    """One indicator with what it hit."""

    indicator: Indicator
    listed_by: str
    mine: bool  # whether the person who looks has listed it
    expired: bool
    ended_reason: str | None
    sightings: tuple[Sighting, ...]  # a page, the latest first
    sightings_total: int
    counts: Count | None  # None where it was never seen

    @property
    def shows_reason(self) -> bool:
        """Whether the reason may be seen: not by the second person before they have agreed."""
        return self.mine or self.indicator.status is not IndicatorStatus.PROPOSED


def indicators_seen(
    workspace: OpenedFolder, wanted: IndicatorFilter, page: int
) -> tuple[tuple[Bank, ...], IndicatorPage]:
    """See ``Looking.indicators_seen``."""
    book = workspace.casebook.indicators
    return book.looks.banks(book.today), book.looks.page(wanted, page=page, most=A_PAGE)


def indicator_seen(workspace: OpenedFolder, id_: str, page: int) -> IndicatorSeen:
    """See ``Looking.indicator_seen``."""
    book = workspace.casebook.indicators
    one = book.one(id_)
    found = book.looks.page(IndicatorFilter(text=one.id), page=1, most=1)
    table, total = book.looks.sightings(one.id, page=page, most=A_PAGE)
    messages = messages_of(workspace, table["message_id"].to_pylist())
    return IndicatorSeen(
        indicator=one,
        listed_by=found.listed_by.get(one.id, ""),
        mine=person_key(found.listed_by.get(one.id, "")) == person_key(workspace.reviewer),
        expired=book.today >= one.expires_on,
        ended_reason=book.ended_reason(one.id),
        sightings=tuple(
            Sighting(
                row["message_id"], row["sent_at"], row["context"], row["disguised"], messages.get(row["message_id"])
            )
            for row in table.to_pylist()
        ),
        sightings_total=total,
        counts=found.counts.get(one.id),
    )
