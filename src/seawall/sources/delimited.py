"""A CSV file as a table: all columns are strings, ragged and undecodable records are set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import InputError
from seawall.protocols import Input
from seawall.sources.csv_records import Parsed, parse, sniff
from seawall.sources.encoding import encoding_of, head_text, utf8_pieces
from seawall.sources.files import HEAD_BYTES
from seawall.sources.lines import HAS_NUL, NOT_TEXT, line_blocks
from seawall.sources.tabular import Chunk, batched, is_text


class DelimitedRows:
    """A CSV file. All columns are strings; an empty field is null.

    Raises:
        InputError: no header and columns can be made out, or the encoding must be stated.
    """

    def __init__(self, file: Input, encoding: str | None = None) -> None:
        self._file = file
        head = file.head(HEAD_BYTES)
        self._encoding = encoding_of(head, encoding, file.label)
        found = sniff(head_text(file, self._encoding, HEAD_BYTES))
        if found is None:
            raise InputError(
                "No columns can be made out in it.",
                where=file.label,
                mend="A table has a first line with the names of its columns, parted by commas, semicolons or tabs.",
            )
        self._dialect, header = found
        self.columns = _distinct([name.strip() for name in header])

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """All records in chunks; a record's position is the number of its first line."""
        return batched(self._pieces(wanted))

    def _pieces(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        places = [(name, self.columns.index(name)) for name in wanted]
        header_seen = False
        for parsed in parse(line_blocks(utf8_pieces(self._file, self._encoding)), self._dialect):
            if not header_seen and parsed.rows:
                header_seen = True
                del parsed.rows[0], parsed.starts[0]
            yield _piece(parsed, places, len(self.columns))


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Names of columns; each repeated or missing one gets its number, so that --map must say which is meant."""
    unclear = {name for name, times in Counter(names).items() if not name or times > 1}
    return tuple(f"{name or 'column'}.{number}" if name in unclear else name for number, name in enumerate(names, 1))


def _piece(parsed: Parsed, places: list[tuple[str, int]], width: int) -> Chunk:
    rows, starts, rejected = parsed.rows, parsed.starts, parsed.rejected
    if set(map(len, rows)) - {width}:
        rows, starts = _even(parsed, width)
    if parsed.suspicious:
        rows, starts = _text_only(rows, starts, rejected)
    fields = list(zip(*rows, strict=True))
    columns = {}
    for name, place in places:
        values = pa.array(fields[place] if rows else [], pa.string())
        columns[name] = pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
    return Chunk(columns, np.array(starts, np.int64), tuple(sorted(rejected)))


def _even(parsed: Parsed, width: int) -> tuple[list[list[str]], list[int]]:
    """Rows with as many fields as the header; the others become rejections."""
    kept, starts = [], []
    for row, start in zip(parsed.rows, parsed.starts, strict=True):
        if len(row) == width:
            kept.append(row)
            starts.append(start)
        else:
            fields = f"{len(row)} field{'' if len(row) == 1 else 's'}"
            parsed.rejected.append((start, "record", f"{fields}, the header has {width}"))
    return kept, starts


def _text_only(
    rows: list[list[str]], starts: list[int], rejected: list[tuple[int, str, str]]
) -> tuple[list[list[str]], list[int]]:
    """Rows without NUL and undecodable places; the others become rejections."""
    kept, positions = [], []
    for row, start in zip(rows, starts, strict=True):
        whole = "".join(row)
        if "\0" in whole:
            rejected.append((start, "record", HAS_NUL))
        elif not is_text(whole):
            rejected.append((start, "record", NOT_TEXT))
        else:
            kept.append(row)
            positions.append(start)
    return kept, positions
