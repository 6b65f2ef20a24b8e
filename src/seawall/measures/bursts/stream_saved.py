"""The row of a table in which a stream is kept, without pickle."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError

Parts = dict[str, npt.NDArray[Any]]

VERSION = 1
"""Of the saved form: it grows whenever a part of the state or a constant of the method changes."""


def to_table(width: str, parts: Parts) -> pa.Table:
    """One row: ``version`` (int32), ``bin`` (``width`` as it was written), then each part as a list of its numbers."""
    columns: dict[str, Any] = {"version": pa.array([VERSION], pa.int32()), "bin": [width]}
    for name, values in parts.items():
        columns[name] = pa.array([values.ravel().tolist()], pa.list_(pa.from_numpy_dtype(values.dtype)))
    return pa.table(columns)


def width_of(saved: Any) -> str:
    """The width of the bins as it was written.

    Raises:
        MeasureError: not one row of ``to_table``, or of another version.
    """
    if not isinstance(saved, pa.Table) or saved.num_rows != 1 or not {"version", "bin"} <= set(saved.column_names):
        _refuse("This is not a saved stream.", "Pass one row as SurgeStream.save gave it.")
    if saved.column("version")[0].as_py() != VERSION:
        _refuse("The stream was saved by another version.", "Feed its counts to a new stream, or use that version.")
    return str(saved.column("bin")[0].as_py())


def fill(saved: pa.Table, parts: Parts) -> None:
    """Put the numbers of the row into ``parts``, which are those of a new stream.

    Raises:
        MeasureError: a part is missing, or of another size or type.
    """
    for name, values in parts.items():
        column = saved.column(name) if name in saved.column_names else None
        if column is None or column.type != pa.list_(pa.from_numpy_dtype(values.dtype)) or column.null_count:
            _refuse("A part of the saved stream is missing or damaged.", "Feed its counts to a new stream.")
        numbers = column[0].values
        if len(numbers) != values.size or numbers.null_count:
            _refuse("A part of the saved stream is missing or damaged.", "Feed its counts to a new stream.")
        values[...] = np.reshape(numbers.to_numpy(), values.shape)


def _refuse(what: str, mend: str) -> NoReturn:
    raise MeasureError(what, where="saved stream", mend=mend)
