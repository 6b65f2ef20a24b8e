"""JSON of any size -> its records, one at a time: memory is bounded by the longest record that is accepted.

A scanner over the bytes finds where values end without understanding them; only the records are decoded.
A ``Plan`` says for each place in the document what to do there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from enum import Enum, auto
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.sources.json_values import Undecodable, decoded

RECORD_BYTES = 16 << 20
"""The longest record that is read; a longer one is told as a fault and passed over."""

READ_BYTES = 1 << 20
ITEM = "[]"
"""Stands for "an element of this list" in a path."""

Path = tuple[str, ...]
"""Keys from the root; ``("messages", "[]")`` is an element of the list under the key ``messages``."""


class Step(Enum):
    """What to do with the value at a path."""

    OBJECT = auto()  # an object is expected: enter it
    LIST = auto()  # a list is expected: enter it
    ENTER = auto()  # enter an object or a list, pass over anything else
    RECORD = auto()  # hand it out as a record
    KEEP = auto()  # hand it out as a value that describes records
    SKIP = auto()


Plan = Callable[[Path], Step]


class Kind(Enum):
    """What a piece is."""

    OPEN = auto()  # an object or list was entered
    CLOSE = auto()
    RECORD = auto()
    VALUE = auto()
    FAULT = auto()  # a record that cannot be handed out; ``reason`` says why


class Piece(NamedTuple):
    """A part of the document, with its bytes if it is a record or a value."""

    kind: Kind
    path: Path
    raw: bytes = b""
    reason: str = ""


TOO_LONG = f"longer than {RECORD_BYTES >> 20} MB"
CUT_OFF = "the file ends inside this record"
BROKEN = "not JSON from here on; the rest of the file was not read"

_END = -1
_COMMA, _COLON, _QUOTE, _BACKSLASH = 44, 58, 34, 92
_OPEN_OBJECT, _CLOSE_OBJECT, _OPEN_LIST, _CLOSE_LIST = 123, 125, 91, 93
_OPENING = {_OPEN_OBJECT: Step.OBJECT, _OPEN_LIST: Step.LIST}
_EXPECTED = {Step.OBJECT: "not an object", Step.LIST: "not a list"}
_ENTERING = frozenset((Step.OBJECT, Step.LIST, Step.ENTER))
_BLANK = re.compile(rb"[ \t\r\n]*")
_MARK = b"\xef\xbb\xbf"


@compiled
def _scan(
    text: npt.NDArray[np.uint8],
    position: int,
    state: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    whole: bool,
) -> tuple[int, int]:
    """Places of the delimiters after values, and how far was read. ``state``: depth, in a string, after a backslash.

    A value ends before a comma, a colon or a closing bracket at depth 0; a ``whole`` value after its own
    closing bracket. It stops after a colon, after the bracket that closes the container, when ``ends`` is
    full, or at the end of the text.
    """
    depth, quoted, escaped = state[0], state[1], state[2]
    found = 0
    stop = False
    while position < text.size and not stop:
        byte = text[position]
        if quoted:
            if escaped:
                escaped = 0
            elif byte == _BACKSLASH:
                escaped = 1
            elif byte == _QUOTE:
                quoted = 0
        elif byte == _QUOTE:
            quoted = 1
        elif byte in (_OPEN_OBJECT, _OPEN_LIST):
            depth += 1
        elif byte in (_CLOSE_OBJECT, _CLOSE_LIST):
            depth -= 1
            if depth < 0 or (whole and depth == 0):
                ends[found] = position
                found += 1
                stop = True
        elif depth == 0 and byte in (_COMMA, _COLON):
            ends[found] = position
            found += 1
            stop = byte == _COLON or found == ends.size
        position += 1
    state[0], state[1], state[2] = depth, quoted, escaped
    return found, position


class _Damage(Exception):  # noqa: N818 - it becomes a piece, not an error
    """The document stops being JSON, or stops."""


class _Feed:
    """The bytes of a stream, in pieces between delimiters."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._chunk = b""
        self._bytes = np.zeros(0, np.uint8)
        self._at = 0
        self._state = np.zeros(3, np.int64)
        self._many = np.zeros(4096, np.int64)
        self._one = np.zeros(1, np.int64)
        if self._more() and self._chunk.startswith(_MARK):
            self._at = len(_MARK)

    def _more(self) -> bool:
        self._chunk = self._stream.read(READ_BYTES)
        self._bytes = np.frombuffer(self._chunk, np.uint8)
        self._at = 0
        return bool(self._chunk)

    def peek(self) -> int:
        """The next byte that is not white space, not yet consumed; -1 at the end."""
        while True:
            blank = _BLANK.match(self._chunk, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._chunk):
                return self._chunk[self._at]
            if not self._more():
                return _END

    def consume(self) -> None:
        """Pass over the byte that ``peek`` told."""
        self._at += 1

    def one(self, *, keep: bool = True, whole: bool = False) -> tuple[bytes | None, int]:
        """The bytes up to the next delimiter, and the delimiter; see ``values``."""
        return next(self._pieces(self._one, keep, whole))

    def many(self, *, keep: bool) -> Iterator[tuple[bytes | None, int]]:
        """Each value of a list with the delimiter after it.

        The bytes are None where they are longer than a record may be. The last delimiter is the closing
        bracket; a colon is none that belongs there; -1 means that the stream ends before one.
        """
        return self._pieces(self._many, keep, False)

    def _pieces(
        self, ends: npt.NDArray[np.int64], keep: bool, whole: bool
    ) -> Generator[tuple[bytes | None, int], None, None]:
        before: list[bytes] = []
        length = 0
        self._state[:] = 0
        while True:
            if self._at >= len(self._chunk) and not self._more():
                yield b"".join(before) if length <= RECORD_BYTES else None, _END
                return
            chunk, begin = self._chunk, self._at
            found, self._at = _scan(self._bytes, begin, self._state, ends, whole)
            last = _COMMA
            for end in ends[:found].tolist():
                last = chunk[end]
                raw: bytes | None = chunk[begin : end + whole] if keep else b""
                if length:
                    fits = length + end - begin <= RECORD_BYTES
                    raw = b"".join((*before, raw or b"")) if fits else None
                    before, length = [], 0
                begin = end + 1
                yield raw, last
            if last != _COMMA:
                return
            length += self._at - begin
            if keep and length <= RECORD_BYTES:
                before.append(chunk[begin : self._at])
            else:
                before.clear()


def walk(stream: BinaryIO, plan: Plan) -> Iterator[Piece]:
    """The pieces of the documents in a stream (one, or several after one another) that ``plan`` asks for.

    ``plan(())`` says what the documents are. Damage is told as a last piece of kind FAULT, a value of
    another kind than the plan expects as a FAULT too.

    >>> from io import BytesIO
    >>> steps = {(): Step.OBJECT, ("messages",): Step.LIST, ("messages", ITEM): Step.RECORD}
    >>> pieces = walk(BytesIO(b'{"id": 7, "messages": [{"a": 1}, 2, {"b"'), lambda path: steps.get(path, Step.SKIP))
    >>> [(piece.kind.name, piece.raw) for piece in pieces if piece.kind in (Kind.RECORD, Kind.FAULT)]
    [('RECORD', b'{"a": 1}'), ('RECORD', b' 2'), ('FAULT', b'')]
    """
    feed = _Feed(stream)
    step = plan(())
    try:
        while (byte := feed.peek()) != _END:
            if _OPENING.get(byte) is None:
                raise _Damage(BROKEN)
            if step in _ENTERING:
                yield from _entered(feed, (), plan, step, byte)
                continue
            raw, mark = feed.one(keep=step is not Step.SKIP, whole=True)
            if mark == _END:
                raise _Damage(CUT_OFF)
            yield from _handed((), raw, step)
    except _Damage as damage:
        yield Piece(Kind.FAULT, (), reason=str(damage))


def _entered(feed: _Feed, path: Path, plan: Plan, step: Step, byte: int) -> Generator[Piece, None, None]:
    if step in _EXPECTED and _OPENING[byte] is not step:
        feed.one(keep=False, whole=True)
        yield Piece(Kind.FAULT, path, reason=_EXPECTED[step])
        return
    feed.consume()
    yield Piece(Kind.OPEN, path)
    yield from _object(feed, path, plan) if byte == _OPEN_OBJECT else _list(feed, path, plan)
    yield Piece(Kind.CLOSE, path)


def _object(feed: _Feed, path: Path, plan: Plan) -> Generator[Piece, None, None]:
    if feed.peek() == _CLOSE_OBJECT:
        feed.consume()
        return
    while True:
        raw, mark = feed.one()
        if mark != _COLON:
            raise _Damage(CUT_OFF if mark == _END else BROKEN)
        here = (*path, _key(raw))
        mark = yield from _value(feed, here, plan, plan(here))
        if mark == _CLOSE_OBJECT:
            return
        if mark != _COMMA:
            raise _Damage(BROKEN)


def _list(feed: _Feed, path: Path, plan: Plan) -> Generator[Piece, None, None]:
    here = (*path, ITEM)
    step = plan(here)
    if feed.peek() == _CLOSE_LIST:
        feed.consume()
        return
    mark = _COMMA
    if step in _ENTERING:
        while mark == _COMMA:
            mark = yield from _value(feed, here, plan, step)
    else:
        for raw, mark in feed.many(keep=step is not Step.SKIP):
            if mark != _COMMA and mark != _CLOSE_LIST:
                break
            yield from _handed(here, raw, step)
    if mark != _CLOSE_LIST:
        raise _Damage(CUT_OFF if mark == _END else BROKEN)


def _value(feed: _Feed, here: Path, plan: Plan, step: Step) -> Generator[Piece, None, int]:
    byte = feed.peek()
    if step in _ENTERING and byte in _OPENING:
        yield from _entered(feed, here, plan, step, byte)
        rest, mark = feed.one()
        if rest and rest.strip():
            raise _Damage(BROKEN)
    else:
        raw, mark = feed.one(keep=step is not Step.SKIP)
        if mark != _END and step in _EXPECTED:
            yield Piece(Kind.FAULT, here, reason=_EXPECTED[step])
        elif mark != _END:
            yield from _handed(here, raw, step)
    if mark == _END:
        raise _Damage(CUT_OFF)
    return mark


def _handed(path: Path, raw: bytes | None, step: Step) -> Iterator[Piece]:
    if step is Step.SKIP or step is Step.ENTER:
        return
    if raw is not None and len(raw) <= RECORD_BYTES:
        yield Piece(Kind.RECORD if step is Step.RECORD else Kind.VALUE, path, raw)
    elif step is Step.RECORD:
        yield Piece(Kind.FAULT, path, reason=TOO_LONG)


def _key(raw: bytes | None) -> str:
    try:
        key = decoded(raw or b"")
    except Undecodable:
        key = None
    if not isinstance(key, str):
        raise _Damage(BROKEN)
    return key


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers from 1, blank ones left out; None stands for a line longer than a record may be.

    >>> from io import BytesIO
    >>> list(lines(BytesIO(b'{"a": 1}\\n\\n{"b": 2}')))
    [(1, b'{"a": 1}\\n'), (3, b'{"b": 2}')]
    """
    number = 0
    while line := stream.readline(RECORD_BYTES + 1):
        number += 1
        if number == 1 and line.startswith(_MARK):
            line = line[len(_MARK) :]
        if len(line) <= RECORD_BYTES:
            if line.strip():
                yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(RECORD_BYTES)
        yield number, None
