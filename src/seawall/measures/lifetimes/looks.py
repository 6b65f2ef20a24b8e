"""Looks at things, one after another -> spells whose ends lie between two looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.lifetimes.times import instants
from seawall.measures.tables import as_table, require_columns

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

AT = pa.timestamp("us", "UTC")
ALIVE, UNTOLD = "alive", "unknown"
STATUSES = (ALIVE, "gone", "taken_down", "renamed", "dormant", UNTOLD)
LOOKS_LEFT_OUT = {
    "nameless_looks": "a look does not say at what, or when",
    "unknown_looks": "a look could not tell",
    "never_alive": "things that were never seen alive",
}


@dataclass(frozen=True, slots=True)
class SpellsFound:
    """``spells`` as ``survival`` takes them, and what was left out while they were found, by reason."""

    spells: pa.Table
    left_out: dict[str, int]


def spells_of_looks(looks: Any) -> SpellsFound:
    """Spells from status checks: a spell runs from the first look at which a thing was alive to the next at which it
    was not.

    Args:
        looks: a row a look, in any order: ``thing`` (what was looked at), ``checked_at`` (a time, as ``survival``
            takes it), ``status`` ("alive", "gone", "taken_down", "renamed", "dormant", or "unknown": could not tell),
            and optionally ``created_at``, when the thing began.

    Returns:
        Spells with ``thing``, ``start``, ``entry``, ``last_alive``, ``end`` and ``event`` (the kind of end; null while
        alive). ``start`` is ``created_at`` where that is told, with ``entry`` the first look; else the first look, so
        that ages count from when it was first seen. The end lies between ``last_alive`` and ``end``. What is alive
        again after its end has another spell.

    Raises:
        MeasureError: a column is missing, a time cannot be read, or a status is none of these.

    >>> looks = pa.table({
    ...     "thing": ["forum"] * 3, "checked_at": ["2026-05-01", "2026-05-08", "2026-05-15"],
    ...     "status": ["alive", "alive", "gone"],
    ... })
    >>> (row,) = spells_of_looks(looks).spells.to_pylist()
    >>> f"{row['start']:%d %B}, {row['last_alive']:%d %B} to {row['end']:%d %B}, {row['event']}"
    '01 May, 08 May to 15 May, gone'
    """
    table = as_table(looks)
    require_columns(table, ("thing", "checked_at", "status"))
    things = table.column("thing").combine_chunks().dictionary_encode()
    code = things.indices.fill_null(-1).to_numpy().astype(np.int64)
    at, told = instants(table.column("checked_at"), "checked_at")
    status = _statuses(table.column("status"))
    named, known = told & (code >= 0), status != STATUSES.index(UNTOLD)
    left_out = {"nameless_looks": int((~named).sum()), "unknown_looks": int((named & ~known).sum())}
    rows = np.flatnonzero(named & known)
    rows = rows[np.lexsort((status[rows], at[rows], code[rows]))]
    code_, at_, status_ = code[rows], at[rows], status[rows]
    alive = status_ == 0
    fresh = np.concatenate([[True], code_[1:] != code_[:-1]])[: len(rows)]
    before = np.concatenate([[False], alive[:-1]])[: len(rows)] & ~fresh
    first = np.flatnonzero(alive & ~before)
    after = np.concatenate([alive[1:] & ~fresh[1:], [False]])[: len(rows)]
    last = np.flatnonzero(alive & ~after)
    over = np.append(~fresh[1:], False)[last] if len(rows) else np.zeros(0, np.bool_)
    ending = np.minimum(last + 1, max(len(rows) - 1, 0))
    left_out["never_alive"] = len(np.unique(code_)) - len(np.unique(code_[first]))
    start, entry, late = _births(table, rows[first], at_[first], fresh_runs=_first_runs(code_[first]))
    spells = pa.table(
        {
            "thing": things.dictionary.take(pa.array(code_[first])),
            "start": _times(start),
            "entry": _times(entry, late),
            "last_alive": _times(at_[last]),
            "end": _times(at_[ending], over),
            "event": pa.array(np.array(STATUSES, object)[status_[ending]], pa.string(), mask=~over),
        }
    )
    return SpellsFound(spells, {reason: count for reason, count in left_out.items() if count})


def _statuses(column: pa.ChunkedArray) -> Ints:
    words = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string()))).combine_chunks()
    place = pc.index_in(words, pa.array(STATUSES))
    wrong = np.flatnonzero(place.is_null().to_numpy(zero_copy_only=False))
    if len(wrong):
        raise MeasureError(
            "A status is none that is known.", where=f"checks, column status, row {int(wrong[0]) + 1}",
            mend=f"Known are {', '.join(STATUSES)}.",
        )  # fmt: skip
    found: Ints = place.to_numpy().astype(np.int64)
    return found


def _first_runs(code: Ints) -> Bools:
    """Which spells are the first of their thing."""
    return np.concatenate([[True], code[1:] != code[:-1]])[: len(code)]


def _births(table: pa.Table, rows: Ints, seen: Ints, fresh_runs: Bools) -> tuple[Ints, Ints, Bools]:
    """When each spell started, when it was first seen, and whether that was later."""
    if "created_at" not in table.column_names:
        return seen, seen, np.zeros(len(seen), np.bool_)
    created, told = instants(table.column("created_at"), "created_at")
    late = fresh_runs & told[rows] & (created[rows] < seen)
    return np.where(late, created[rows], seen), seen, late


def _times(at: Ints, told: Bools | None = None) -> pa.Array:
    return pa.array(at, mask=None if told is None else ~told).cast(AT)
