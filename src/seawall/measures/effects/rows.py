"""What is handed in -> counts of channels and days, and actions: checked, each exclusion with its reason and count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.measures.bursts.rows import binned, utc_times
from seawall.measures.tables import as_table, require_columns

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TIMES = ("at", "day", "date")
UNITS = ("unit", "channel", "series")
VALUES = ("value", "count")
ONLY = "count"
"""What a measure is called where none is named."""
MOST_DAYS = 20_000


@dataclass(frozen=True)
class Panel:
    """One measure: ``counts`` and ``known``, units x days from day ``first`` (days since Monday 5 January 1970)."""

    measure: str
    units: tuple[str, ...]
    first: int
    counts: Floats
    known: Bools
    place: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", {unit: row for row, unit in enumerate(self.units)})


@dataclass(frozen=True)
class Action:
    """What was done on one day: ``units`` None = all that are no controls. ``partial``: it began within the day."""

    name: str
    day: int
    units: tuple[str, ...] | None
    partial: bool


def read_panels(series: Any, gaps: Any) -> list[Panel]:
    """The measures in ``series``, in the order of their names; every unit has every day from the first to the last."""
    table = named(series, {"at": TIMES, "unit": UNITS, "value": VALUES}, "series")
    measure = table["measure"].cast(pa.string()) if "measure" in table.column_names else pa.array([ONLY] * len(table))
    table = pa.table({"at": table["at"], "unit": table["unit"].cast(pa.string()), "value": table["value"],
                      "measure": measure})  # fmt: skip
    for name in ("unit", "measure"):
        if table[name].null_count:
            raise MeasureError(f"A {name} is missing.", where="series", mend="Name it, or leave such rows out.")
    unknown = pc.is_null(table["value"])
    whole = binned(
        pa.table({"series": table["unit"], "at": table["at"], "count": pc.fill_null(table["value"], 0)}), DAY
    ).append_column("measure", table["measure"]).append_column("unknown", unknown)  # fmt: skip
    if not len(whole):
        return []
    missing = _gaps(gaps)
    return [_panel(name, whole.filter(pc.equal(whole["measure"], name)), missing)
            for name in sorted(pc.unique(whole["measure"]).to_pylist())]  # fmt: skip


def _panel(measure: str, rows: pa.Table, gaps: Sequence[tuple[str | None, int, int]]) -> Panel:
    units = pc.unique(rows["series"]).sort()
    days = rows["bin"].to_numpy()
    first, size = int(days.min()), int(days.max() - days.min()) + 1
    if size > MOST_DAYS:
        raise MeasureError(
            "The days span too long a time.", where="series", mend=f"Give at most {MOST_DAYS:,} days: check for strays."
        )
    row = pc.index_in(rows["series"], units).to_numpy()
    counts, known = np.zeros((len(units), size)), np.ones((len(units), size), np.bool_)
    np.add.at(counts, (row, days - first), rows["count"].to_numpy().astype(np.float64))
    known[row[rows["unknown"].to_numpy()], (days - first)[rows["unknown"].to_numpy()]] = False
    panel = Panel(measure, tuple(units.to_pylist()), first, counts, known)
    for unit, start, end in gaps:
        chosen = slice(None) if unit is None else panel.place.get(unit)
        if chosen is not None:
            known[chosen, max(start - first, 0) : max(end - first, 0)] = False
    return panel


def _gaps(gaps: Any) -> list[tuple[str | None, int, int]]:
    """Each gap as unit (None = all) and the days that it touches."""
    if gaps is None:
        return []
    table = as_table(gaps)
    require_columns(table, ("start", "end"))
    units = _units(table)
    start, end = (microseconds(table[name], f"gaps, column {name}") for name in ("start", "end"))
    if (end < start).any():
        raise MeasureError("A gap ends before it starts.", where="gaps", mend="Swap or correct its times.")
    return list(
        zip(units, ((start - FIRST_MONDAY) // DAY).tolist(), (-((FIRST_MONDAY - end) // DAY)).tolist(), strict=True)
    )


def read_actions(actions: Any, left_out: Counter[str]) -> list[Action]:
    """The actions in the order of time: rows of one name and one day are one action, with all their units."""
    table = named(actions, {"at": TIMES}, "actions")
    at = microseconds(table["at"], "actions, column at") - FIRST_MONDAY
    units = _units(table)
    names = table["action"].cast(pa.string()).to_pylist() if "action" in table.column_names else [None] * len(table)
    joined: dict[tuple[str, int], tuple[dict[str | None, None], list[bool]]] = {}
    for moment, unit, name in zip(at.tolist(), units, names, strict=True):
        day = moment // DAY
        told = name or str(np.datetime64("1970-01-05", "D") + day)
        members, partial = joined.setdefault((told, day), ({}, []))
        if unit in members:
            left_out["an action that was told twice"] += 1
        members[unit] = None
        partial.append(moment % DAY != 0)
    found = [
        Action(
            name, day, None if None in members else tuple(unit for unit in members if unit is not None), any(partial)
        )
        for (name, day), (members, partial) in joined.items()
    ]
    return sorted(found, key=lambda action: (action.day, action.name))


def _units(table: pa.Table) -> list[str | None]:
    """The unit of each row; None = all."""
    found = next((name for name in UNITS if name in table.column_names), None)
    units: list[str | None] = table[found].cast(pa.string()).to_pylist() if found else [None] * len(table)
    return units


def microseconds(column: pa.ChunkedArray, where: str) -> npt.NDArray[np.int64]:
    """Times as microseconds since 1970."""
    moments: npt.NDArray[np.int64] = utc_times(column, where).cast(pa.int64()).to_numpy()
    return moments


def named(rows: Any, wanted: Mapping[str, Iterable[str]], where: str) -> pa.Table:
    """A table with its columns under the names that are used here, of several that may be given."""
    table = as_table(rows)
    for name, others in wanted.items():
        found = next((other for other in others if other in table.column_names), None)
        if found is None:
            raise MeasureError(
                f"The column {name} is missing.", where=where, mend=f"Name it: {', '.join(others)} are all understood."
            )
        if found != name:
            table = table.rename_columns([name if one == found else one for one in table.column_names])
    return table
