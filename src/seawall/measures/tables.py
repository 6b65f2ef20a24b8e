"""What is handed to a measure -> an Arrow table with the columns that it needs, or an error that helps."""

from __future__ import annotations

from collections.abc import Iterable
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
