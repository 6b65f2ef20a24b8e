"""Which kind of table a file holds: CSV, NDJSON or Parquet."""

from __future__ import annotations

from seawall.errors import InputError
from seawall.protocols import Input
from seawall.sources.csv_records import sniff
from seawall.sources.delimited import DelimitedRows
from seawall.sources.encoding import BOMS, known_encoding, unlike_utf8
from seawall.sources.ndjson import SAMPLE_BYTES, NdjsonRows, sample_columns
from seawall.sources.parquet_rows import PARQUET_MAGIC, ParquetRows
from seawall.sources.tabular import Rows

_LINES_LOOKED_AT = 20


def open_table(file: Input, encoding: str | None) -> Rows:
    """The table in a file.

    Raises:
        InputError: no table can be made out, it is damaged, or its encoding must be stated.
        ConfigurationError: the stated encoding does not exist.
    """
    head = _head(file)
    if head.startswith(PARQUET_MAGIC):
        return ParquetRows(file)
    if _is_ndjson(_text_of(head, encoding)):
        return NdjsonRows(file, encoding)
    return DelimitedRows(file, encoding)


def columns_in(file: Input) -> tuple[str, ...]:
    """The names of the columns that the head of a file shows; none where it shows no table."""
    head = _head(file)
    if head.startswith(PARQUET_MAGIC):
        try:
            return ParquetRows(file).columns
        except InputError:
            return ()
    text = _text_of(head, None)
    if _is_ndjson(text):
        return sample_columns(text.encode("utf-8", "replace"))
    found = sniff(text)
    if found is None or any("\0" in name or "\ufffd" in name for name in found[1]):
        return ()
    return tuple(name.strip() for name in found[1])


def _head(file: Input) -> bytes:
    """The first bytes of a file; more of them where its first line is long."""
    head = file.head()
    return head if b"\n" in head or head.startswith(PARQUET_MAGIC) else file.head(SAMPLE_BYTES)


def _is_ndjson(text: str) -> bool:
    """Whether most of the first lines begin as objects do; a line or two may be damaged."""
    lines = [line for line in text.split("\n")[:_LINES_LOOKED_AT] if line.strip()]
    objects = sum(line.lstrip().startswith("{") for line in lines)
    return objects * 2 > len(lines)


def _text_of(head: bytes, stated: str | None) -> str:
    marked = next((name for bom, name in BOMS if head.startswith(bom)), None)
    encoding = known_encoding(stated) if stated else marked or unlike_utf8(head) or "utf-8"
    return head.decode(encoding, errors="replace").removeprefix("\ufeff")
