"""Networks as tables: CSV that a spreadsheet may open, and Arrow."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

DANGEROUS = r"^[=+\-@\t\r\n'＝＋－＠]"
"""What a spreadsheet may take for the beginning of a formula; and the sign that is put before it."""


def write_arrow(path: Path, table: pa.Table, made: str) -> Path:
    """An Arrow IPC file; how it was made stands in its schema's metadata as ``seawall`` (JSON)."""
    with pa.ipc.new_file(str(path), table.replace_schema_metadata({"seawall": made}).schema) as file:
        file.write_table(table.replace_schema_metadata({"seawall": made}))
    return path


def write_csv(path: Path, table: pa.Table, made: str) -> Path:
    """A CSV file. Its first line is ``# `` and how it was made (JSON), its second the names of the columns.

    A text that a spreadsheet may take for a formula gets an apostrophe before it, and so does one that begins with an
    apostrophe; taking one apostrophe from the beginning of each text that has one gives back what was written.
    """
    columns = {name: _guarded(table[name]) for name in table.column_names}
    with path.open("wb") as file:
        file.write(f"# {made}\n".encode())
        pc_csv.write_csv(pa.table(columns), file)
    return path


def _guarded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_list(kind):
        column = pc.binary_join(column, "|")
        kind = column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return column
    return pc.replace_substring_regex(column, DANGEROUS, r"'\0")
