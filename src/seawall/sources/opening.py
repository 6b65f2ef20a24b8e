"""Which kind of table a file holds: CSV, NDJSON or Parquet."""

from __future__ import annotations

from seawall.errors import InputError
from seawall.protocols import Input
from seawall.sources.csv_records import sniff
from seawall.sources.delimited import DelimitedRows
from seawall.sources.encoding import BOMS, unlike_utf8
from seawall.sources.ndjson import NdjsonRows, sample_columns
from seawall.sources.parquet_rows import PARQUET_MAGIC, ParquetRows
from seawall.sources.tabular import Rows

_SPACE = b" \t\r\n\xef\xbb\xbf"


def open_table(file: Input, encoding: str | None) -> Rows:
    """The table in a file.

    Raises:
        InputError: no table can be made out, it is damaged, or its encoding must be stated.
        ConfigurationError: the stated encoding does not exist.
    """
    head = file.head()
    if head.startswith(PARQUET_MAGIC):
        return ParquetRows(file)
    if _text_of(head).lstrip().startswith("{"):
        return NdjsonRows(file, encoding)
    return DelimitedRows(file, encoding)


def columns_in(file: Input) -> tuple[str, ...]:
    """The names of the columns that the head of a file shows; none where it shows no table."""
    head = file.head()
    if head.startswith(PARQUET_MAGIC):
        try:
            return ParquetRows(file).columns
        except InputError:
            return ()
    text = _text_of(head)
    if text.lstrip().startswith("{"):
        return sample_columns(head.lstrip(_SPACE))
    found = sniff(text)
    if found is None or any("\0" in name or "\ufffd" in name for name in found[1]):
        return ()
    return tuple(name.strip() for name in found[1])


def _text_of(head: bytes) -> str:
    encoding = next((name for bom, name in BOMS if head.startswith(bom)), None) or unlike_utf8(head) or "utf-8"
    return head.decode(encoding, errors="replace").removeprefix("\ufeff")
