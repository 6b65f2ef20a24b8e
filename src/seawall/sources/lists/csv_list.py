"""Lists as tables: one entry a line, columns by their names or as the user maps them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from seawall.errors import ConfigurationError
from seawall.model import IndicatorKind
from seawall.sources.lists.entries import Broken, Entry, Line, day_of, kind_of, percent_of, unreadable

MOST_BYTES = 65_536
"""A longer line is no entry of a list."""

FIELDS = {
    "kind": ("kind", "type", "indicator_type"),
    "value": ("value", "indicator", "indicator_value", "signal"),
    "reason": ("reason", "description", "comment", "note"),
    "source": ("source", "origin", "provider"),
    "confidence": ("confidence",),
    "expires_on": ("expires_on", "expires", "valid_until", "expiry"),
}
"""Field -> names of columns that are taken for it, in small letters."""

_MARKS = (",", ";", "\t", "|")


def read_csv(
    path: Path, *, mapping: Mapping[str, str] | None = None, kind: IndicatorKind | None = None
) -> Iterator[Line]:
    """The lines of a table, in their order; each is an entry or is told as broken.

    The first line names the columns; marks between them are commas, semicolons, tabs or bars. A line is an entry:
    a quoted value does not go on in the next line.

    Args:
        path: the file, UTF-8.
        mapping: field of ``FIELDS`` -> name of the column that holds it.
        kind: of all entries, where no column tells.

    Raises:
        InputError: it cannot be read, or has no line that names columns.
        ConfigurationError: no column holds the value or the kind.
    """
    try:
        with path.open("rb") as file:
            lines = enumerate(file, start=1)
            number, header = next(lines, (0, b""))
            if not header.strip():
                raise unreadable("The list is empty.", path.name, "Its first line names its columns.")
            mark = max(_MARKS, key=header.decode("utf-8-sig", "replace").count)
            names = [name.strip() for name in _cells(header, mark) or []]
            columns = _columns(names, mapping or {}, kind, path.name)
            for number, line in lines:
                if line.strip():
                    yield _line(number, line, mark, columns, len(names), kind)
    except OSError as error:
        raise unreadable(f"The list cannot be read ({error.strerror}).", str(path), "Check the path.") from None


def _cells(line: bytes, mark: str) -> list[str] | None:
    """The cells of a line, None where its quotes do not fit together."""
    try:
        text = line.decode("utf-8-sig" if line[:3] == b"\xef\xbb\xbf" else "utf-8").rstrip("\r\n")
        return next(csv.reader([text], delimiter=mark, strict=True), None)
    except (UnicodeDecodeError, csv.Error):
        return None


def _columns(
    names: Sequence[str], mapping: Mapping[str, str], kind: IndicatorKind | None, where: str
) -> dict[str, int]:
    found = {}
    for field, usual in FIELDS.items():
        wanted = (mapping[field].lower(),) if field in mapping else usual
        places = [place for place, name in enumerate(names) if name.lower() in wanted]
        if places:
            found[field] = places[0]
        elif field in mapping:
            raise ConfigurationError(
                f"There is no column for {field} as it was mapped.", where=where, mend="Check --map FIELD=COLUMN."
            )
    unknown = set(mapping) - set(FIELDS)
    if unknown:
        raise ConfigurationError(
            "A field that a list does not have was mapped.", where=where, mend=f"Fields are {', '.join(FIELDS)}."
        )
    if "value" not in found:
        raise ConfigurationError("No column holds the value.", where=where, mend="Name it: --map value=COLUMN")
    if "kind" not in found and kind is None:
        raise ConfigurationError(
            "No column holds the kind.", where=where, mend="Name it: --map kind=COLUMN, or state one: --kind url"
        )
    return found


def _line(
    number: int, line: bytes, mark: str, columns: Mapping[str, int], width: int, kind: IndicatorKind | None
) -> Line:
    if len(line) > MOST_BYTES:
        return Broken(number, f"the line is longer than {MOST_BYTES:,} bytes")
    cells = _cells(line, mark)
    if cells is None:
        return Broken(number, "its bytes are not UTF-8, or its quotes do not fit together")
    if len(cells) > width:
        return Broken(number, "it has more cells than the first line has columns")
    told = {field: cells[place].strip() for field, place in columns.items() if place < len(cells)}
    return entry_of(number, told, kind)


def entry_of(number: int, told: Mapping[str, str], kind: IndicatorKind | None) -> Line:
    """An entry out of what its cells tell; empty ones tell nothing."""
    own = kind_of(told["kind"]) if told.get("kind") else kind
    if own is None:
        return Broken(number, "its kind is none that Seawall knows" if told.get("kind") else "its kind is missing")
    if not told.get("value"):
        return Broken(number, "its value is missing")
    confidence = percent_of(told["confidence"]) if told.get("confidence") else None
    if told.get("confidence") and confidence is None:
        return Broken(number, "its confidence is no whole number from 0 to 100")
    expires_on = day_of(told["expires_on"]) if told.get("expires_on") else None
    if told.get("expires_on") and expires_on is None:
        return Broken(number, "its expiry is no date such as 2026-05-03")
    reason, source = told.get("reason") or None, told.get("source") or None
    return Entry(number, own, told["value"], reason, source, confidence, expires_on)
