"""Short looks at the casebook for pages: what waits, and which claims are about a thing. Only what is shown is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from seawall.casebook import shelf, tables
from seawall.casebook.canonical import micros
from seawall.casebook.chunks import chunks
from seawall.casebook.records import from_body
from seawall.casebook.store import Store
from seawall.casebook.tables_review import case_detectors
from seawall.model import Alert, Severity

DECIDED = "decided"
SURGE = "surge"

_FAMILIES: dict[str, tuple[str, Mapping[str, Any]]] = {}
"""Family -> detector and parameters, of which it is the hash: what was looked up once holds for every casebook."""


@dataclass(frozen=True, slots=True)
class Glance:
    """An alert in its latest revision, and where its case stands."""

    alert_id: str
    case_id: str
    status: str
    alert: Alert


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases wait for a person, by severity, and how many are decided."""

    open: Mapping[Severity, int]
    decided: int
    gravest: str | None  # the sentence of the first in the order of priority
    gravest_id: str | None

    @property
    def total(self) -> int:
        """Cases that wait."""
        return sum(self.open.values())


class Glances:
    """What pages ask of a casebook. Any method may raise StorageError: the disk refuses.

    Args:
        store: the casebook's.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self, own: Collection[str] = ()) -> Waiting:
        """The cases that are not decided, counted.

        Args:
            own: the detectors whose cases the reader may see; none = all.
        """
        cases = tables.cases.c
        speaking = select(case_detectors.c.case_id).where(case_detectors.c.detector.in_(sorted(own)))
        seen = cases.case_id.in_(speaking) if own else true()
        with self._store.read() as connection:
            counted = connection.execute(
                select(cases.severity, (cases.status == DECIDED).label("done"), func.count())
                .where(seen)
                .group_by(cases.severity, "done")
            ).all()
            first = connection.execute(
                select(cases.case_id, cases.sentence)
                .where(seen, cases.status != DECIDED)
                .order_by(cases.severity.desc(), cases.confidence.desc(), cases.case_id)
                .limit(1)
            ).one_or_none()
        found = dict.fromkeys(reversed(Severity), 0)
        for rank, decided, count in counted:
            if not decided:
                found[list(Severity)[rank]] += count
        decided = sum(count for _, done, count in counted if done)
        return Waiting(found, decided, first.sentence if first else None, first.case_id if first else None)

    def by_status(self) -> dict[str, int]:
        """How many cases there are of each status."""
        cases = tables.cases.c
        with self._store.read() as connection:
            rows = connection.execute(select(cases.status, func.count().label("cases")).group_by(cases.status))
            return {row.status: row.cases for row in rows}

    def about(self, kind: str, id_: str, *, most: int, own: Collection[str] = ()) -> tuple[tuple[Glance, ...], int]:
        """The alerts that name a subject, the latest first, and how many there are.

        Args:
            kind: of ``seawall.model.Subject``: "account", "channel", ...
            id_: its id.
            most: so many are read.
            own: the detectors whose cases the reader may see; none = all.
        """
        mine = select(tables.marks.c.alert_id).where(tables.marks.c.id == id_, tables.marks.c.kind == kind)
        with self._store.read() as connection:
            chosen = and_(tables.alerts.c.alert_id.in_(mine), _seen(connection, own))
            total = connection.scalar(select(func.count()).select_from(tables.alerts).where(chosen)) or 0
            return _read(connection, _latest_first(most).where(chosen)), total

    def of_detectors(self, detectors: Collection[str], *, most: int, own: Collection[str] = ()) -> tuple[Glance, ...]:
        """The latest alerts of some detectors whose case waits.

        Args:
            detectors: their names.
            most: so many are read.
            own: the detectors whose cases the reader may see; none = all.
        """
        return self.of_sorts({"": detectors}, most=most, own=own)[""]

    def of_sorts(
        self, sorts: Mapping[str, Collection[str]], *, most: int, own: Collection[str] = ()
    ) -> dict[str, tuple[Glance, ...]]:
        """For each sort the latest alerts of its detectors whose case waits.

        Args:
            sorts: a sort -> the names of its detectors.
            most: so many are read of each.
            own: the detectors whose cases the reader may see; none = all.
        """
        with self._store.read() as connection:
            known = _families(connection)
            return {sort: _waiting_of(connection, known, detectors, most, own) for sort, detectors in sorts.items()}

    def page(
        self, *, most: int, after: tuple[datetime, str] | None = None, own: Collection[str] = ()
    ) -> tuple[Glance, ...]:
        """All alerts, the latest first.

        Args:
            most: so many are read.
            after: when the last one of the page before begins (UTC), and its id.
            own: the detectors whose cases the reader may see; none = all.
        """
        alerts = tables.alerts.c
        with self._store.read() as connection:
            query = _latest_first(most).where(_seen(connection, own))
            if after is not None:
                starts, alert_id = micros(after[0]), after[1]
                query = query.where(
                    or_(alerts.starts < starts, and_(alerts.starts == starts, alerts.alert_id > alert_id))
                )
            return _read(connection, query)

    def surges(
        self, platform: str, start: datetime, end: datetime, *, most: int, own: Collection[str] = ()
    ) -> tuple[Glance, ...]:
        """The surges of a whole platform that overlap [start, end), the latest first.

        Args:
            platform: its name.
            start: UTC.
            end: UTC.
            most: so many are read.
            own: the detectors whose cases the reader may see; none = all.
        """
        if own and SURGE not in own:
            return ()
        mine = select(tables.marks.c.alert_id).where(tables.marks.c.id == platform, tables.marks.c.kind == "platform")
        alerts = tables.alerts.c
        with self._store.read() as connection:
            families = [
                name
                for name, (detector, parameters) in _families(connection).items()
                if detector == SURGE and "platform" in parameters.get("kinds", ())
            ]
            query = _latest_first(most).where(
                alerts.family.in_(families),
                alerts.alert_id.in_(mine),
                alerts.starts < micros(end),
                alerts.ends > micros(start),
            )
            return _read(connection, query) if families else ()


def _waiting_of(
    connection: Connection,
    known: Mapping[str, tuple[str, Mapping[str, Any]]],
    detectors: Collection[str],
    most: int,
    own: Collection[str],
) -> tuple[Glance, ...]:
    wanted = {one for one in detectors if not own or one in own}
    families = [name for name, (detector, _) in known.items() if detector in wanted]
    if not families:
        return ()
    query = _latest_first(most).where(tables.alerts.c.family.in_(families), tables.cases.c.status != DECIDED)
    return _read(connection, query)


def _by(connection: Connection, detectors: Collection[str]) -> ColumnElement[bool]:
    families = [name for name, (detector, _) in _families(connection).items() if detector in detectors]
    return tables.alerts.c.family.in_(families)


def _seen(connection: Connection, own: Collection[str]) -> ColumnElement[bool]:
    return _by(connection, own) if own else true()


def _latest_first(most: int) -> Select[Any]:
    alerts = tables.alerts.c
    return (
        select(alerts.alert_id, alerts.case_id, tables.cases.c.status)
        .join(tables.cases, tables.cases.c.case_id == alerts.case_id)
        .order_by(alerts.starts.desc(), alerts.alert_id)
        .limit(most)
    )


def _read(connection: Connection, query: Select[Any]) -> tuple[Glance, ...]:
    """The alerts of a query, with their bodies."""
    rows: Sequence[Any] = connection.execute(query).all()
    bodies = dict(_bodies(connection, [row.alert_id for row in rows]))
    return tuple(Glance(row.alert_id, row.case_id, row.status, bodies[row.alert_id]) for row in rows)


def _bodies(connection: Connection, alert_ids: Iterable[str]) -> Iterable[tuple[str, Alert]]:
    for some in chunks(alert_ids):
        for row in connection.execute(shelf.latest().where(tables.alerts.c.alert_id.in_(some))):
            yield row.alert_id, from_body(row.body, row.lake_version)


def _families(connection: Connection) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Detector and parameters of each family that this casebook has; one alert of each is read, once."""
    alerts = tables.alerts.c
    firsts = {
        row.family: row.first
        for row in connection.execute(
            select(alerts.family, func.min(alerts.alert_id).label("first")).group_by(alerts.family)
        )
    }
    unknown = {first: family for family, first in firsts.items() if family not in _FAMILIES}
    for alert_id, alert in _bodies(connection, unknown):
        _FAMILIES[unknown[alert_id]] = alert.detector, alert.parameters
    return {family: _FAMILIES[family] for family in firsts if family in _FAMILIES}
