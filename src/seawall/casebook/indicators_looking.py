"""Lists of indicators for pages: some at a time, counted in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, select

from seawall.casebook import indicators_rows as rows
from seawall.casebook.canonical import moment
from seawall.casebook.indicators_sightings import Count
from seawall.casebook.store import Store
from seawall.casebook.tables import indicator_banks, indicators, sightings
from seawall.model import CONTEXTS, HITS, MATCHING, Indicator, IndicatorStatus

_SWITCHED_OFF = tuple(sorted(one.value for one in MATCHING | {IndicatorStatus.PROPOSED}))


@dataclass(frozen=True, slots=True)
class IndicatorFilter:
    """Which indicators; None leaves nothing out."""

    bank: str | None = None
    kind: str | None = None
    status: str | None = None
    text: str = ""  # in the value or the id


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """Some indicators with how often they were seen."""

    rows: tuple[Indicator, ...]
    counts: Mapping[str, Count]  # of those that were seen
    listed_by: Mapping[str, str]  # who handed each of them in
    total: int


@dataclass(frozen=True, slots=True)
class Bank:
    """A list."""

    name: str
    entries: int
    waiting: int  # for a second person
    live: int
    shadow: int
    quarantined: int
    expired: int  # of those that would match
    enabled: bool
    switched_by: str | None  # who switched it last, and why
    reason: str | None
    switched_at: datetime | None


class IndicatorLooks:
    """What pages ask of the lists. Any method may raise StorageError: the disk refuses.

    Args:
        store: the casebook's.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, wanted: IndicatorFilter, *, page: int, most: int) -> IndicatorPage:
        """A page of indicators, by list and the order in which they were added.

        Args:
            wanted: which.
            page: from 1.
            most: so many a page.
        """
        with self._store.read() as connection:
            conditions = list(_conditions(connection, wanted))
            total = connection.scalar(select(func.count()).select_from(indicators).where(*conditions)) or 0
            query = select(indicators).where(*conditions).limit(most).offset(most * (page - 1))
            found = tuple(rows.listed(connection, query))
            ids = [one.id for one in found]
            by = select(indicators.c.id, indicators.c.added_by).where(indicators.c.id.in_(ids))
            listed_by = {row.id: row.added_by for row in connection.execute(by)} if ids else {}
            return IndicatorPage(found, _counts(connection, ids), listed_by, total)

    def banks(self, today: date) -> tuple[Bank, ...]:
        """Every list, by name; what expires is counted as of a day (UTC)."""
        with self._store.read() as connection:
            return tuple(_banks(connection, today))

    def sightings(self, indicator: str, *, page: int, most: int) -> tuple[pa.Table, int]:
        """``seawall.model.HITS`` of one indicator, the latest first, a page of them; and how many there are."""
        mine = sightings.c.indicator == indicator
        with self._store.read() as connection:
            total = connection.scalar(select(func.count()).select_from(sightings).where(mine)) or 0
            query = select(sightings).where(mine).order_by(sightings.c.at.desc(), sightings.c.message_id)
            found = connection.execute(query.limit(most).offset(most * (page - 1))).all()
        columns = {
            "indicator": [row.indicator for row in found],
            "message_id": [row.message_id for row in found],
            "sent_at": [moment(row.at) for row in found],
            "context": [CONTEXTS[row.context] for row in found],
            "disguised": [bool(row.disguised) for row in found],
        }
        return pa.table(columns, schema=HITS), total


def _conditions(connection: Connection, wanted: IndicatorFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.bank is not None:
        yield indicators.c.bank == wanted.bank
    if wanted.kind is not None:
        yield indicators.c.kind == wanted.kind
    if wanted.text.strip():
        text = wanted.text.strip()
        yield indicators.c.value.icontains(text, autoescape=True) | indicators.c.id.icontains(text, autoescape=True)
    if wanted.status is not None:
        off = and_(
            indicators.c.bank.in_(sorted(rows.disabled_banks(connection))), indicators.c.status.in_(_SWITCHED_OFF)
        )
        disabled = wanted.status == IndicatorStatus.DISABLED
        yield off if disabled else and_(indicators.c.status == wanted.status, not_(off))


def _counts(connection: Connection, ids: Collection[str]) -> dict[str, Count]:
    column = sightings.c
    query: Select[Any] = (
        select(column.indicator, func.sum(column.live), func.count(), func.min(column.at), func.max(column.at))
        .where(column.indicator.in_(ids))
        .group_by(column.indicator)
    )
    found = connection.execute(query).all() if ids else []
    return {
        one: Count(int(live), int(all_ - live), moment(first), moment(last)) for one, live, all_, first, last in found
    }


def _banks(connection: Connection, today: date) -> Iterator[Bank]:
    expired = (indicators.c.expires_on <= today.isoformat()).label("over")
    query = select(indicators.c.bank, indicators.c.status, expired, func.count()).group_by(
        indicators.c.bank, indicators.c.status, "over"
    )
    counted: dict[str, dict[tuple[str, bool], int]] = {}
    for bank, status, over, count in connection.execute(query):
        counted.setdefault(bank, {})[status, bool(over)] = count
    switched = {row.name: row for row in connection.execute(select(indicator_banks))}
    for name in sorted(counted):
        known, row = counted[name], switched.get(name)
        of = {status: sum(count for (one, _), count in known.items() if one == status) for status, _ in known}
        yield Bank(
            name=name,
            entries=sum(known.values()),
            waiting=of.get("proposed", 0),
            live=of.get("live", 0),
            shadow=of.get("shadow", 0),
            quarantined=of.get("quarantined", 0),
            expired=sum(known.get((status.value, True), 0) for status in MATCHING),
            enabled=row is None or bool(row.enabled),
            switched_by=row.by if row else None,
            reason=row.reason if row else None,
            switched_at=moment(row.at) if row else None,
        )
