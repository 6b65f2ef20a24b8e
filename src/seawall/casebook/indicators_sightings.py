"""Which messages carried which indicators, and what becomes of an indicator that hits too much."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, case, func, select

from seawall.casebook import indicators_rows as rows
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import canonical, micros, moment
from seawall.casebook.chunks import chunks
from seawall.casebook.inserting import insert_into
from seawall.casebook.rules import Act, permit, stated
from seawall.casebook.tables import compared_days, compared_feeds, exchanges, indicators, meta, sightings
from seawall.errors import RuleError
from seawall.model import CONTEXTS, HITS, Indicator, IndicatorStatus

MACHINE = "seawall"
_LIMIT = "indicator_limit"
_LOOKED_BACK = "indicators_looked_back"
_DAY = timedelta(days=1)
_DAY_MICROS = _DAY // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """An indicator hits too much with more hits in a day's messages than both of these.

    The day is that of sending (UTC); its messages are those of that day so far or of the day before, whichever
    are more.
    """

    most: int = 50
    share: float = 0.01

    def exceeded(self, hits: int, messages: int) -> bool:
        """Whether so many hits among so many messages are too many.

        >>> Limit().exceeded(51, 900), Limit().exceeded(51, 9000)
        (True, False)
        """
        return hits > max(self.most, self.share * messages)


@dataclass(frozen=True, slots=True)
class Overflow:
    """An indicator that was quarantined: so many hits among the messages of a day."""

    indicator: Indicator
    day: date
    hits: int
    messages: int
    examples: tuple[str, ...]  # message ids, the earliest first


@dataclass(frozen=True, slots=True)
class Count:
    """How often an indicator was seen, and when first and last."""

    live: int
    shadow: int
    first: datetime
    last: datetime


def sight(
    connection: Connection,
    at: datetime,
    hits: pa.Table,
    compared: Mapping[date, int],
    mark: Mapping[str, int] | None,
) -> tuple[set[str], list[Overflow]]:
    """Keep what was found while messages came, and judge which indicators hit too much.

    Args:
        connection: of the transaction.
        at: now.
        hits: ``HITS``; those of indicators that do not match any more are passed over.
        compared: day of sending -> messages that were compared since the last call.
        mark: feed -> number of the last batch that was compared; None where nothing new is to be kept.

    Returns:
        The live indicators among the hits, and those that were quarantined.
    """
    for day, messages in compared.items():
        grown = insert_into(connection, compared_days).values(day=day.isoformat(), messages=messages)
        more = {"messages": compared_days.c.messages + messages}
        connection.execute(grown.on_conflict_do_update(index_elements=["day"], set_=more))
    for feed, number in (mark or {}).items():
        reached = insert_into(connection, compared_feeds).values(feed=feed, number=number)
        connection.execute(reached.on_conflict_do_update(index_elements=["feed"], set_={"number": number}))
    live = keep(connection, at, hits)
    return live, judge(connection, at, _touched(hits), {})


def keep(connection: Connection, at: datetime, hits: pa.Table) -> set[str]:
    """Keep sightings; which of the live indicators are among them. The same hits again change nothing."""
    if not hits.num_rows:
        return set()
    today = at.astimezone(UTC).date()
    standing = {
        one.id: one.status is IndicatorStatus.LIVE
        for one in matching(connection, hits["indicator"].unique().to_pylist(), today)
    }
    table = hits.to_pydict()
    found = [
        {
            "indicator": indicator,
            "message_id": message,
            "at": micros(sent_at),
            "live": int(standing[indicator]),
            "context": CONTEXTS.index(context),
            "disguised": int(disguised),
        }
        for indicator, message, sent_at, context, disguised in zip(*(table[name] for name in HITS.names), strict=True)
        if indicator in standing
    ]
    if found:
        connection.execute(_gravest(connection), found)
    return {row["indicator"] for row in found if row["live"]}


def _gravest(connection: Connection) -> Any:
    """Insert a sighting; of two of one pair the live one, the plainer and the less disguised counts."""
    new = insert_into(connection, sightings)
    now, then = new.excluded, sightings.c
    return new.on_conflict_do_update(
        index_elements=["indicator", "message_id"],
        set_={
            "live": case((now.live > then.live, now.live), else_=then.live),
            "context": case((now.context < then.context, now.context), else_=then.context),
            "disguised": case((now.disguised < then.disguised, now.disguised), else_=then.disguised),
        },
        where=(then.live < now.live) | (then.context > now.context) | (then.disguised > now.disguised),
    )


def matching(connection: Connection, ids: Collection[str], today: date) -> list[Indicator]:
    """Those of the indicators that match on a day."""
    found: list[Indicator] = []
    for some in chunks(ids):
        found += rows.listed(connection, select(indicators).where(indicators.c.id.in_(some)))
    return [one for one in found if one.matches_on(today)]


def _touched(hits: pa.Table) -> set[tuple[str, date]]:
    pairs = zip(hits["indicator"].to_pylist(), hits["sent_at"].to_pylist(), strict=True)
    return {(indicator, sent_at.date()) for indicator, sent_at in pairs}


def judge(
    connection: Connection, at: datetime, touched: Collection[tuple[str, date]], totals: Mapping[date, int]
) -> list[Overflow]:
    """Quarantine the indicators that hit too much on these days.

    Args:
        connection: of the transaction.
        at: now.
        touched: indicators and days of sending.
        totals: messages of days, where more is known than was compared while they came.
    """
    limit = read_limit(connection)
    candidates = matching(connection, {indicator for indicator, _ in touched}, at.astimezone(UTC).date())
    found: dict[str, Overflow] = {}
    for one in candidates:
        days = {day for indicator, day in touched if indicator == one.id}
        for day, hits in _hits_by_day(connection, one.id, days):
            messages = max(_messages_of(connection, other, totals) for other in (day, day - _DAY))
            if limit.exceeded(hits, messages):
                found[one.id] = Overflow(one, day, hits, messages, _first_of(connection, one.id, day))
                break
    if found:
        rows.alter(connection, found, {"status": "quarantined"})
        for overflow in found.values():
            detail = {"day": overflow.day.isoformat(), "hits": overflow.hits, "messages": overflow.messages}
            write_entry(connection, at, MACHINE, "quarantine", {"indicator": overflow.indicator.id} | detail)
    return list(found.values())


def _begin(day: date) -> int:
    return micros(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _hits_by_day(connection: Connection, indicator: str, days: Collection[date]) -> list[tuple[date, int]]:
    """Each of these days with its hits, the earliest first."""
    column = sightings.c
    day = (column.at // _DAY_MICROS).label("day")
    query = select(day, func.count().label("hits")).where(
        column.indicator == indicator, column.at >= _begin(min(days)), column.at < _begin(max(days) + _DAY)
    )
    found = {moment(row.day * _DAY_MICROS).date(): row.hits for row in connection.execute(query.group_by("day"))}
    return [(one, found[one]) for one in sorted(days) if one in found]


def _first_of(connection: Connection, indicator: str, day: date, most: int = 20) -> tuple[str, ...]:
    column = sightings.c
    query = select(column.message_id).where(
        column.indicator == indicator, column.at >= _begin(day), column.at < _begin(day + _DAY)
    )
    return tuple(connection.scalars(query.order_by(column.at, column.message_id).limit(most)))


def _messages_of(connection: Connection, day: date, totals: Mapping[date, int]) -> int:
    compared = connection.scalar(select(compared_days.c.messages).where(compared_days.c.day == day.isoformat())) or 0
    return max(compared, totals.get(day, 0))


def sightings_of(connection: Connection, indicator: str, *, live: bool | None = None) -> pa.Table:
    """``HITS`` of one indicator, the earliest first; of the time when it was live, or was not, or both (None)."""
    query = select(sightings).where(sightings.c.indicator == indicator)
    if live is not None:
        query = query.where(sightings.c.live == int(live))
    found = connection.execute(query.order_by(sightings.c.at, sightings.c.message_id)).all()
    columns = {
        "indicator": [row.indicator for row in found],
        "message_id": [row.message_id for row in found],
        "sent_at": [moment(row.at) for row in found],
        "context": [CONTEXTS[row.context] for row in found],
        "disguised": [bool(row.disguised) for row in found],
    }
    return pa.table(columns, schema=HITS)


def counts(connection: Connection) -> dict[str, Count]:
    """Indicator -> how often it was seen; those that never were are left out."""
    column = sightings.c
    query = select(
        column.indicator,
        func.sum(column.live).label("live"),
        func.count().label("all"),
        func.min(column.at).label("first"),
        func.max(column.at).label("last"),
    ).group_by(column.indicator)
    return {
        row.indicator: Count(row.live, row.all - row.live, moment(row.first), moment(row.last))
        for row in connection.execute(query)
    }


def of_messages(connection: Connection, messages: Collection[str]) -> list[dict[str, Any]]:
    """What was found in these messages, as JSON."""
    found: list[dict[str, Any]] = []
    for some in chunks(messages):
        query = select(sightings.c.indicator, sightings.c.message_id, sightings.c.at)
        found += [
            {"indicator": row.indicator, "message_id": row.message_id, "at": moment(row.at).isoformat()}
            for row in connection.execute(query.where(sightings.c.message_id.in_(some)))
        ]
    return found


def read_limit(connection: Connection) -> Limit:
    """The rate above which an indicator hits too much."""
    told = connection.scalar(select(meta.c.value).where(meta.c.key == _LIMIT))
    return Limit(**json.loads(told)) if told else Limit()


def set_limit(connection: Connection, at: datetime, limit: Limit, by: str) -> None:
    """Change that rate.

    Raises:
        RuleError: not permitted, or a rate that is none.
    """
    by = stated(by, "reviewer")
    permit(connection, by, Act.LIST)
    if limit.most < 1 or not 0 <= limit.share <= 1:
        raise RuleError("The least number of hits is 1 or more, and the share from 0 to 1.")
    _put(connection, _LIMIT, canonical(asdict(limit)))
    write_entry(connection, at, by, "limit indicators", asdict(limit))


def set_looked_back(connection: Connection, change: int, feeds: Mapping[str, int]) -> None:
    """Remember up to which batch of each feed everything was compared with the lists as they were after a change."""
    _put(connection, _LOOKED_BACK, canonical({"change": change, "feeds": dict(feeds)}))


def uncompared(connection: Connection, today: date, feeds: Mapping[str, int]) -> bool:
    """Whether something in the lake was not compared with something that matches today.

    Args:
        connection: of the transaction.
        today: the day (UTC).
        feeds: feed -> number of its last batch.
    """
    told = connection.scalar(select(meta.c.value).where(meta.c.key == _LOOKED_BACK))
    looked: dict[str, Any] = json.loads(told) if told else {"change": 0, "feeds": {}}
    if not feeds or not rows.any_matches(connection, today):
        return False
    watched = read_mark(connection)
    fresh = any(number > max(watched.get(feed, 0), looked["feeds"].get(feed, 0)) for feed, number in feeds.items())
    return fresh or rows.any_matches(connection, today, looked["change"])


def _put(connection: Connection, key: str, value: str) -> None:
    put = insert_into(connection, meta).values(key=key, value=value)
    connection.execute(put.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def read_mark(connection: Connection) -> dict[str, int]:
    """Feed -> number of the last batch that was compared while it came."""
    return {row.feed: row.number for row in connection.execute(select(compared_feeds))}


def read_checkpoint(connection: Connection, bank: str) -> str | None:
    """Where an exchange resumes."""
    return connection.scalar(select(exchanges.c.checkpoint).where(exchanges.c.bank == bank))


def set_checkpoint(connection: Connection, bank: str, checkpoint: str) -> None:
    """Remember where an exchange resumes."""
    values = {"checkpoint": checkpoint}
    put = insert_into(connection, exchanges).values(bank=bank, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["bank"], set_=values))
