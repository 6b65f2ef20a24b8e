"""Names that a source tells (handles, display names), hidden where they stand in texts.

A kernel hashes the folded words of a text and looks them up (a name of several words by its first two); only texts
with a hit are rewritten, in Python.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.identity_patterns import NAME
from seawall.intake.word_hashes import key_table, keys_in, rows_with_any, rows_with_own, word_keys
from seawall.measures.text.match_tables import UNSPACED, unicode_tables
from seawall.measures.text.text_buffers import in_one_piece, text_buffers

SHORTEST_OWN = 3
SHORTEST_ANYWHERE = 5
"""Characters of the shortest name that is hidden in its own row, and in all rows of a batch."""

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_HANDLE_LIKE = r"\pL[\pL\pM\pN]*[\pN_]|[\pN_][\pL\pM\pN_]*\pL|\p{Ll}\p{Lu}|[\pL\pM\pN]\.?\s+[\pL\pM\pN]"


def hide_names(
    texts: pa.Array | pa.ChunkedArray, names: pa.ListArray | Sequence[Sequence[str | None] | None]
) -> pa.Array:
    """The texts with ``[name]`` for each whole-word occurrence of the names told for the same row, in any case.

    Args:
        texts: strings.
        names: for each text the handles and display names in its record; nulls and names of fewer than
            SHORTEST_OWN characters are passed over.

    Returns:
        strings of the same type as ``texts``; null stays null.

    >>> import pyarrow as pa
    >>> hide_names(pa.array(["Fern Green asks: is FERN green?"]), [["Fern Green", "ok", None]]).to_pylist()
    ['[name] asks: is [name]?']
    """
    array = in_one_piece(texts)
    told = names if isinstance(names, pa.Array) else pa.array(names, pa.list_(pa.string()))
    lengths = pc.fill_null(pc.list_value_length(told), 0).to_numpy(zero_copy_only=False)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
    keys = _keys(told.flatten(), SHORTEST_OWN)
    hit = rows_with_own(*text_buffers(array), *unicode_tables(), keys, starts)
    rows = np.flatnonzero(hit)
    told_there = told.take(pa.array(rows)).to_pylist()
    found = [[name for name in names if name and len(name) >= SHORTEST_OWN] for names in told_there]
    return _rewritten(array, hit, found)


@dataclass(frozen=True, slots=True)
class Sought:
    """Names that are looked for in any row of a batch."""

    names: pa.Array
    keys: npt.NDArray[np.uint64]
    table: npt.NDArray[np.uint64]


def sought(names: Iterable[str] | pa.Array) -> Sought:
    """Those of the names that look like an identity.

    That is a name of at least SHORTEST_ANYWHERE characters that has a letter and a digit, a ``_``, a capital inside
    a word, or two words: a display name "Garden" does not hide the word garden from everybody.
    """
    told = names if isinstance(names, pa.Array) else pa.array(sorted(names), pa.string())
    told = told.filter(pc.match_substring_regex(told, _HANDLE_LIKE)).unique()
    keys = _keys(told, SHORTEST_ANYWHERE)
    return Sought(told, keys, key_table(keys))


def hide_anywhere(texts: pa.Array | pa.ChunkedArray, names: Sought) -> pa.Array:
    """The texts with ``[name]`` for each whole-word occurrence of any of the names. Hashtags stay.

    Args:
        texts: strings.
        names: handles and display names of a whole batch.

    Returns:
        strings of the same type as ``texts``; null stays null.

    >>> import pyarrow as pa
    >>> texts = pa.array(["fern_99 and Anna Moss love their garden"])
    >>> hide_anywhere(texts, sought({"fern_99", "Anna Moss", "Garden"})).to_pylist()
    ['[name] and [name] love their garden']
    """
    array = in_one_piece(texts)
    buffers, tables = text_buffers(array), unicode_tables()
    hit = rows_with_any(*buffers, *tables, names.table)
    by_key = _grouped(names.keys, names.names) if hit.any() else {}
    found = []
    for row in np.flatnonzero(hit):
        there = keys_in(buffers.data, buffers.offsets[row], buffers.offsets[row + 1], *tables, names.table)
        found.append([name for key in set(there.tolist()) for name in by_key[key]])
    return _rewritten(array, hit, found, behind="#＃")


def _keys(names: pa.Array, shortest: int) -> npt.NDArray[np.uint64]:
    """The key of each name that is long enough; 0 for the others."""
    keys = word_keys(*text_buffers(names), *unicode_tables())
    keys[~np.asarray(pc.fill_null(pc.greater_equal(pc.utf8_length(names), shortest), fill_value=False))] = 0
    return keys


def _grouped(keys: npt.NDArray[np.uint64], names: pa.Array) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for key, name in zip(keys.tolist(), names.to_pylist(), strict=True):
        grouped[key].append(name)
    return grouped


def _rewritten(
    array: pa.Array, hit: npt.NDArray[np.bool_], found: Sequence[Sequence[str]], behind: str = ""
) -> pa.Array:
    """The texts with a hit, without the names that were found in them, unless one of ``behind`` precedes them."""
    if not hit.any():
        return array
    texts = array.filter(pa.array(hit)).to_pylist()
    hidden = [_pattern(tuple(names), behind).sub(NAME, text) for text, names in zip(texts, found, strict=True)]
    return pc.replace_with_mask(array, pa.array(hit), pa.array(hidden, array.type))


@functools.lru_cache(maxsize=4096)
def _pattern(names: tuple[str, ...], behind: str) -> re.Pattern[str]:
    """Any of the names as whole words, the longest first; a ``_`` beside a name does not belong to it."""
    cores = sorted({_EDGES.sub("", name) for name in names} - {""}, key=len, reverse=True)
    return re.compile("|".join(_whole(core, behind) for core in cores) or r"(?!)", re.IGNORECASE)


def _whole(core: str, behind: str) -> str:
    kind = unicode_tables().kind
    words = r"\s+".join(re.escape(word) for word in core.split())
    before = "" if kind[ord(core[0])] == UNSPACED else r"(?<![^\W_])"
    before += f"(?<![{behind}])" if behind else ""
    after = "" if kind[ord(core[-1])] == UNSPACED else r"(?![^\W_])"
    return f"{before}{words}{after}"
