"""Spells, or status checks, in a file -> Arrow tables as the measures take them, or an error that names the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.cli.table_file import read_columns, times_of, words_of
from seawall.measures.lifetimes.looks import STATUSES
from seawall.protocols import Progress, ReadOptions

SPELLS: Mapping[str, str] = {
    "start": "start begin began first created created_at added opened since",
    "end": "end ended ended_at removed_at closed last until gone_at",
    "event": "event removed observed status how reason end_reason",
    "entry": "entry entered observed_from",
    "last_alive": "last_alive last_seen_alive alive_until",
    "kind": "kind kind_of_end",
    "thing": "thing id name place channel channel_id url address host",
}
"""The fields of a table of spells, with the names that people use, the most telling first."""

CHECKS: Mapping[str, str] = {
    "thing": SPELLS["thing"],
    "checked_at": "checked_at checked time at date timestamp day",
    "status": "status state result",
    "created_at": "created_at created since",
}
"""The fields of a table of status checks."""


@dataclass(frozen=True, slots=True)
class SpellFile:
    """The rows of a file, and what had to be assumed."""

    rows: pa.Table
    assumptions: tuple[str, ...]


def read_spells(path: Path, options: ReadOptions, by: str | None, progress: Progress | None = None) -> SpellFile:
    """The spells in a CSV, NDJSON or Parquet file, plain or packed: the columns of ``seawall.measures.survival``.

    Args:
        path: the file.
        options: ``mapping`` of fields to columns, ``timezone``, ``date_order``, ``encoding``.
        by: a column more, which groups are made by.
        progress: called with the rows read.

    Raises:
        InputError: it is no such table, or a time cannot be used; the message says where.
        ConfigurationError: a column cannot be told, or day and month could be mistaken.
    """
    fields = dict(SPELLS)
    if by is not None:
        fields = {field: " ".join(word for word in words.split() if word != by) for field, words in fields.items()}
        fields["by"] = by
        options = replace(options, mapping={**options.mapping, "by": by})
    read = read_columns(path, fields, options, progress, set(fields) - {"start", "end"})
    columns: dict[str, pa.Array] = {
        field: times_of(read, field, options, missing=field != "start")
        for field in ("start", "end", "entry", "last_alive")
        if field in read.values
    }
    columns |= {field: words_of(read, field) for field in ("event", "kind", "thing") if field in read.values}
    if by is not None:
        columns[by] = words_of(read, "by")
    return SpellFile(pa.table(columns), tuple(read.sentences))


def read_checks(path: Path, options: ReadOptions, progress: Progress | None = None) -> SpellFile:
    """The status checks in a file: the columns of ``seawall.measures.lifetimes.spells_of_looks``.

    Raises:
        InputError: it is no such table, or a time or a status cannot be used; the message says where.
        ConfigurationError: a column cannot be told, or day and month could be mistaken.
    """
    read = read_columns(path, CHECKS, replace(options, mapping={}), progress, {"created_at"})
    status = pc.utf8_lower(words_of(read, "status"))
    wrong = pc.invert(pc.is_in(status, pa.array(STATUSES)))
    read.refuse_if(
        np.asarray(wrong.to_numpy(zero_copy_only=False)),
        "status",
        "A status is none that is known.",
        f"Known are {', '.join(STATUSES)}.",
    )
    columns = {"thing": words_of(read, "thing"), "status": status}
    columns |= {
        field: times_of(read, field, options, missing=field == "created_at")
        for field in ("checked_at", "created_at")
        if field in read.values
    }
    return SpellFile(pa.table(columns), tuple(read.sentences))
