"""What people do to lists of indicators, and the rules that hold for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection, select

from seawall.casebook import indicators_rows as rows
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import digest, micros
from seawall.casebook.indicators_rows import Listing
from seawall.casebook.inserting import insert_into
from seawall.casebook.rules import Act, permit, person_key, stated
from seawall.casebook.tables import indicator_banks, indicators
from seawall.errors import RuleError
from seawall.model import SECONDED, Indicator, IndicatorStatus

MOST_DAYS = 730
"""An indicator expires within so many days; whoever still needs it then lists it again."""

NAMED = 20
"""The audit names so many ids of one act; of more it keeps the number and a digest."""

_ENDED = frozenset({IndicatorStatus.RETRACTED})


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of entries that were to be listed: each is in one of these."""

    new: tuple[str, ...]  # ids
    renewed: tuple[str, ...] = ()  # ids: listed already; expiry or confidence is another now
    known: tuple[str, ...] = ()  # ids: listed already as they are
    refused: tuple[tuple[int, str], ...] = ()  # place in what was handed in, from 0, and why
    waiting: int = 0  # how many of the new ones wait for a second person


def add(connection: Connection, at: datetime, listings: Sequence[Listing], by: str, anew: bool) -> Kept:
    """List entries. Phrases and words wait for a second person; the others match at once.

    An entry that is listed already is renewed. One that was retracted is listed again only where ``anew``.
    """
    by = stated(by, "reviewer")
    permit(connection, by, Act.LIST)
    today = at.astimezone(UTC).date()
    sorting = _Sorting(anew)
    before = {
        bank: rows.known(connection, bank, {one.kind.value for one in listings if one.bank == bank})
        for bank in {one.bank for one in listings}
    }
    for place, one in enumerate(listings):
        wrong = rows.fault(one, today, MOST_DAYS)
        if wrong is not None:
            sorting.refused.append((place, wrong))
        else:
            sorting.take(place, one, before[one.bank].get(one.key, []))
    new = rows.put(connection, list(sorting.fresh.values()), by, today)
    for (expires_on, confidence), ids in sorting.renewed.items():
        rows.alter(connection, ids, {"expires_on": expires_on.isoformat(), "confidence": confidence})
    renewed = tuple(id_ for ids in sorting.renewed.values() for id_ in ids)
    waiting = sum(one.kind in SECONDED for one, _ in sorting.fresh.values())
    kept = Kept(tuple(new), renewed, tuple(sorting.same), tuple(sorting.refused), waiting)
    _note_added(connection, at, by, listings, kept)
    return kept


@dataclass
class _Sorting:
    """Entries that were handed in, by what is to become of them."""

    anew: bool
    fresh: dict[tuple[str, str, str], tuple[Listing, int]] = field(default_factory=dict)
    renewed: dict[tuple[date, int], list[str]] = field(default_factory=dict)
    same: list[str] = field(default_factory=list)
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def take(self, place: int, one: Listing, earlier: Sequence[Indicator]) -> None:
        """Sort an entry in; ``earlier`` are those of its value in its list, the latest last."""
        standing = [other for other in earlier if other.status is not IndicatorStatus.RETRACTED]
        if (one.bank, *one.key) in self.seen:
            self.refused.append((place, "it stands in the same list before"))
            return
        self.seen.add((one.bank, *one.key))
        if standing:
            last = standing[-1]
            if (last.expires_on, last.confidence) == (one.expires_on, one.confidence):
                self.same.append(last.id)
            else:
                self.renewed.setdefault((one.expires_on, one.confidence), []).append(last.id)
        elif earlier and not self.anew:
            self.refused.append((place, "it was retracted from this list; add it by itself if it belongs there again"))
        else:
            self.fresh[one.bank, *one.key] = (_clean(one), len(earlier))


def _clean(one: Listing) -> Listing:
    return replace(
        one,
        bank=stated(one.bank, "list"),
        source=stated(one.source, "source"),
        owner=stated(one.owner, "owner"),
        reason=stated(one.reason, "reason"),
    )


def _note_added(connection: Connection, at: datetime, by: str, listings: Sequence[Listing], kept: Kept) -> None:
    if not kept.new and not kept.renewed:
        return
    kinds = Counter(one.kind.value for one in listings)
    told = {"lists": sorted({one.bank for one in listings}), "kinds": dict(kinds), "new": len(kept.new)}
    renewed = {"renewed": len(kept.renewed), "refused": len(kept.refused)}
    write_entry(connection, at, by, "list", told | renewed | _named([*kept.new, *kept.renewed]))


def second(connection: Connection, at: datetime, names: Sequence[str], by: str) -> list[str]:
    """A second person agrees: proposed entries go into shadow or live, as was asked for. Their ids.

    Raises:
        RuleError: no such entry, not proposed, or the same person who listed it.
    """
    by, some = _begin(connection, names, by, frozenset({IndicatorStatus.PROPOSED}), "waits for a second person")
    first = rows.proposals(connection, [one.id for one in some])
    if any(person_key(first[one.id].added_by) == person_key(by) for one in some):
        raise RuleError(
            "A second person must agree; you have listed this yourself.", mend="Ask someone else to second it."
        )
    for status in ("shadow", "live"):
        ids = [one.id for one in some if first[one.id].wanted == status]
        rows.alter(connection, ids, {"status": status, "seconded_by": by})
    return _end(connection, at, by, "second", some)


def promote(connection: Connection, at: datetime, names: Sequence[str], by: str, reason: str | None) -> list[str]:
    """Let entries alert that were counted only, or that hit too much and were looked at. Their ids.

    Raises:
        RuleError: no such entry, none of it in shadow or quarantine, or no reason for one in quarantine.
    """
    wanted = frozenset({IndicatorStatus.SHADOW, IndicatorStatus.QUARANTINED})
    by, some = _begin(connection, names, by, wanted, "is in shadow or in quarantine")
    if any(one.status is IndicatorStatus.QUARANTINED for one in some):
        reason = stated(reason or "", "reason")
    rows.alter(connection, [one.id for one in some], {"status": "live"})
    return _end(connection, at, by, "promote", some, reason)


def retract(connection: Connection, at: datetime, names: Sequence[str], by: str, reason: str) -> list[str]:
    """Take entries back, for good, with the reason. Their ids; what they have found stays.

    Raises:
        RuleError: no such entry, retracted already, or no reason.
    """
    reason = stated(reason, "reason")
    wanted = frozenset(IndicatorStatus) - _ENDED
    by, some = _begin(connection, names, by, wanted, "is not retracted yet")
    values = {"status": "retracted", "ended_by": by, "ended_reason": reason}
    rows.alter(connection, [one.id for one in some], values)
    return _end(connection, at, by, "retract", some, reason)


def withdraw(
    connection: Connection, at: datetime, bank: str, keys: Collection[tuple[str, str]], by: str, reason: str
) -> list[str]:
    """Take back what a list's maker has taken back, by kind and value; what is not listed is passed over."""
    by, reason = stated(by, "reviewer"), stated(reason, "reason")
    permit(connection, by, Act.LIST)
    before = rows.known(connection, bank, {kind for kind, _ in keys})
    some = [one for key in keys for one in before.get(key, []) if one.status not in _ENDED]
    if not some:
        return []
    values = {"status": "retracted", "ended_by": by, "ended_reason": reason}
    rows.alter(connection, [one.id for one in some], values)
    return _end(connection, at, by, "retract", some, reason)


def switch(connection: Connection, at: datetime, bank: str, enabled: bool, by: str, reason: str) -> int:
    """Switch a whole list off or on; how many entries it has.

    Raises:
        RuleError: no such list, no reason, or it is so already.
    """
    by, reason = stated(by, "reviewer"), stated(reason, "reason")
    permit(connection, by, Act.LIST)
    ids = list(connection.scalars(select(indicators.c.id).where(indicators.c.bank == bank)))
    if not ids:
        raise RuleError("There is no list of this name.", mend="See the names with: seawall indicators DIR")
    if (bank not in rows.disabled_banks(connection)) == enabled:
        raise RuleError(f"This list is {'enabled' if enabled else 'disabled'} already.")
    values = {"enabled": int(enabled), "by": by, "reason": reason, "at": micros(at)}
    put = insert_into(connection, indicator_banks).values(name=bank, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["name"], set_=values))
    rows.alter(connection, ids, {})
    act = "enable" if enabled else "disable"
    write_entry(connection, at, by, act, {"list": bank, "entries": len(ids), "reason": reason})
    return len(ids)


def _begin(
    connection: Connection, names: Sequence[str], by: str, wanted: frozenset[IndicatorStatus], so: str
) -> tuple[str, list[Indicator]]:
    """Who acts, and upon which entries: those of a list that may be acted upon, or each that was named."""
    by = stated(by, "reviewer")
    permit(connection, by, Act.LIST)
    found, whole = rows.chosen(connection, names)
    some = [one for one in found if one.status in wanted]
    if not some or (not whole and len(some) < len(found)):
        other = next(one for one in found if one.status not in wanted)
        raise RuleError(
            f"Indicator {other.id} is {other.status}: this act needs one that {so}.", mend=_next_step(other.status)
        )
    return by, some


def _next_step(status: IndicatorStatus) -> str:
    return {
        IndicatorStatus.PROPOSED: "A second person agrees with: seawall indicators DIR second ID",
        IndicatorStatus.SHADOW: "Let it alert with: seawall indicators DIR promote ID",
        IndicatorStatus.DISABLED: "Its list is switched off: seawall indicators DIR enable LIST --reason TEXT",
        IndicatorStatus.QUARANTINED: "Look at what it hit, then: seawall indicators DIR promote ID --reason TEXT",
        IndicatorStatus.RETRACTED: "List it anew with: seawall indicators DIR add KIND VALUE --reason TEXT",
    }.get(status, "See where it stands with: seawall indicators DIR")


def _end(
    connection: Connection, at: datetime, by: str, act: str, some: Sequence[Indicator], reason: str | None = None
) -> list[str]:
    ids = [one.id for one in some]
    write_entry(connection, at, by, act, _named(ids) | ({"reason": reason} if reason else {}))
    return ids


def _named(ids: Collection[str]) -> dict[str, object]:
    if len(ids) <= NAMED:
        return {"indicators": sorted(ids)}
    return {"indicators": len(ids), "digest": digest(*sorted(ids))}
