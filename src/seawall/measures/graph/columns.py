"""Networks as tables: CSV that a spreadsheet may open, and Arrow."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from seawall.spreadsheets import harmless


def write_arrow(path: Path, table: pa.Table, made: str) -> Path:
    """An Arrow IPC file; how it was made stands in its schema's metadata as ``seawall`` (JSON)."""
    with pa.ipc.new_file(str(path), table.replace_schema_metadata({"seawall": made}).schema) as file:
        file.write_table(table.replace_schema_metadata({"seawall": made}))
    return path


def write_csv(path: Path, table: pa.Table, made: str) -> Path:
    """A CSV file. Its first line is ``# `` and how it was made (JSON), its second the names of the columns.

    Lists are joined by ``|``. No text can be taken for a formula, see ``harmless``.
    """
    columns = {name: _flat(table[name]) for name in table.column_names}
    with path.open("wb") as file:
        file.write(f"# {made}\n".encode())
        pc_csv.write_csv(harmless(pa.table(columns)), file)
    return path


def _flat(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join(column, "|") if pa.types.is_list(column.type) else column
