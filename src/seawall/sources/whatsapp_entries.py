"""The entries of an exported chat: which lines begin one, and what belongs to it.

A line begins an entry if it begins with a date and a time, in brackets (iOS) or with a dash behind (Android). Digits
may be those of any script, blanks may be U+00A0 or U+202F, and marks of the direction of writing may stand
anywhere. iOS ends entries with CR LF and lines inside an entry with LF, so that there a date inside a text begins
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seawall.errors import InputError
from seawall.protocols import Input
from seawall.sources.encoding import head_text, utf8_pieces
from seawall.sources.files import HEAD_BYTES
from seawall.sources.json_values import Unusable
from seawall.sources.lines import HAS_NUL, NOT_TEXT, RECORD_BYTES, TOO_LONG, TooLong, line_blocks

OWN_WORDS = "\u200e"
"""What iOS puts before words of WhatsApp itself."""

MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Characters that only steer the direction of writing."""

NOT_BEGUN = "text before the first entry"

_M, _B = f"[{MARKS}]*", "[ \u00a0\u202f]"
_HEADER = re.compile(
    rf"{_M}(?P<open>\[)?{_M}(?P<a>\d{{1,4}}){_M}(?P<sep>[/.\-年년]){_M}{_B}?(?P<b>\d{{1,2}}){_M}[/.\-月월]{_M}{_B}?"
    rf"(?P<c>\d{{1,4}}){_M}[.日일]?[,،]?{_M}{_B}+{_M}(?:(?P<before>[^\W\d_]{{1,4}}\.?){_B}?{_M})?"
    rf"(?P<hour>\d{{1,2}}){_M}[:.]{_M}(?P<minute>\d{{2}})(?:{_M}[:.]{_M}(?P<second>\d{{2}}))?"
    rf"(?P<after>[^\d\[\]\-–:]{{0,14}}?)(?(open)\]{_M}{_B}?|{_M}{_B}[\-–]{_B})(?P<rest>.*)",
    re.DOTALL,
)
_HALVES = {
    **dict.fromkeys(("am", "ص", "上午", "오전", "午前", "vorm", "πμ", "قظ"), 0),
    **dict.fromkeys(("pm", "م", "下午", "오후", "午後", "nachm", "μμ", "بظ"), 12),
}
_NO_HALF = frozenset(("", "uhr", "h", "kl", "klo", "à", "alle", "às", "o"))
_NOT_A_WORD = re.compile(r"[\s.]|" + f"[{MARKS}]")


@dataclass(frozen=True, slots=True)
class Header:
    """What a line that begins an entry tells."""

    first: str
    second: str
    third: str
    dotted: bool  # the numbers of the date are parted by dots: the day comes first
    hour: int
    minute: int
    seconds: int
    half: int | None  # hours to add to a clock of twelve; None = a clock of 24 hours
    half_known: bool
    rest: str

    @property
    def year_first(self) -> bool:
        """Whether the first number must be the year."""
        return len(self.first) == 4

    def written(self, order: str) -> str:
        """The local time in ISO 8601; ``order`` counts where the numbers themselves do not tell.

        Raises:
            Unusable: it says in words that are not known which half of the day it is.
        """
        if not self.half_known:
            raise Unusable("sent_at", "which half of the day is meant is said in words that are not known")
        numbers = [int(self.first), int(self.second), int(self.third)]
        order = "ymd" if self.year_first else "dmy" if self.dotted else order
        year, month, day = (numbers[order.index(part)] for part in "ymd")
        hour = self.hour
        if self.half is not None:
            hour = hour % 12 + self.half if 1 <= hour <= 12 else 99
        return (
            f"{year + 2000 if year < 100 else year:04}-{month:02}-{day:02} {hour:02}:{self.minute:02}:{self.seconds:02}"
        )


def header_of(line: str) -> Header | None:
    r"""What the line tells if it begins an entry, else None.

    >>> header_of("4/12/24, 6:58\u202fPM - Ilse: Beans?").written("mdy")
    '2024-04-12 18:58:00'
    >>> header_of("[2024-04-12, 06:58:03] Ilse: Beans?").rest
    'Ilse: Beans?'
    >>> header_of("12/04 at nine") is None
    True
    """
    found = _HEADER.match(line)
    if found is None:
        return None
    halves = [_NOT_A_WORD.sub("", found[name] or "").lower() for name in ("before", "after")]
    half = next((_HALVES[one] for one in halves if one in _HALVES), None)
    known = half is not None or all(one in _NO_HALF for one in halves)
    return Header(
        found["a"],
        found["b"],
        found["c"],
        found["sep"] == ".",
        int(found["hour"]),
        int(found["minute"]),
        int(found["second"] or 0),
        half,
        known,
        found["rest"],
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, or consecutive lines that belong to none."""

    line: int  # the number of its first line
    header: Header
    text: str  # what follows the header, with its line breaks
    size: int  # bytes
    fault: str | None = None  # why it cannot be read


_NOTHING = Header("", "", "", False, 0, 0, 0, None, True, "")


class _Open:
    """An entry while its lines come."""

    def __init__(self, line: int, header: Header | None, size: int) -> None:
        self._line = line
        self._header = header
        self._parts = [] if header is None else [header.rest]
        self._size = size
        self._fault = NOT_BEGUN if header is None else None

    def add(self, text: str | None, size: int, fault: str | None) -> None:
        """One more line. Too many are let go of."""
        self._size += size
        self._fault = self._fault or fault or (TOO_LONG if self._size > RECORD_BYTES else None)
        if self._fault is None and text is not None:
            self._parts.append(text)
        else:
            self._parts.clear()

    def spoil(self, fault: str | None) -> None:
        """Its first line cannot be read."""
        self._fault = self._fault or fault

    def entry(self) -> Entry:
        """The entry with all its lines."""
        return Entry(self._line, self._header or _NOTHING, "\n".join(self._parts), self._size, self._fault)


def entries(file: Input, encoding: str) -> Iterator[Entry]:
    """The entries of a file, in order; memory is bounded by the longest that is accepted.

    Raises:
        InputError: the file is damaged; after the entries before the damage.
    """
    current: _Open | None = None
    returns = _with_returns(file, encoding)
    ended = True  # whether an entry may begin here
    failure: InputError | None = None
    for number, raw in _numbered(file, encoding):
        if isinstance(raw, InputError):
            failure = raw
            break
        text, fault = _decoded(raw)
        header = header_of(text) if ended and text else None
        if current is None and raw is not None and not text.strip():
            continue
        size = RECORD_BYTES + 1 if raw is None else len(raw) + 1
        if header is not None or current is None:
            if current is not None:
                yield current.entry()
            current = _Open(number, header, size)
            current.spoil(fault)
        else:
            current.add(text, size, fault)
        ended = not returns or raw is None or raw.endswith(b"\r")
    if current is not None:
        yield current.entry()
    if failure is not None:
        raise failure


def _with_returns(file: Input, encoding: str) -> bool:
    """Whether entries end with CR LF: most of the lines that begin one do, if it has no line break inside."""
    lines = [line for line in head_text(file, encoding, HEAD_BYTES).split("\n")[:-1] if header_of(line) is not None]
    return sum(line.endswith("\r") for line in lines) * 2 >= len(lines) > 0


def _numbered(file: Input, encoding: str) -> Iterator[tuple[int, bytes | InputError | None]]:
    """Lines with their numbers; None for one that is too long; last the damage, if any."""
    number = 0
    try:
        for block in line_blocks(utf8_pieces(file, encoding)):
            lines: list[bytes | None] = (
                [None] if isinstance(block, TooLong) else [*block.removesuffix(b"\n").split(b"\n")]
            )
            for raw in lines:
                number += 1
                yield number, raw
    except InputError as error:
        yield number, error


def _decoded(raw: bytes | None) -> tuple[str, str | None]:
    if raw is None:
        return "", TOO_LONG
    try:
        return raw.removesuffix(b"\r").decode(), HAS_NUL if b"\0" in raw else None
    except UnicodeDecodeError:
        return raw.removesuffix(b"\r").decode("utf-8", "replace"), NOT_TEXT
