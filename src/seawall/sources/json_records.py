"""Read the records of a JSON document or of JSON lines into raw batches, for every source whose export is JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from typing import Any, Protocol

from seawall.errors import InputError
from seawall.protocols import Input, RawBatch
from seawall.sources.json_stream import Kind, Path, Piece, Plan, Step, lines, walk
from seawall.sources.json_values import Undecodable, Unusable, decoded
from seawall.sources.place import place_of
from seawall.sources.raw_rows import RawRows

RECORD = "record"
"""The field that a rejected record names if it could not be read at all."""

_OUTLINE_BYTES = 16_384
_FIRST_LINES = 5


class Reader(Protocol):
    """What a source makes of the pieces of its format, in their order."""

    def describe(self, piece: Piece, rows: RawRows) -> None:
        """An object or list begins or ends, or a value that describes records."""
        ...

    def skip(self, piece: Piece) -> None:
        """A record that an earlier batch holds."""
        ...

    def add(self, position: int, value: Any, piece: Piece, rows: RawRows) -> None:
        """A record: one row of ``rows``.

        Raises:
            Unusable: it lacks something that it must have.
        """
        ...


def pieces_of(file: Input, plan: Plan | None) -> Iterator[tuple[int | None, Piece]]:
    """The pieces of a document that ``plan`` asks for, or of JSON lines where it is None, with the line if any."""
    with closing(file.open()) as stream:
        if plan is not None:
            for piece in walk(stream, plan):
                yield None, piece
            return
        for number, raw in lines(stream):
            if raw is None:
                yield number, Piece(Kind.FAULT, (), reason="a line that is too long")
            else:
                yield number, Piece(Kind.RECORD, (), raw)


def read_records(
    file: Input, plan: Plan | None, reader: Reader, rows: RawRows, checkpoint: str | None
) -> Iterator[RawBatch]:
    """Batches of what ``reader`` makes of the records after ``checkpoint``, the position of a batch's last record.

    A position is the ordinal of a record, for JSON lines the number of its line.

    Raises:
        InputError: the file is damaged (after the batch of the records before the damage), or holds no list
            of records at all.
        ConfigurationError: ``checkpoint`` is none of this source's.
    """
    return gathered(pieces_of(file, plan), reader, rows, checkpoint, file.label, told=plan is None)


def gathered(
    pieces: Iterator[tuple[int | None, Piece]],
    reader: Reader,
    rows: RawRows,
    checkpoint: str | None,
    label: str,
    *,
    told: bool = False,
) -> Iterator[RawBatch]:
    """As ``read_records``, from pieces. ``told``: that there are no records is no damage.

    Raises:
        InputError, ConfigurationError: as ``read_records``.
    """
    done = place_of(checkpoint)
    position = 0
    failure: InputError | None = None
    for line, piece in _until_damage(pieces):
        if isinstance(piece, InputError):
            failure = piece
            break
        if piece.kind not in (Kind.RECORD, Kind.FAULT):
            told = told or piece.kind is Kind.OPEN
            reader.describe(piece, rows)
            continue
        position = line or position + 1
        told = True
        if position <= done:
            reader.skip(piece)
            rows.forget_channels()
            continue
        _take(position, piece, reader, rows)
        if rows.full:
            yield rows.batch(str(position))
    if rows.records or (rows.channels and position == 0):
        yield rows.batch(str(position))
    if failure is not None:
        raise failure
    if not told:
        raise InputError("It holds no records.", where=label, mend="Check that it is the file that was meant.")


def _until_damage(pieces: Iterator[tuple[int | None, Piece]]) -> Iterator[tuple[int | None, Piece | InputError]]:
    try:
        yield from pieces
    except InputError as error:
        yield None, error


def _take(position: int, piece: Piece, reader: Reader, rows: RawRows) -> None:
    rows.count(len(piece.raw))
    if piece.kind is Kind.FAULT:
        rows.reject(position, piece.path[-1] if piece.path else RECORD, piece.reason)
        return
    try:
        reader.add(position, decoded(piece.raw), piece, rows)
    except Undecodable as error:
        rows.reject(position, RECORD, str(error))
    except Unusable as error:
        rows.reject(position, error.field, error.reason)


def outline(head: bytes, depth: int = 6) -> frozenset[Path]:
    """The paths, up to a depth, that the beginning of a JSON document or of JSON lines holds.

    Of the first list, the first elements; of JSON lines, the first lines. Raises nothing on strange bytes.

    >>> sorted(outline(b'{"messages": [{"id": 7, "te'))
    [('messages',), ('messages', '[]'), ('messages', '[]', 'id')]
    >>> outline(b"date,text")
    frozenset()
    """
    seen: set[Path] = set()
    head = head[:_OUTLINE_BYTES]
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]

    def plan(path: Path) -> Step:
        if path:
            seen.add(path)
        return Step.ENTER if len(path) < depth else Step.SKIP

    for piece in walk(BytesIO(head), plan):
        del piece
    return frozenset(seen) if first in b"{[" else frozenset()


def one_after_another(head: bytes) -> Plan | None:
    """How to read records that follow one another: None for JSON lines, a plan where they are spread over lines.

    >>> one_after_another(b'{"a": 1}' + b"  ") is None, one_after_another(b'{ "a":') is None
    (True, False)
    """
    for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()[:_FIRST_LINES]:
        try:
            if isinstance(decoded(line), dict):
                return None
        except Undecodable:
            continue
    return _each_document


def _each_document(path: Path) -> Step:
    return Step.SKIP if path else Step.RECORD
