"""Columns of a plain CSV file, for tables of millions of rows; whatever is not plain is left to the careful reader."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from seawall.protocols import Input
from seawall.sources.csv_records import Dialect, sniff
from seawall.sources.tabular import Chunk

MOST_BYTES = 2 << 30
_SPECIAL = (b'"', b"\0", b"\r", b"\n\n")
_BLOCK = 8 << 20


def plain_dialect(file: Input, wanted: Sequence[str]) -> Dialect | None:
    """The dialect of a file in which each line is a row and can be read in one way only; None where it is not plain.

    That is: neither packed nor huge, without quotes, blank lines, carriage returns and a byte order mark, and with the
    wanted columns each once in its first line.
    """
    head = file.head()
    if file.path is None or file.path.stat().st_size > MOST_BYTES or not head[:1].isascii() or head.startswith(b"\n"):
        return None
    found = sniff(head.decode("utf-8", "replace"))
    if found is None or any(found[1].count(name) != 1 for name in wanted):
        return None
    with file.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return None if any(content.find(one) >= 0 for one in _SPECIAL) else found[0]


def plain_chunks(file: Input, dialect: Dialect, wanted: Sequence[str]) -> Iterator[Chunk]:
    """The wanted columns of a plain file as dictionaries of strings, with the line of each row.

    Raises:
        ArrowInvalid: a line has another number of fields, or is not UTF-8: it takes the careful reader to say which.
    """
    reader = pa_csv.open_csv(
        file.path,
        read_options=pa_csv.ReadOptions(block_size=_BLOCK),
        parse_options=pa_csv.ParseOptions(delimiter=dialect.delimiter, quote_char=False),
        convert_options=pa_csv.ConvertOptions(
            include_columns=list(wanted),
            column_types=dict.fromkeys(wanted, pa.dictionary(pa.int32(), pa.string())),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    line = 2
    for batch in reader:
        yield Chunk({name: batch.column(name) for name in wanted}, np.arange(line, line + len(batch), dtype=np.int64))
        line += len(batch)
