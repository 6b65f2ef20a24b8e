"""Reads indicators out of the casebook's tables and puts them in: no rules about people here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from seawall.casebook.canonical import canonical, speakable
from seawall.casebook.chunks import chunks
from seawall.casebook.tables import indicator_banks, indicators
from seawall.errors import RuleError
from seawall.model import MATCHING, SECONDED, Indicator, IndicatorKind, IndicatorStatus

ID_LENGTH = 8
"""Speakable characters of an id; more where they are taken."""

_HEXADECIMAL = {
    IndicatorKind.TEXT: 16,
    IndicatorKind.SHA256: 64,
    IndicatorKind.PDQ: 64,
    IndicatorKind.MD5: 32,
    IndicatorKind.VIDEO_MD5: 32,
}
_HOST = re.compile(r"[^\s/@]+\.[^\s/@]+")
_ADDRESS = re.compile(r"[a-z]+://[^\s]+")
_MOST_CHARACTERS = {IndicatorKind.URL: 4096, IndicatorKind.PHRASE: 500, IndicatorKind.WORD: 100}
_WHOLE_ID = re.compile(r"I-[0-9A-Z]{8,}")
_SWITCHED_OFF = MATCHING | {IndicatorStatus.PROPOSED}


@dataclass(frozen=True, slots=True)
class Listing:
    """What a person asks to be listed; ``value`` is canonical."""

    kind: IndicatorKind
    value: str
    bank: str
    source: str
    owner: str
    reason: str
    confidence: int
    expires_on: date
    live: bool = False  # alerts; otherwise it is only counted

    @property
    def key(self) -> tuple[str, str]:
        """What makes two entries of a list the same."""
        return self.kind.value, self.value


def fault(listing: Listing, today: date, most_days: int) -> str | None:
    """Why it cannot be listed, without its value; None where it can."""
    wrong = _wrong_form(listing.kind, listing.value)
    if wrong is not None:
        return wrong
    if not 0 <= listing.confidence <= 100:
        return "the confidence is a number from 0 to 100"
    if listing.expires_on <= today:
        return "it has expired already"
    if (listing.expires_on - today).days > most_days:
        return f"it expires later than in {most_days} days"
    missing = [name for name in ("bank", "source", "owner", "reason") if not getattr(listing, name).strip()]
    return f"its {missing[0].replace('bank', 'list')} is missing" if missing else None


def _wrong_form(kind: IndicatorKind, value: str) -> str | None:
    digits = _HEXADECIMAL.get(kind)
    if digits is not None:
        right = re.fullmatch(f"[0-9a-f]{{{digits}}}", value) is not None
        return None if right else f"a {kind} has {digits} hexadecimal digits"
    if not value.strip() or len(value) > _MOST_CHARACTERS.get(kind, 255):
        return f"a {kind} has 1 to {_MOST_CHARACTERS.get(kind, 255)} characters"
    if kind is IndicatorKind.URL and not _ADDRESS.fullmatch(value):
        return "it is no address"
    if kind is IndicatorKind.DOMAIN and not _HOST.fullmatch(value):
        return "it is no domain"
    if kind is IndicatorKind.WORD and len(value.split()) > 1:
        return "a word has no blanks: list it as a phrase"
    return None


def told(row: Row[Any], disabled: frozenset[str]) -> Indicator:
    """A row as the model has it; a list that is switched off shows in the status."""
    status = IndicatorStatus(row.status)
    if row.bank in disabled and status in _SWITCHED_OFF:
        status = IndicatorStatus.DISABLED
    return Indicator(
        row.id,
        IndicatorKind(row.kind),
        row.value,
        row.bank,
        row.source,
        row.owner,
        row.reason,
        date.fromisoformat(row.added_on),
        row.confidence,
        date.fromisoformat(row.expires_on),
        status,
        row.seconded_by,
    )


def disabled_banks(connection: Connection) -> frozenset[str]:
    """The lists that are switched off."""
    return frozenset(connection.scalars(select(indicator_banks.c.name).where(indicator_banks.c.enabled == 0)))


def listed(connection: Connection, query: Select[Any] | None = None) -> Iterator[Indicator]:
    """The indicators of a query, all where None, by list and the order in which they were added."""
    disabled = disabled_banks(connection)
    wanted = select(indicators) if query is None else query
    for row in connection.execute(wanted.order_by(indicators.c.bank, indicators.c.added_on, indicators.c.id)):
        yield told(row, disabled)


def chosen(connection: Connection, names: Sequence[str]) -> tuple[list[Indicator], bool]:
    """The indicators of these ids or lists, and whether a whole list was named.

    Raises:
        RuleError: there is none of a name.
    """
    found: dict[str, Indicator] = {}
    whole = False
    for name in names:
        wanted = as_id(name)
        query = select(indicators).where(indicators.c.id == wanted)
        if not _WHOLE_ID.fullmatch(wanted) or connection.scalar(query.with_only_columns(indicators.c.id)) is None:
            query = select(indicators).where(indicators.c.bank == name.strip())
            whole = True
        some = {one.id: one for one in listed(connection, query)}
        if not some:
            raise RuleError(
                "There is no indicator and no list of this name.", mend="List them with: seawall indicators DIR"
            )
        found |= some
    return list(found.values()), whole


def as_id(name: str) -> str:
    """An id as it is kept; letters may be small, and O, I and L stand for what they look like.

    >>> as_id(" i-7k2qo9m3")
    'I-7K2Q09M3'
    """
    spoken = name.strip().upper()
    if not spoken.startswith("I-"):
        return spoken
    return "I-" + spoken[2:].replace("I", "1").replace("L", "1").replace("O", "0")


def known(connection: Connection, bank: str, kinds: Iterable[str]) -> dict[tuple[str, str], list[Indicator]]:
    """(kind, value) -> entries of a list, the latest last, retracted ones among them."""
    query = select(indicators).where(indicators.c.bank == bank, indicators.c.kind.in_(sorted(set(kinds))))
    found: dict[tuple[str, str], list[Indicator]] = {}
    for one in listed(connection, query):
        found.setdefault((one.kind.value, one.value), []).append(one)
    return found


def next_change(connection: Connection) -> int:
    """The number of the change that is being made."""
    return latest_change(connection) + 1


def latest_change(connection: Connection) -> int:
    """The number of the latest change of the list; 0 where there was none."""
    return connection.scalar(select(func.max(indicators.c.changed))) or 0


def any_matches(connection: Connection, today: date, after: int = 0) -> bool:
    """Whether messages are compared with something today (UTC) that was changed after another change."""
    column = indicators.c
    query = select(column.id).where(
        column.status.in_([status.value for status in MATCHING]),
        column.expires_on > today.isoformat(),
        column.changed > after,
        column.bank.not_in(disabled_banks(connection)),
    )
    return connection.scalar(query.limit(1)) is not None


def changed_after(connection: Connection, number: int) -> list[Indicator]:
    """Indicators that were changed since."""
    return list(listed(connection, select(indicators).where(indicators.c.changed > number)))


def put(connection: Connection, fresh: Sequence[tuple[Listing, int]], by: str, today: date) -> list[str]:
    """Keep new entries, each with how many of its value stood in its list before; their ids."""
    ids = _new_ids(connection, fresh)
    number = next_change(connection)
    rows = [
        {
            "id": id_,
            "kind": one.kind.value,
            "value": one.value,
            "bank": one.bank,
            "source": one.source,
            "owner": one.owner,
            "reason": one.reason,
            "added_on": today.isoformat(),
            "added_by": by,
            "confidence": one.confidence,
            "expires_on": one.expires_on.isoformat(),
            "status": "proposed" if one.kind in SECONDED else "live" if one.live else "shadow",
            "wanted": "live" if one.live else "shadow",
            "changed": number,
        }
        for (one, _), id_ in zip(fresh, ids, strict=True)
    ]
    if rows:
        connection.execute(insert(indicators), rows)
    return ids


def proposals(connection: Connection, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Id -> who listed it (``added_by``), and where it is to go (``wanted``)."""
    columns = (indicators.c.id, indicators.c.added_by, indicators.c.wanted)
    found: dict[str, Row[Any]] = {}
    for some in chunks(ids):
        found |= {row.id: row for row in connection.execute(select(*columns).where(indicators.c.id.in_(some)))}
    return found


def alter(connection: Connection, ids: Iterable[str], values: Mapping[str, Any]) -> None:
    """Change entries, as one change of the list."""
    number = next_change(connection)
    for some in chunks(ids):
        connection.execute(update(indicators).where(indicators.c.id.in_(some)).values(changed=number, **values))


def _new_ids(connection: Connection, fresh: Sequence[tuple[Listing, int]]) -> list[str]:
    """An id for each, longer where its first characters are taken."""
    names = [canonical([one.kind.value, one.value, one.bank, before]) for one, before in fresh]
    ids = [f"I-{speakable(name, ID_LENGTH)}" for name in names]
    taken: set[str] = set()
    for some in chunks(ids):
        taken.update(connection.scalars(select(indicators.c.id).where(indicators.c.id.in_(some))))
    for place, id_ in enumerate(ids):
        if id_ in taken:
            ids[place] = f"I-{speakable(names[place], 2 * ID_LENGTH)}"
        taken.add(ids[place])
    return ids
