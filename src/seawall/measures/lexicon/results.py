"""What a list of words or patterns is given and gives: lines that were refused, and hits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError

HITS = pa.schema(
    [
        ("row", pa.int64()),  # of the texts, from 0
        ("term", pa.int32()),  # place in the list, from 0
        ("start", pa.int64()),  # first byte in the text's UTF-8
        ("end", pa.int64()),  # the byte behind the last one
        ("disguised", pa.bool_()),
    ]
)
REJECTED = pa.schema([("line", pa.int64()), ("reason", pa.string())])


def listed_texts(items: Sequence[str] | pa.Array | pa.ChunkedArray) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """The lines of a list as one array of large_string, null where a line is none, and which lines are not text.

    Raises:
        MeasureError: it is no list of strings.
    """
    if isinstance(items, pa.Array | pa.ChunkedArray):
        texts = text_column(items)
        return texts, np.zeros(len(texts), np.bool_)
    if isinstance(items, str | bytes) or not isinstance(items, Sequence):
        raise MeasureError(f"A {type(items).__name__} is not a list of terms.", mend="Give a list of strings.")
    told = [item if _is_text(item) else None for item in items]
    odd = [item is not None and text is None for item, text in zip(items, told, strict=True)]
    return pa.array(told, pa.large_string()), np.array(odd, np.bool_)


def _is_text(item: Any) -> bool:
    """Whether it is a string that can be written as UTF-8 (half of a surrogate pair cannot)."""
    if not isinstance(item, str):
        return False
    try:
        item.encode()
    except UnicodeEncodeError:
        return False
    return True


def text_column(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Texts as one array of large_string.

    Raises:
        MeasureError: they are no strings.
    """
    if not isinstance(texts, pa.Array | pa.ChunkedArray):
        raise MeasureError(
            f"A {type(texts).__name__} is not a column of texts.", mend="Give an Arrow array: pyarrow.array([...])."
        )
    kind = texts.type.value_type if pa.types.is_dictionary(texts.type) else texts.type
    strings = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    if not strings and not pa.types.is_null(kind):
        raise MeasureError(f"Texts of type {texts.type} cannot be searched.", mend="Give a column of strings.")
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    return whole if pa.types.is_large_string(whole.type) else whole.cast(pa.large_string())


def listed_ids(ids: Sequence[str] | pa.Array | None, lines: int) -> pa.Array | None:
    """The ids of a list's lines as strings.

    Raises:
        MeasureError: there is not one for each line.
    """
    if ids is None:
        return None
    told = ids if isinstance(ids, pa.Array) else pa.array(ids)
    if len(told) != lines:
        raise MeasureError(f"There are {lines} terms and {len(told)} ids.", mend="Give one id for each term.")
    return told.cast(pa.string())


def rejected_table(reasons: dict[int, str]) -> pa.Table:
    """Lines (from 1) and reasons, in the order of the lines."""
    lines = sorted(reasons)
    return pa.table([[line + 1 for line in lines], [reasons[line] for line in lines]], schema=REJECTED)


def hit_table(hits: Sequence[npt.NDArray[np.int64]], ids: pa.Array | None) -> pa.Table:
    """Hits as a table; they come in parts that follow one another, 5 x hits: row, term, start, end and disguised."""
    row, term, start, end, disguised = (np.concatenate(column) for column in zip(*hits, strict=True))
    table = pa.table([row, term.astype(np.int32), start, end, disguised != 0], schema=HITS)
    return table if ids is None else table.append_column("id", pc.take(ids, table["term"]))
