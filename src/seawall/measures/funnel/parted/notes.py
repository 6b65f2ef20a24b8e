"""One look at all accounts: events of whole units -> what they teach, whom they brought, and which hubs are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow as pa

from seawall.measures.funnel.parted.acts import bounds_of, places_of
from seawall.measures.funnel.parted.events import BROUGHT, SUSPECT
from seawall.measures.funnel.parted.placing import PLACED, UNIT, Begun
from seawall.measures.funnel.parted.slices import Slices
from seawall.measures.funnel.parted.teams import Team, Teams
from seawall.measures.funnel.parted.weighing import Members, Taught, Units, weigh
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.words import BINS, COUNTS, LINKS, NEVER, TERMS, TIMINGS

NOTES = pa.schema(
    [
        ("what", pa.uint8()),
        ("account", pa.uint64()),
        ("when", pa.int64()),
        ("whole", pa.list_(pa.int64())),
        ("parts", pa.list_(pa.float64())),
    ]
)
"""``what`` is one of: TAUGHT (``when``: the number of an epoch; ``whole``: what is taught from it on), BROUGHT, SUSPECT
(as the events of these names), HUB (``when``: of the alert; ``whole``: its slice, its first approach, the counts;
``parts``: score and terms)."""

TAUGHT, HUB = 1, 2
UNITS_AT_ONCE = 1 << 14
SHAPES = ((LINKS, 2), (LINKS,), (2, 6), (TIMINGS, BINS))
"""Of the arrays of ``Taught`` for one epoch."""


@dataclass(frozen=True)
class Looking:
    """The kernel of a look.

    Args:
        bound: the score at which an account is alerted about.
        epochs: when models were learnt anew, as ``when`` of events.
        models: the first one, and that of each epoch.
        teams: who is weighed together.
        slices: of accounts and teams.
        begun: what slices begin with.
    """

    bound: float
    epochs: Array
    models: Array = field(repr=False)
    teams: Teams = field(repr=False)
    slices: Slices = field(repr=False)
    begun: Begun = field(repr=False)

    def alone(self, rows: pa.Table) -> Iterator[pa.Table]:
        """The first look, when nothing is fed yet."""
        return self(rows, PLACED.empty_table())

    def __call__(self, rows: pa.Table, fed: pa.Table) -> Iterator[pa.Table]:
        """Placed events of whole units, and what they have to know -> rows of ``NOTES``."""
        taught = Taught(*(np.zeros((len(self.epochs), *shape), np.int64) for shape in SHAPES))
        group, number, when = (rows[name].to_numpy() for name in (*UNIT, "when"))
        rows = rows.take(pa.array(np.lexsort((when, number, group))))
        bounds = bounds_of(*(rows[name].to_numpy() for name in UNIT))
        yield NOTES.empty_table()
        for first in range(0, len(bounds) - 1, UNITS_AT_ONCE):
            some = bounds[first : first + UNITS_AT_ONCE + 1]
            own = rows.slice(int(some[0]), int(some[-1] - some[0]))
            yield from _Look(self, own, some - some[0], fed).notes(taught)
        yield _taught_notes(taught)


def _taught_notes(taught: Taught) -> pa.Table:
    flat = np.concatenate([part.reshape(len(part), int(np.prod(part.shape[1:]))) for part in taught], axis=1)
    there = np.flatnonzero(flat.any(axis=1))
    return _notes(TAUGHT, np.zeros(len(there), np.uint64), there, flat[there])


def _notes(what: int, account: Array, when: Array, whole: Array | None = None, parts: Array | None = None) -> pa.Table:
    size = len(account)
    lists = [_listed(values, size, kind) for values, kind in ((whole, pa.int64()), (parts, pa.float64()))]
    columns = [pa.array(np.full(size, what, np.uint8)), pa.array(account), pa.array(when), *lists]
    return pa.table(columns, schema=NOTES)


def _listed(values: Array | None, size: int, kind: pa.DataType) -> pa.Array:
    width = 0 if values is None else values.shape[1]
    flat = pa.array([] if values is None else np.ascontiguousarray(values).ravel(), kind)
    return pa.ListArray.from_arrays(pa.array(np.arange(size + 1) * width, pa.int32()), flat)


class _Look:
    """Some units of a part."""

    def __init__(self, look: Looking, rows: pa.Table, bounds: Array, fed: pa.Table) -> None:
        self.look, self.rows, self.bounds = look, rows, bounds
        account = rows["account"].to_numpy()
        self.group: Array = rows["group"].to_numpy()[bounds[:-1]]
        self.number: Array = rows["slice"].to_numpy()[bounds[:-1]]
        teams = {team.members[0]: team for team in look.teams.of.values()}
        names = np.array(list(teams), np.uint64)
        self.team = {int(unit): teams[int(self.group[unit])] for unit in np.flatnonzero(np.isin(self.group, names))}
        sizes = np.ones(len(self.group), np.int64)
        for unit, team in self.team.items():
            sizes[unit] = len(team.members)
        self.offsets: Array = np.append(0, np.cumsum(sizes))
        self.accounts: Array = np.repeat(self.group, sizes)
        self.unit: Array = np.repeat(np.arange(len(sizes)), sizes)
        self.member: Array = np.zeros(len(account), np.int64)
        for unit, team in self.team.items():
            own, events = (slice(int(told[unit]), int(told[unit + 1])) for told in (self.offsets, bounds))
            self.accounts[own] = team.members
            self.member[events] = np.searchsorted(self.accounts[own], account[events])
        self.members = self._members(fed)

    def _members(self, fed: pa.Table) -> Members:
        size = len(self.accounts)
        counts = np.zeros((size, COUNTS), np.int32)
        joined = np.full(size, NEVER)
        for unit, team in self.team.items():
            joined[self.offsets[unit] : self.offsets[unit + 1]] = _joined(team)
        cut = np.isin(self.group, np.array(list(self.look.slices.at), np.uint64))
        for unit in np.flatnonzero(cut).tolist():
            for member in range(int(self.offsets[unit]), int(self.offsets[unit + 1])):
                key = int(self.accounts[member]), int(self.number[unit])
                counts[member] = self.look.begun.counts.get(key, 0)
        place, when, what = self._places(fed), fed["when"].to_numpy(), fed["place"].to_numpy()
        never = partial(np.full, size, NEVER)
        members = Members(
            counts=counts, joined=joined, brought=never(), suspect=never(), crossed=never(),
            best=np.full(size, -np.inf), terms=np.zeros((size, len(TERMS))), alert=never(), first=never(),
        )  # fmt: skip
        for values, kind in ((members.brought, BROUGHT), (members.suspect, SUSPECT)):
            own = (place >= 0) & (what == kind)
            np.minimum.at(values, place[own], when[own])
        return members

    def _places(self, fed: pa.Table) -> Array:
        """Where the account of each fed row stands; an account stands in one slice of one unit once."""
        number = self.number[self.unit].astype(np.uint64)
        told = fed["account"].to_numpy(), fed["slice"].to_numpy().astype(np.uint64)
        return places_of(self.accounts, number, *told)

    def _units(self) -> Units:
        edges: list[tuple[int, int, int]] = []
        bounds, ends = [0], np.full(len(self.group), NEVER)
        for unit in range(len(self.group)) if self.team else ():
            team = self.team.get(unit)
            if team is not None:
                edges += [(one, other, 2 * at + 1) for one, other, at in team.edges]
                ends[unit] = NEVER if team.end == NEVER else 2 * team.end + 1
            bounds.append(len(edges))
        told = np.array(edges, np.int64).reshape(-1, 3)
        cover = np.tile(np.array([-NEVER, NEVER]), (len(self.group), 1))
        for unit, key in enumerate(zip(self.group.tolist(), self.number.tolist(), strict=True)):
            cover[unit] = self.look.begun.cover.get(key, (-NEVER, NEVER))
        when, place, by, newcomer = (self.rows[name].to_numpy() for name in ("when", "place", "by", "newcomer"))
        return Units(
            rows=self.bounds, members=self.offsets,
            edges=np.array(bounds) if self.team else np.zeros(len(self.group) + 1, np.int64),
            member=self.member, when=when, place=place, by=by, newcomer=newcomer,
            one=told[:, 0].copy(), other=told[:, 1].copy(), since=told[:, 2].copy(), ends=ends, cover=cover,
        )  # fmt: skip

    def notes(self, taught: Taught) -> Iterator[pa.Table]:
        look, found = self.look, self.members
        newcomers = self.rows["newcomer"].to_numpy()
        brought = np.empty((np.count_nonzero(newcomers), 2), np.int64)
        epochs, models = look.epochs, look.models
        logged = weigh(self._units(), found, epochs, models, look.bound, taught, brought)
        yield _first_brought(newcomers[brought[:logged, 0]], brought[:logged, 1])
        cut = np.isin(self.group, np.array(list(look.slices.at), np.uint64))[self.unit]
        suspect = np.flatnonzero(cut & (found.crossed != NEVER))
        yield _notes(SUSPECT, self.accounts[suspect], found.crossed[suspect])
        hubs = np.flatnonzero((found.best >= look.bound) | (cut & (found.counts.any(axis=1))))
        whole = np.column_stack([self.number[self.unit[hubs]], found.first[hubs], found.counts[hubs]])
        parts = np.column_stack([found.best[hubs], found.terms[hubs]])
        yield _notes(HUB, self.accounts[hubs], found.alert[hubs], whole, parts)


def _first_brought(newcomer: Array, when: Array) -> pa.Table:
    order = np.lexsort((when, newcomer))
    first = order[bounds_of(newcomer[order])[:-1]]
    return _notes(BROUGHT, newcomer[first], when[first])


def _joined(team: Team) -> Array:
    """Since when each member is in the team."""
    joined: Array = np.full(len(team.members), NEVER)
    for one, other, at in team.edges:
        for member in (one, other):
            joined[member] = min(joined[member], 2 * at + 1)
    return joined
