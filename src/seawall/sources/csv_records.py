"""The records of CSV text with their line numbers, and the dialect, found from the head.

Reading is strict: after a closing quote comes a delimiter or the line's end. A record that breaks this is
rejected by its first line, and reading goes on with the next line, so that one stray quote does not swallow
what follows; how often lines are read again has a limit, so that time stays linear.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from seawall.sources.lines import RECORD_BYTES, TOO_LONG, TooLong

csv.field_size_limit(RECORD_BYTES)  # one limit for the process: ours is the higher

SNIFFED_RECORDS = 200
DELIMITERS = ",;\t|"
BAD_QUOTES = "a quote is not closed, or text follows a closing quote"
BARE_RETURN = "holds a carriage return outside quotes"
_UNFINISHED = "unexpected end of data"
_SPARE_LINES = 10_000
_REREAD_FACTOR = 4


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the fields of a line are told apart."""

    delimiter: str
    backslash: bool = False  # quotes inside quotes are written \\" instead of ""

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Records of lines, strictly."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar='"',
            doublequote=not self.backslash,
            escapechar="\\" if self.backslash else None,
            strict=True,
        )


def sniff(head: str) -> tuple[Dialect, list[str]] | None:
    """The dialect under which most records of a head have as many fields as its first, and that first record.

    >>> sniff("id;text\\n1;roses, red\\n2;ivy\\n")
    (Dialect(delimiter=';', backslash=False), ['id', 'text'])
    >>> sniff("no table at all") is None
    True
    """
    lines = StringIO(head, newline="\n").readlines()
    best: tuple[float, int, Dialect, list[str]] | None = None
    escapes = (False, True) if '\\"' in head else (False,)
    for dialect in (Dialect(mark, back) for mark in DELIMITERS for back in escapes):
        records, faults = _try(dialect, lines)
        if not records or len(records[0]) < 2:
            continue
        width = len(records[0])
        share = sum(len(record) == width for record in records) / (len(records) + faults)
        if best is None or (share, width) > best[:2]:
            best = (share, width, dialect, records[0])
    return None if best is None else best[2:]


def _try(dialect: Dialect, lines: list[str]) -> tuple[list[list[str]], int]:
    """The first records of the head under a dialect, without its last, which may be cut off; and the faulty ones."""
    whole = lines[:-1] if len(lines) > 1 else lines
    reader = dialect.reader(iter(whole))
    records: list[list[str]] = []
    faults = 0
    while len(records) < SNIFFED_RECORDS and faults < SNIFFED_RECORDS:
        try:
            record = next(reader, None)
        except csv.Error:
            faults += 1
            continue
        if record is None:
            break
        if record:
            records.append(record)
    return records, faults


@dataclass(slots=True)
class Parsed:
    """Consecutive records: fields and first line of each, and (first line, field, reason) of the bad ones."""

    rows: list[list[str]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    suspicious: bool = False  # some text may hold NUL or undecodable places


class _Reread:
    """How many lines may still be read again."""

    def __init__(self) -> None:
        self.lines = 0  # handed in so far
        self._again = 0

    def granted(self, lines: int) -> bool:
        """Whether that many may be; then they count."""
        allowed = self._again + lines <= _REREAD_FACTOR * self.lines + _SPARE_LINES
        self._again += lines if allowed else 0
        return allowed


def parse(blocks: Iterable[bytes | TooLong], dialect: Dialect) -> Iterator[Parsed]:
    """The records of blocks of lines, block by block; an unfinished record is carried into the next block."""
    reread = _Reread()
    carried: list[str] = []
    suspicious = False
    for block in blocks:
        text, odd = ("", False) if isinstance(block, TooLong) else _decoded(block)
        fresh = StringIO(text, newline="\n").readlines()
        reread.lines += len(fresh)
        suspicious = odd or (suspicious and bool(carried))
        lines = carried + fresh if carried else fresh
        parsed = Parsed(suspicious=suspicious)
        carried = _records(lines, reread, dialect, parsed, may_carry=0 if isinstance(block, TooLong) else RECORD_BYTES)
        if isinstance(block, TooLong):
            reread.lines += 1
            parsed.rejected.append((reread.lines, "record", TOO_LONG))
        yield parsed
    parsed = Parsed(suspicious=suspicious)
    _records(carried, reread, dialect, parsed, may_carry=0)
    yield parsed


def _decoded(block: bytes) -> tuple[str, bool]:
    try:
        text = block.decode()
    except UnicodeDecodeError:
        return block.decode(errors="surrogateescape"), True
    return text, "\0" in text


def _records(lines: list[str], reread: _Reread, dialect: Dialect, parsed: Parsed, *, may_carry: int) -> list[str]:
    """Adds the records of the last lines that were handed in to ``parsed``.

    Gives back the lines of a record that is not finished, if they have at most ``may_carry`` characters.
    """
    line = reread.lines - len(lines) + 1  # the number of lines[0]
    begin = 0  # index of the line with which the next record begins
    while begin < len(lines):
        source: Any = iter(lines)
        source.__setstate__(begin)
        reader: Any = dialect.reader(source)
        rows: list[list[str]] = []
        ends: list[int] = []
        failure: csv.Error | None = None
        try:
            for row in reader:
                rows.append(row)
                ends.append(reader.line_num)
        except csv.Error as error:
            failure = error
        _keep(parsed, rows, [line + begin, *(line + begin + end for end in ends[:-1])])
        if failure is None:
            break
        behind = begin + reader.line_num
        begin += ends[-1] if ends else 0
        if str(failure) == _UNFINISHED and sum(map(len, lines[begin:])) <= may_carry:
            return lines[begin:]
        reason = BARE_RETURN if "new-line" in str(failure) else BAD_QUOTES
        others = behind - begin - 1
        again = reread.granted(others)
        parsed.rejected.append((line + begin, "record", reason if again else _skipped(reason, others)))
        begin = begin + 1 if again else behind
    return []


def _keep(parsed: Parsed, rows: list[list[str]], starts: list[int]) -> None:
    """Adds rows with the numbers of their first lines, without blank lines."""
    if all(rows):
        parsed.rows += rows
        parsed.starts += starts[: len(rows)]
        return
    for row, start in zip(rows, starts, strict=False):
        if row:
            parsed.rows.append(row)
            parsed.starts.append(start)


def _skipped(reason: str, lines: int) -> str:
    return f"{reason}; {lines} lines after it were skipped with it" if lines else reason
