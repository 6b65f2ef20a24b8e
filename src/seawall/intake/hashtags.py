"""The hashtags in texts."""

from __future__ import annotations

import unicodedata

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.intake.word_parts import LETTER, NOT_WORD, word_parts
from seawall.measures.compiled import compiled
from seawall.measures.text.text_buffers import code_point, pieces, text_buffers

Bytes = npt.NDArray[np.uint8]

_HASH, _AMPERSAND, _SLASH, _COLON = (ord(sign) for sign in "#&/:")
_FULL_WIDTH_HASH, _FULL_WIDTH_LEAD = 0xFF03, 0xEF  # the sign, and its first byte in UTF-8


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
    found = _find(data, offsets, valid, word_parts(), ends, spans)
    missing = None if valid.all() else pa.array(~valid)
    return pa.ListArray.from_arrays(pa.array(ends), _normalised(pieces(data, spans[:found])), mask=missing)


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
        elif byte in (_HASH, _FULL_WIDTH_LEAD):
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
    return word[before] == NOT_WORD and before not in (_AMPERSAND, _SLASH)


@compiled
def _tag_end(data: Bytes, at: int, end: int, word: Bytes) -> int:
    """Where the tag that begins at ``at`` ends; 0 if there is none, or only digits."""
    more = False
    while at < end:
        point, following = code_point(data, at, end)
        if word[point] == NOT_WORD:
            break
        more = more or word[point] == LETTER
        at = following
    return at if more else 0
