"""To which unit each event belongs: an account, the team that it is in, or a slice of either."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from seawall.measures.funnel.parted.acts import sums
from seawall.measures.funnel.parted.events import BROUGHT, EVENTS, SUSPECT, events
from seawall.measures.funnel.parted.slices import Slices
from seawall.measures.funnel.parted.teams import Teams
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.words import COUNTS, NEVER

PLACED = EVENTS.append(pa.field("group", pa.uint64())).append(pa.field("slice", pa.int32()))
UNIT = ("group", "slice")


@dataclass(frozen=True)
class Placing:
    """Tells of each event to which unit it belongs.

    Args:
        groups: ``account, group`` of those that are in a team, by account.
        slices: of accounts and of teams.
    """

    groups: pa.Table
    slices: Slices

    @classmethod
    def of(cls, teams: Teams, slices: Slices) -> Placing:
        """Teams are cut where one of their accounts is."""
        groups = teams.groups()
        return cls(groups, slices.joined(dict(zip(*(column.to_pylist() for column in groups.columns), strict=True))))

    def __call__(self, rows: pa.Table) -> pa.Table:
        """Rows of ``EVENTS`` with ``group`` and ``slice``."""
        group = self._group(rows["account"].to_numpy())
        number = self.slices.of(group, rows["when"].to_numpy() // 2)
        return rows.append_column("group", pa.array(group)).append_column("slice", pa.array(number)).cast(PLACED)

    def _group(self, account: Array) -> Array:
        known, names = self.groups["account"].to_numpy(), self.groups["group"].to_numpy()
        if not len(known):
            return account
        place = np.minimum(np.searchsorted(known, account), len(known) - 1)
        return np.where(known[place] == account, names[place], account)

    def fed(self, notes: pa.Table) -> pa.Table:
        """What accounts have to know of others, or of earlier slices of themselves, placed like events."""
        brought, suspect = (self(_events(notes, what)) for what in (BROUGHT, SUSPECT))
        rows = pa.concat_tables([brought, suspect])
        later = [
            _in_slice(rows.filter(_before(rows, name, number)), number)
            for name in self.slices.at
            for number in range(1, len(self.slices.cuts(name)) + 1)
        ]
        return first_fed(pa.concat_tables([brought, *later]))

    def slice_sums(self, rows: pa.Table) -> pa.Table:
        """How much each slice adds to the counts of its accounts; of placed events."""
        rows = rows.filter(pa.array(np.isin(rows["group"].to_numpy(), np.array(list(self.slices.at), np.uint64))))
        told = rows.select(["account", "group", "slice", "place"]).append_column("by", rows["by"].cast(pa.int64()))
        return add_up(told)


def add_up(rows: pa.Table) -> pa.Table:
    """Rows of ``slice_sums``, added up."""
    return sums(("account", "group", "slice", "place"), rows)


def first_fed(rows: pa.Table) -> pa.Table:
    """The earliest of what is fed to a unit about an account."""
    by = ["account", "place", *UNIT]
    first = rows.group_by(by).aggregate([("when", "min")])
    told = {name: first[name] for name in by} | {"when": first["when_min"]}
    told["by"], told["newcomer"] = (pa.array(np.zeros(len(first), np.int64)) for _ in range(2))
    return pa.table([told[name].cast(PLACED.field(name).type) for name in PLACED.names], schema=PLACED)


def _events(notes: pa.Table, what: int) -> pa.Table:
    own = notes.filter(pa.array(notes["what"].to_numpy() == what))
    return events(own["account"].to_numpy(), own["when"].to_numpy(), what)


def _before(rows: pa.Table, group: int, number: int) -> pa.Array:
    return pa.array((rows["group"].to_numpy() == np.uint64(group)) & (rows["slice"].to_numpy() < number))


def _in_slice(rows: pa.Table, number: int) -> pa.Table:
    return rows.set_column(PLACED.get_field_index("slice"), "slice", pa.array(np.full(len(rows), number, np.int32)))


@dataclass(frozen=True)
class Begun:
    """What slices begin with.

    Args:
        counts: account and slice -> its counts before the slice.
        cover: group and slice -> from and up to which moment (``when``) it tells what is taught.
    """

    counts: dict[tuple[int, int], Array] = field(default_factory=dict)
    cover: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def begun(told: pa.Table, slices: Slices) -> Begun:
    """What slices begin with, from what each of them adds (``slice_sums``)."""
    begin = Begun()
    for group in np.unique(told["group"].to_numpy()).tolist():
        own = told.filter(pa.array(told["group"].to_numpy() == np.uint64(group)))
        numbers = np.unique(own["slice"].to_numpy()).tolist()
        edges = [-NEVER, *(2 * int(slices.cuts(group)[number - 1]) for number in numbers[1:]), NEVER]
        for place, number in enumerate(numbers):
            begin.cover[group, number] = edges[place], edges[place + 1]
        for account in np.unique(own["account"].to_numpy()).tolist():
            rows = own.filter(pa.array(own["account"].to_numpy() == np.uint64(account)))
            number, where, by = (rows[name].to_numpy() for name in ("slice", "place", "by"))
            counted = where < COUNTS
            for later in numbers:
                before = counted & (number < later)
                counts = np.zeros(COUNTS, np.int32)
                np.add.at(counts, where[before], by[before])
                begin.counts[account, later] = counts
    return begin
