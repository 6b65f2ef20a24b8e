"""What is handed to a measure -> an Arrow table with the columns that it needs, or an error that helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError


def as_table(rows: Any) -> pa.Table:
    """An Arrow table of a table, a batch, a reader, or any data frame with ``__arrow_c_stream__``.

    Raises:
        MeasureError: it is none of these.
    """
    if isinstance(rows, pa.Table):
        return without_views(rows)
    if isinstance(rows, pa.RecordBatch):
        return without_views(pa.Table.from_batches([rows]))
    if hasattr(rows, "__arrow_c_stream__"):
        return without_views(pa.RecordBatchReader.from_stream(rows).read_all())
    raise MeasureError(
        f"A {type(rows).__name__} is not a table.", mend="Give an Arrow table, or a data frame that Arrow can read."
    )


def without_views(table: pa.Table) -> pa.Table:
    """The table with viewed strings (as polars has them) as large strings, because Arrow cannot take rows of views.

    >>> without_views(pa.table({"object": pa.array(["roses"], pa.string_view())})).schema.field("object").type
    DataType(large_string)
    """
    for place, column in enumerate(table.schema):
        if pa.types.is_string_view(column.type):
            table = table.set_column(place, column.name, table[column.name].cast(pa.large_string()))
    return table


MOST_HELD = 4_000_000
"""So many rows are held, beside what folding leaves of them, before they are folded."""


class Folded:
    """Rows that come table after table, after a fold that makes fewer of them and is done over and over on the way.

    Args:
        fold: ``fold(a + fold(b)) == fold(a + b)``, as adding up is.
        empty: no rows, in the columns and types of all tables.
        most: rows that are held unfolded.

    >>> beds = Folded(lambda rows: rows.group_by("bed").aggregate([]), pa.table({"bed": pa.array([], pa.int64())}), 1)
    >>> for bed in (3, 1, 3):
    ...     beds.put(pa.table({"bed": [bed]}))
    >>> beds.all()["bed"].to_pylist()
    [3, 1]
    """

    def __init__(self, fold: Callable[[pa.Table], pa.Table], empty: pa.Table, most: int = MOST_HELD) -> None:
        self._fold, self._most = fold, most
        self._held = [empty]
        self._size = self._left = 0

    def put(self, rows: pa.Table) -> None:
        """Take some rows in."""
        self._held.append(rows)
        self._size += len(rows)
        if self._size - self._left > max(self._most, self._left):
            self._held = [self.all()]
            self._size = self._left = len(self._held[0])

    def all(self) -> pa.Table:
        """What is left of all of them."""
        return self._fold(pa.concat_tables(self._held))


def place_of(value: Any, values: pa.Array) -> int | None:
    """Where a value first stands among others; None where it does not, or could not.

    >>> place_of("bob", pa.array(["ann", "bob"])), place_of(7, pa.array(["ann", "bob"]))
    (1, None)
    """
    try:
        place = pc.index(values, pa.scalar(value, values.type)).as_py()
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    return int(place) if place >= 0 else None


def require_columns(table: pa.Table, names: Iterable[str]) -> None:
    """Raise a MeasureError that names the missing columns, and for each the nearest that is there."""
    missing = [name for name in names if name not in table.column_names]
    if not missing:
        return
    hints = []
    for name in missing:
        near = get_close_matches(name, table.column_names, n=1, cutoff=0.4)
        hints.append(f"{name} (the nearest is {near[0]})" if near else name)
    raise MeasureError(
        f"The table lacks {'the column' if len(missing) == 1 else 'the columns'} {', '.join(hints)}.",
        mend="Rename the columns: table.rename_columns({'old': 'new'}).",
    )
