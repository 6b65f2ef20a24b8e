"""Which column of a table of counts tells the time, the series and the count."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from seawall.errors import ConfigurationError
from seawall.sources.synonyms import folded

COUNTS: Mapping[str, str] = {
    "time": "time at date day datetime date_time timestamp week month hour minute bin ds created_at index",
    "series": "series series_id series_name name channel channel_id platform group category keyword label unique_id",
    "count": "count counts n messages posts number total value frequency freq volume y",
}
"""The fields of a table of counts, with the names that people use, the most telling first."""

COVERAGE: Mapping[str, str] = {
    "series": COUNTS["series"],
    "start": "start begin from since first",
    "end": "end until to stop last",
}
"""The fields of a table of what was collected."""

OPTIONAL = frozenset({"series"})
"""Fields of these tables without which they are tables too."""

_LIKE_A_NAME = re.compile(r"^[^\W\d][\w .\-]{0,39}$")
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the fields stand: field -> column; the series may have one name for all rows instead, or none."""

    places: Mapping[str, str]
    series: str | None = None
    sentence: str | None = None  # which columns were taken by names other than the fields' own


def find_columns(
    names: Sequence[str],
    fields: Mapping[str, str],
    label: str,
    stated: Mapping[str, str] | None = None,
    optional: Collection[str] = OPTIONAL,
) -> Columns:
    """The columns of a table with these names; ``stated`` is what --map says, ``optional`` fields may be missing.

    >>> find_columns(["day", "club", "n"], COUNTS, "rides.csv", {"series": "club"}).places
    {'series': 'club', 'time': 'day', 'count': 'n'}

    Raises:
        ConfigurationError: a column is missing, or --map names a field or column that there is not.
    """
    stated = stated or {}
    _refuse_unknown(stated, names, fields, label)
    constant = stated.get("series", "")
    series = constant[1:] if constant.startswith("=") else None
    places = {field: column for field, column in stated.items() if not column.startswith("=")}
    free = {folded(name): name for name in reversed(names) if name not in places.values()}
    guessed = {}
    for field, words in fields.items():
        if field in stated:
            continue
        found = next((free[folded(word)] for word in words.split() if folded(word) in free), None)
        if found is not None:
            guessed[field] = found
    missing = [field for field in fields if field not in optional and field not in places and field not in guessed]
    if missing:
        raise ConfigurationError(
            f"No column tells the {' and the '.join(missing)}.",
            where=label,
            mend=f"Name it, for example --map {missing[0]}=COLUMN. {_seen(names, bool(guessed))}",
        )
    other = [f"{field} from {named(column)}" for field, column in guessed.items() if field != folded(column)]
    return Columns(
        places | guessed,
        series,
        f"Columns were taken by their names: {', '.join(other)}; --map names them otherwise." if other else None,
    )


def named(column: str) -> str:
    """A column's name if it looks like one, else none: without a header it could be somebody's words."""
    return column if _LIKE_A_NAME.match(column) else "(a column)"


def _refuse_unknown(stated: Mapping[str, str], names: Sequence[str], fields: Mapping[str, str], label: str) -> None:
    for field, column in stated.items():
        if field not in fields:
            raise ConfigurationError(
                f"--map names the field {field!r}, which there is not.",
                where="option --map",
                mend=f"Fields are: {', '.join(fields)}.",
            )
        if column.startswith("=") and field != "series":
            raise ConfigurationError(
                "Only the series can have one value for all rows.",
                where="option --map",
                mend="As in: --map series==club --map count=COLUMN",
            )
        if not column.startswith("=") and column not in names:
            raise ConfigurationError(
                f"--map names the column {column!r}, which the table does not have.",
                where=label,
                mend=_seen(names, any(folded(name) in " ".join(fields.values()).split() for name in names)),
            )


def _seen(names: Sequence[str], header: bool) -> str:
    """The names of the columns, if one of them shows that the first line is a header."""
    if not header:
        return f"It has {len(names)} columns, whose names say nothing: is the first line a header?"
    shown = [name if _LIKE_A_NAME.match(name) else f"(column {place})" for place, name in enumerate(names, 1)]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"Columns seen: {', '.join(shown[:_MOST_NAMED])}{more}."
