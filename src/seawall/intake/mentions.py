"""The handles that texts mention, in clear: for intake, which gives each its pseudonym and drops it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.intake.word_parts import NOT_WORD, word_parts
from seawall.measures.compiled import compiled
from seawall.measures.text.text_buffers import code_point, pieces, text_buffers

Bytes = npt.NDArray[np.uint8]

_AT, _DOT, _DASH, _SLASH, _COLON = (ord(sign) for sign in "@.-/:")
_FULL_WIDTH_AT, _SMALL_AT, _WIDE_LEAD = 0xFF20, 0xFE6B, 0xEF  # the signs, and their first byte in UTF-8


def mention_handles(texts: pa.Array | pa.ChunkedArray) -> pa.ListArray:
    """The handles mentioned in each text, without ``@``, as written and in their order.

    A handle is words joined by single ``.`` or ``-``, with its server if one follows (``fern@plants.example``,
    ``fern:garden.example``). An ``@`` behind a letter (an e-mail address) or inside a link mentions nobody.

    Args:
        texts: strings.

    Returns:
        list of strings; null where the text is null, empty where nobody is mentioned.

    >>> import pyarrow as pa
    >>> mention_handles(pa.array(["RT @anna: ask @fern@plants.example or fern@garden.example", None])).to_pylist()
    [['anna', 'fern@plants.example'], None]
    """
    data, offsets, valid = text_buffers(texts)
    ends = np.zeros(len(valid) + 1, np.int32)
    spans = np.empty((_signs(data, offsets[0], offsets[-1]), 2), np.int64)
    found = _find(data, offsets, valid, word_parts(), ends, spans)
    missing = None if valid.all() else pa.array(~valid)
    return pa.ListArray.from_arrays(pa.array(ends), pieces(data, spans[:found]), mask=missing)


@compiled
def _signs(data: Bytes, start: int, end: int) -> int:
    """At most so many handles begin between two bytes."""
    count = 0
    for at in range(start, end):
        count += data[at] == _AT or data[at] == _WIDE_LEAD
    return count


@compiled
def _find(
    data: Bytes,
    offsets: npt.NDArray[np.int64],
    valid: npt.NDArray[np.bool_],
    word: Bytes,
    ends: npt.NDArray[np.int32],
    spans: npt.NDArray[np.int64],
) -> int:
    """Write where each handle begins and ends, and behind each row how many were found; returns how many."""
    found = 0
    for row in range(len(valid)):
        if valid[row]:
            found = _find_in_row(data, offsets[row], offsets[row + 1], word, spans, found)
        ends[row + 1] = found
    return found


@compiled
def _find_in_row(data: Bytes, at: int, end: int, word: Bytes, spans: npt.NDArray[np.int64], found: int) -> int:
    before = 0x20
    while at < end:
        byte = data[at]
        if byte == _SLASH and before == _COLON and at + 1 < end and data[at + 1] == _SLASH:
            while at < end and data[at] > 0x20:
                at += 1
            before = 0x20
        elif byte in (_AT, _WIDE_LEAD):
            point, following = code_point(data, at, end)
            if point in (_AT, _FULL_WIDTH_AT, _SMALL_AT) and word[before] == NOT_WORD:
                stop = _handle_end(data, following, end, word)
                if stop > following:
                    spans[found, 0], spans[found, 1] = following, stop
                    found += 1
                    following, point = stop, _AT
            before, at = point, following
        elif byte < 0x80:
            before, at = byte, at + 1
        else:
            before, at = code_point(data, at, end)
    return found


@compiled
def _handle_end(data: Bytes, at: int, end: int, word: Bytes) -> int:
    """Where the handle that begins at ``at`` ends; ``at`` if none does."""
    stop, _ = _words_end(data, at, end, word)
    if stop == at or stop >= end or data[stop] not in (_AT, _COLON):
        return stop
    server, dots = _words_end(data, stop + 1, end, word)
    if server > stop + 1 and (data[stop] == _AT or dots):
        return server
    return stop


@compiled
def _words_end(data: Bytes, at: int, end: int, word: Bytes) -> tuple[int, int]:
    """Where words joined by single dots and dashes end, and how many dots are in them."""
    dots, start, stop = 0, at, at
    while at < end:
        point, following = code_point(data, at, end)
        if word[point] != NOT_WORD:
            at = stop = following
        elif point in (_DOT, _DASH) and start < stop == at and following < end:
            dots += point == _DOT and word[code_point(data, following, end)[0]] != NOT_WORD
            at = following
        else:
            break
    return stop, dots
