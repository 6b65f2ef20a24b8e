"""Incidents, and windows of surges, in a file -> Arrow tables as the measure takes them, or an error with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.cli.table_file import TableFile, read_columns, times_of, words_of
from seawall.protocols import Progress, ReadOptions
from seawall.sources.times import FAULTS, MISSING, parse_times

INCIDENTS: Mapping[str, str] = {
    "date": "date event_date day when time at incident_date",
    "place": "place location where town city region admin1",
    "kind": "kind type event_type category what",
    "precision": "precision date_precision time_precision",
    "count": "count incidents number n",
}
"""The fields of a table of incidents, with the names that people use, the most telling first."""

SURGES: Mapping[str, str] = {
    "start": "start begin from first since",
    "end": "end until to last stop",
    "direction": "direction",
}
"""The fields of a table of surges; ``seawall surges --out`` writes one."""

_COARSE = r"^(\d{4}|\d{4}-\d{2}|\d{4}-?W\d{2})$"


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """The rows of a file, and what had to be assumed."""

    rows: pa.Table
    assumptions: tuple[str, ...]


def read_incidents(path: Path, options: ReadOptions, progress: Progress | None = None) -> IncidentFile:
    """The incidents in a CSV, NDJSON or Parquet file: ``date`` (text); ``place, kind, precision, count`` where told.

    A date belongs to the place of the incident: no zone is asked for, and none is assumed.

    Raises:
        InputError: it is no such table, or a date or a count cannot be used; the message says where.
        ConfigurationError: a column cannot be told, or day and month could be mistaken.
    """
    read = read_columns(path, INCIDENTS, options, progress, set(INCIDENTS) - {"date"})
    columns = {"date": _dates(read, options)}
    columns |= {field: words_of(read, field) for field in ("place", "kind", "precision") if field in read.values}
    if "count" in read.values:
        columns["count"] = _counts(read)
    return IncidentFile(pa.table(columns), tuple(read.sentences))


def read_surges(path: Path, options: ReadOptions, progress: Progress | None = None) -> IncidentFile:
    """Windows in a file: ``start``, ``end`` (null: it lasts), and ``direction`` where told.

    Raises:
        InputError: it is no such table, or a time cannot be used; the message says where.
        ConfigurationError: a column cannot be told, or day and month could be mistaken.
    """
    read = read_columns(path, SURGES, options, progress, {"direction"})
    columns = {name: times_of(read, name, options, missing=name == "end") for name in ("start", "end")}
    if "direction" in read.values:
        columns["direction"] = words_of(read, "direction")
    return IncidentFile(pa.table(columns), tuple(read.sentences))


def _dates(read: TableFile, options: ReadOptions) -> pa.Array:
    """Dates as text: years, months and weeks as they are written, others as 2026-05-03; null where there is none."""
    written = read.values["date"]
    if not (pa.types.is_dictionary(written.type) or pa.types.is_string(written.type)):
        if not pa.types.is_integer(written.type):
            return pc.strftime(times_of(read, "date", replace(options, timezone=None), missing=True), "%Y-%m-%d")
        written = written.cast(pa.string())  # years, as 2026
    plain = written.dictionary_decode() if pa.types.is_dictionary(written.type) else written
    text = pc.utf8_trim_whitespace(plain)
    coarse = pc.fill_null(pc.match_substring_regex(text, _COARSE), False)
    told = parse_times(pc.if_else(coarse, pa.scalar(None, pa.string()), text), date_order=options.date_order)
    exact = np.asarray(pc.invert(coarse).to_numpy(zero_copy_only=False))
    for fault, what in FAULTS.items():
        if fault != MISSING:
            read.refuse_if(
                exact & (told.faults == fault),
                "date",
                f"A date cannot be read: {what}.",
                "Write days as 2026-05-03, weeks as 2026-W18, months as 2026-05.",
            )
    return pc.if_else(coarse, text, pc.strftime(told.at, "%Y-%m-%d"))


def _counts(read: TableFile) -> pa.Array:
    """Incidents of each row; a missing one is 1."""
    from seawall.cli.count_values import COUNT_FAULTS, whole_counts

    values, faults = whole_counts(read.values["count"])
    for fault, (what, mend) in COUNT_FAULTS.items():
        read.refuse_if(faults == fault, "count", what, mend)
    return values
