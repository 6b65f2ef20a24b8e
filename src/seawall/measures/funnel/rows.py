"""A table of interactions -> arrays of times, acts and keys; what cannot be evidence is counted and left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.funnel.words import BEARING, KINDS, PASSES, WRITES
from seawall.measures.keys import Keys, Times, identity_keys, microseconds, present
from seawall.measures.tables import as_table, require_columns

NEEDED = ("at", "kind", "source", "target")
FURTHER = ("channel", "contact_kind")
Acts = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass
class Rows:
    """Acts of one account towards another: what of a table can be evidence, in the table's order."""

    at: Times
    act: Acts
    source: Keys
    target: Keys
    sources: pa.ChunkedArray
    targets: pa.ChunkedArray
    words: Keys  # of the reply; 0 = none
    address: Keys  # of the outside address; 0 = none
    print: Keys  # of the whole row: two with one print at one moment are a repetition


def read(interactions: Any, left_out: dict[str, int]) -> tuple[Rows, pa.DataType]:
    """The acts of a table, and the type of its ids; adds to ``left_out`` what is none.

    Raises:
        MeasureError: a column is missing or of a type that cannot be read, or a kind is unknown.
    """
    table = as_table(interactions)
    require_columns(table, NEEDED)
    told, kind = _ids(table)
    act, mask = _acts(table)
    at, timed = microseconds(table["at"])
    kept = np.ones(len(table), np.bool_)
    for reason, wrong in (
        ("without_time", None if timed is None else ~timed),
        ("without_source", _absent(table["source"])),
        ("no_evidence", act == 0),
        ("without_target", _absent(table["target"])),
    ):
        _leave_out(left_out, reason, kept, wrong)
    source, target = identity_keys(told[0]), identity_keys(told[1])
    _leave_out(left_out, "self", kept, source == target)
    rows = Rows(
        at, act, source, target, told[0], told[1],
        _optional(table, "reply_key"), _optional(table, "contact_key"), mask,
    )  # fmt: skip
    rows.print = _prints(rows, table)
    return (rows if kept.all() else _chosen(rows, kept)), kind


def _leave_out(left_out: dict[str, int], reason: str, kept: Mask, wrong: Mask | None) -> None:
    if wrong is not None:
        left_out[reason] = left_out.get(reason, 0) + int(np.count_nonzero(wrong & kept))
        kept &= ~wrong


def _absent(column: pa.ChunkedArray) -> Mask | None:
    told = present(column)
    return None if told is None else ~told


def _chosen(rows: Rows, kept: Mask) -> Rows:
    where = pa.array(np.flatnonzero(kept))
    return Rows(
        rows.at[kept], rows.act[kept], rows.source[kept], rows.target[kept],
        rows.sources.take(where), rows.targets.take(where), rows.words[kept], rows.address[kept], rows.print[kept],
    )  # fmt: skip


def _ids(table: pa.Table) -> tuple[tuple[pa.ChunkedArray, pa.ChunkedArray], pa.DataType]:
    """Sources and targets, each plain, and their type; a target column of nulls has none of its own."""
    columns: list[pa.ChunkedArray] = []
    for name in ("source", "target"):
        column = table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_null(column.type) and columns:
            column = column.cast(columns[0].type)
        whole = pa.types.is_integer(column.type)
        if not (whole or pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            raise MeasureError(
                f"Ids of type {column.type} cannot be compared.",
                where=f"column {name}",
                mend="Give ids as strings or whole numbers.",
            )
        columns.append(column)
    source, target = columns
    if pa.types.is_integer(source.type) != pa.types.is_integer(target.type):
        raise MeasureError(
            f"Sources are of type {source.type}, targets of type {target.type}.",
            where="columns source, target",
            mend="Give ids of one type.",
        )
    return (source, target), source.type if pa.types.is_integer(source.type) else pa.string()


def _acts(table: pa.Table) -> tuple[Acts, Keys]:
    """What each row does (0: nothing that is evidence), and the number of its kind."""
    column = table["kind"]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        raise MeasureError(f"Kinds of type {column.type} are no names.", where="column kind", mend="Give strings.")
    known = pa.array(KINDS, column.type)
    places = pc.index_in(column, value_set=known)
    if places.null_count:
        first = column.filter(pc.is_null(places))[0].as_py()
        raise MeasureError(
            "A row has no kind." if first is None else f"The kind {first[:40]!r} is unknown.",
            where="column kind",
            mend=f"Known are {', '.join(KINDS)}.",
        )
    number = places.to_numpy()
    act = np.array([BEARING.get(kind, 0) for kind in KINDS], np.uint8)[number]
    if "contact_kind" in table.column_names:
        passed = present(table["contact_kind"])
        act[(act & WRITES > 0) & (True if passed is None else passed)] |= PASSES
    return act, number.astype(np.uint64)


def _optional(table: pa.Table, name: str) -> Keys:
    """A key for each value that is told; 0 where none is, or there is no such column."""
    if name not in table.column_names or pa.types.is_null(table[name].type):
        return np.zeros(len(table), np.uint64)
    keys, told = identity_keys(table[name]), present(table[name])
    return keys if told is None else np.where(told, keys, np.uint64(0))


def _prints(rows: Rows, table: pa.Table) -> Keys:
    print_of, odd = rows.print, np.uint64(0x9E3779B97F4A7C15)
    for part in (rows.source, rows.target, rows.words, rows.address, *(_optional(table, name) for name in FURTHER)):
        print_of = (print_of ^ part) * odd
        print_of ^= print_of >> np.uint64(29)
    return print_of
