"""Columns of words out of a small CSV file that a person keeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from seawall.errors import InputError
from seawall.lake.disk import disk_errors


def text_columns(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> pa.Table:
    """The named columns of a CSV file in UTF-8 as strings without white space around; an empty cell is null.

    Raises:
        InputError: it is no such file, or a column is missing.
    """
    where = str(path)
    if not path.is_file():
        raise InputError("There is no such file.", where=where, mend="Check the path.")
    with disk_errors(path):
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    mend = f"Give a CSV file in UTF-8 whose first line is: {','.join((*needed, *optional))}"
    try:
        names = pyarrow.csv.open_csv(pa.BufferReader(content)).schema.names
        missing = [name for name in needed if name not in names]
        if missing:
            raise InputError(f"The column {missing[0]} is missing.", where=where, mend=mend)
        wanted = [name for name in (*needed, *optional) if name in names]
        options = pyarrow.csv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=False
        )
        table = pyarrow.csv.read_csv(pa.BufferReader(content), convert_options=options)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise InputError("This is no table in CSV.", where=where, mend=mend) from error
    return pa.table({name: _trimmed(table.column(name)) for name in wanted})


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
