"""The hashtags in texts."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.intake.match_tables import DIGIT, FORMAT, MARK, OTHER, SPACE, unicode_tables
from seawall.intake.text_buffers import code_point, text_buffers
from seawall.measures.compiled import compiled

Bytes = npt.NDArray[np.uint8]

_HASH, _AMPERSAND, _SLASH, _COLON, _UNDERSCORE = (ord(sign) for sign in "#&/:_")
_FULL_WIDTH_HASH, _FULL_WIDTH_LEAD = 0xFF03, 0xEF  # the sign, and its first byte in UTF-8
_JOINER, _NON_JOINER = 0x200D, 0x200C  # stand inside words of Persian and Indic scripts
_NOT_WORD, _IN_WORD, _LETTER = 0, 1, 2


def hashtags(texts: pa.Array | pa.ChunkedArray) -> pa.ListArray:
    """The hashtags of each text, without the sign, in NFKC and case folded, in the order in which they stand.

    A hashtag is ``#`` or ``＃`` and then letters, marks, numbers and ``_``, at least one of them not a digit. A sign
    behind a letter, a digit, ``&`` or ``/``, or inside a link's address, begins none.

    Args:
        texts: strings.

    Returns:
        list of strings; null where the text is null, empty where it has no hashtag.

    >>> import pyarrow as pa
    >>> hashtags(pa.array(["#Tulips and #ВелоКлуб, rule #1 https://example.org/#top", None])).to_pylist()
    [['tulips', 'велоклуб'], None]
    """
    data, offsets, valid = text_buffers(texts)
    ends = np.zeros(len(valid) + 1, np.int32)
    spans = np.empty((_signs(data, offsets[0], offsets[-1]), 2), np.int64)
    found = _find(data, offsets, valid, _word_kinds(), ends, spans)
    missing = None if valid.all() else pa.array(~valid)
    return pa.ListArray.from_arrays(pa.array(ends), _normalised(_cut(data, spans[:found])), mask=missing)


def _normalised(tags: pa.Array) -> pa.Array:
    """Tags in NFKC and case folded; each distinct tag is looked at once."""
    distinct = tags.dictionary_encode()
    forms = [_fold(tag) for tag in distinct.dictionary.to_pylist()]
    return pa.array(forms, pa.string()).take(distinct.indices)


def _fold(tag: str) -> str:
    """NFKC_Casefold but for format characters, as far as two rounds of it bring it."""
    for _ in range(2):
        tag = unicodedata.normalize("NFKC", tag).casefold()
    return unicodedata.normalize("NFKC", tag)


def _cut(data: Bytes, spans: npt.NDArray[np.int64]) -> pa.Array:
    """The pieces of the text from ``spans[i, 0]`` to ``spans[i, 1]`` as strings."""
    offsets = np.zeros(len(spans) + 1, np.int64)
    np.cumsum(spans[:, 1] - spans[:, 0], out=offsets[1:])
    pieces = np.empty(offsets[-1], np.uint8)
    _copy(data, spans, offsets, pieces)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(pieces)]
    return pa.Array.from_buffers(pa.large_string(), len(spans), buffers).cast(pa.string())


@functools.cache
def _word_kinds() -> Bytes:
    """For each code point whether it ends a tag, may stand in it, or makes it more than a number."""
    kind = unicode_tables().kind
    word = np.full(len(kind), _LETTER, np.uint8)
    word[(kind == OTHER) | (kind == SPACE) | (kind == FORMAT)] = _NOT_WORD
    word[(kind == MARK) | (kind == DIGIT)] = _IN_WORD
    word[[_UNDERSCORE, _JOINER, _NON_JOINER]] = _IN_WORD
    return word


@compiled
def _signs(data: Bytes, start: int, end: int) -> int:
    """At most so many hashtags begin between two bytes."""
    count = 0
    for at in range(start, end):
        count += data[at] == _HASH or data[at] == _FULL_WIDTH_LEAD
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
    """Write where each tag begins and ends, and behind each row how many were found; returns how many."""
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
        if byte == _SLASH and at + 1 < end and data[at + 1] == _SLASH and before == _COLON:
            while at < end and data[at] > 0x20:
                at += 1
            before = 0x20
        elif byte == _HASH or byte == _FULL_WIDTH_LEAD:
            point, following = code_point(data, at, end)
            if point in (_HASH, _FULL_WIDTH_HASH) and _may_begin(before, word):
                stop = _tag_end(data, following, end, word)
                if stop:
                    spans[found, 0], spans[found, 1] = following, stop
                    found += 1
                    following = stop
            before, at = point, following
        elif byte < 0x80:
            before, at = byte, at + 1
        else:
            before, at = code_point(data, at, end)
    return found


@compiled
def _may_begin(before: int, word: Bytes) -> bool:
    return word[before] == _NOT_WORD and before not in (_AMPERSAND, _SLASH)


@compiled
def _tag_end(data: Bytes, at: int, end: int, word: Bytes) -> int:
    """Where the tag that begins at ``at`` ends; 0 if there is none, or only digits."""
    more = False
    while at < end:
        point, following = code_point(data, at, end)
        if word[point] == _NOT_WORD:
            break
        more = more or word[point] == _LETTER
        at = following
    return at if more else 0


@compiled
def _copy(data: Bytes, spans: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64], pieces: Bytes) -> None:
    for piece in range(len(spans)):
        pieces[offsets[piece] : offsets[piece + 1]] = data[spans[piece, 0] : spans[piece, 1]]
