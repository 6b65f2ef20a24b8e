"""NDJSON: one JSON object a line. Nested objects are reached with dots: user.name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from seawall.errors import InputError
from seawall.protocols import Input
from seawall.sources.encoding import encoding_of, utf8_pieces
from seawall.sources.lines import HAS_NUL, NOT_TEXT, TOO_LONG, TooLong, line_blocks
from seawall.sources.tabular import Chunk, batched

SAMPLE_BYTES = 1 << 20
MAX_PATH = 4
"""How deep names of columns go: a.b.c.d."""

NOT_JSON = "not valid JSON, or not an object"
TOO_DEEP = "JSON nested too deep"
HALF_PAIR = "holds half of a surrogate pair"

_LONE_HALF = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])")
_decoder = msgspec.json.Decoder()


def decoded(line: bytes) -> dict[str, Any] | str:
    """The object of a line, or the reason why there is none.

    >>> decoded(b'{"text": "roses"}'), decoded(b"[1]"), decoded(b"[" * 10000)
    ({'text': 'roses'}, 'not valid JSON, or not an object', 'JSON nested too deep')
    """
    if b"\\u0000" in line or b"\0" in line:
        return HAS_NUL
    try:
        record = _decoder.decode(line)
    except RecursionError:
        return TOO_DEEP
    except UnicodeDecodeError:
        return NOT_TEXT
    except (msgspec.DecodeError, ValueError) as error:
        return HALF_PAIR if "surrogate" in str(error) or _LONE_HALF.search(line) else NOT_JSON
    return record if isinstance(record, dict) else NOT_JSON


def sample_columns(head: bytes) -> tuple[str, ...]:
    """The names of columns in the whole lines of a head, in order of first sight.

    >>> sample_columns(b'{"text": "roses", "user": {"name": "ivy"}}')
    ('text', 'user.name')
    """
    lines = head.split(b"\n")
    names: dict[str, None] = {}
    for line in lines if len(lines) == 1 else lines[:-1]:
        record = decoded(line)
        if isinstance(record, dict):
            collect_paths(record, "", names, 1)
    return tuple(names)


def collect_paths(record: dict[str, Any], before: str, names: dict[str, None], depth: int) -> None:
    """Add the names of an object's values, as columns are named, to ``names``."""
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and value and depth < MAX_PATH:
            collect_paths(value, f"{name}.", names, depth + 1)
        else:
            names[name] = None


class NdjsonRows:
    """An NDJSON file. Columns are strings, or lists of strings where the file has lists."""

    def __init__(self, file: Input, encoding: str | None = None) -> None:
        self._file = file
        self._encoding = encoding_of(file.head(), encoding, file.label)
        self.columns = sample_columns(head_bytes(file, self._encoding))

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """All records in chunks; a record's position is its line."""
        return batched(self._pieces(wanted))

    def _pieces(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        before = 0
        for block in line_blocks(utf8_pieces(self._file, self._encoding)):
            rows, positions, rejected, lines = _read(block, before)
            columns = {name: _column([reach(row, name) for row in rows]) for name in wanted}
            yield Chunk(columns, np.array(positions, np.int64), tuple(rejected))
            before += lines


_Objects = list[dict[str, Any]]
_Rejected = list[tuple[int, str, str]]


def _read(block: bytes | TooLong, before: int) -> tuple[_Objects, list[int], _Rejected, int]:
    """The objects of a block of lines, their lines, the lines without one, and how many lines it has."""
    if isinstance(block, TooLong):
        return [], [], [(before + 1, "record", TOO_LONG)], 1
    lines = block[:-1].split(b"\n") if block.endswith(b"\n") else block.split(b"\n")
    if b"\\u0000" not in block:
        try:
            records = _decoder.decode_lines(block)
        except (msgspec.DecodeError, RecursionError, ValueError):
            records = []
        if len(records) == len(lines) and all(type(record) is dict for record in records):
            return records, list(range(before + 1, before + 1 + len(lines))), [], len(lines)
    return *_one_by_one(lines, before), len(lines)


def _one_by_one(lines: list[bytes], before: int) -> tuple[_Objects, list[int], _Rejected]:
    rows: _Objects = []
    positions: list[int] = []
    rejected: _Rejected = []
    for number, line in enumerate(lines, before + 1):
        if not line.strip():
            continue
        record = decoded(line)
        if isinstance(record, str):
            rejected.append((number, "record", record))
        else:
            rows.append(record)
            positions.append(number)
    return rows, positions, rejected


def head_bytes(file: Input, encoding: str) -> bytes:
    """The beginning of the file as UTF-8."""
    head = b""
    try:
        for piece in utf8_pieces(file, encoding):
            head += piece
            if len(head) >= SAMPLE_BYTES:
                break
    except InputError:
        if not head:
            raise
    return head


def reach(record: dict[str, Any], name: str) -> Any:
    """The value of an object in the column of that name; None where it has none.

    >>> reach({"user": {"name": "ivy"}}, "user.name")
    'ivy'
    """
    value = record.get(name)
    if value is not None or "." not in name:
        return value
    reached: Any = record
    for part in name.split("."):
        if not isinstance(reached, dict):
            return None
        reached = reached.get(part)
    return reached


def _column(values: list[Any]) -> pa.Array:
    """Values of one column as strings; as lists of strings if any is a list."""
    kinds = {type(value) for value in values}
    if list in kinds:
        return pa.array([as_strings(value) for value in values], pa.list_(pa.string()))
    if kinds <= {str, type(None)}:
        return pa.array([value or None for value in values], pa.string())
    return pa.array([as_string(value) for value in values], pa.string())


def as_string(value: Any) -> str | None:
    """A value as a column of strings has it; None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return msgspec.json.encode(value).decode()


_NAMES = ("screen_name", "username", "expanded_url", "url", "text", "tag", "name", "id_str", "id")
"""Under which an object in a list says what it is, as in the lists of mentions, links and hashtags of X."""


def as_strings(value: Any) -> list[str] | None:
    """A value as a column of lists has it; an object in a list by what it says of itself."""
    if value is None:
        return None
    listed = []
    for one in value if isinstance(value, list) else [value]:
        inner = next((one[name] for name in _NAMES if one.get(name)), None) if isinstance(one, dict) else one
        text = as_string(inner)
        if text is not None:
            listed.append(text)
    return listed
