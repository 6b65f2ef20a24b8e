"""Columns of whatever type -> columns of the raw records: strings, counts, flags, lists, identities."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import RAW_IDENTITY
from seawall.sources.tabular import Mask, as_lists

STRINGS = pa.list_(pa.string())
NOT_TOLD = ("", "absent", "nan", "none", "null", "na", "n/a")
"""Words for nothing in places where a number or an id is expected."""

LIST_CHARACTERS = 100_000
"""The longest written list that is read."""


def mask(array: Any) -> Mask:
    """An Arrow array of booleans as a numpy mask; null is False."""
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False), dtype=bool)


def strings(array: pa.Array) -> pa.Array:
    """As strings; of a list its first entry."""
    if pa.types.is_string(array.type):
        return array
    if pa.types.is_list(array.type):
        return strings(pc.list_element(_padded(array), 0))
    if pa.types.is_floating(array.type):
        return _whole(array)
    if pa.types.is_null(array.type) or pa.types.is_nested(array.type):
        return pa.nulls(len(array), pa.string())
    return array.cast(pa.string())


def _padded(array: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(pc.list_value_length(array), 0), pa.scalar([None], array.type), array)


def _whole(array: pa.Array) -> pa.Array:
    """Ids that were stored as floats, without .0."""
    numbers = np.asarray(array.cast(pa.float64()).to_numpy(zero_copy_only=False))
    exact = np.isfinite(numbers) & (np.abs(numbers) < 2**53) & (numbers == np.floor(numbers))
    whole = pa.array(np.where(exact, numbers, 0).astype(np.int64), mask=~exact).cast(pa.string())
    return pc.if_else(pa.array(exact), whole, array.cast(pa.string()))


def ids(array: pa.Array) -> pa.Array:
    """As ids: trimmed, nothing and words for nothing are null."""
    trimmed = pc.utf8_trim_whitespace(strings(array))
    none = pc.is_in(pc.utf8_lower(trimmed), pa.array(NOT_TOLD))
    return pc.if_else(none, pa.scalar(None, pa.string()), trimmed)


def handles(array: pa.Array) -> pa.Array:
    """As handles: ids without a leading @."""
    return pc.replace_substring_regex(ids(array), r"^@", "")


def counts(array: pa.Array) -> pa.Array:
    """As counts; what is negative or no number is null, that is, not told."""
    if not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        text = pc.utf8_trim_whitespace(strings(array))
        fits = pc.match_substring_regex(text, r"^\d{1,15}(\.\d*)?$")
        whole_part = pc.replace_substring_regex(text, r"\..*$", "")
        array = pc.if_else(fits, whole_part, pa.scalar(None, pa.string())).cast(pa.int64())
    if pa.types.is_floating(array.type):
        known = pc.and_(pc.is_finite(array), pc.less(array, 1e15))
        array = pc.if_else(known, pc.floor(array), pa.scalar(None, array.type))
    whole = array.cast(pa.int64(), safe=False)
    return pc.if_else(pc.greater_equal(whole, 0), whole, pa.scalar(None, pa.int64()))


def flags(array: pa.Array) -> pa.Array:
    """As booleans; other words than yes and no are null."""
    if pa.types.is_boolean(array.type):
        return array
    words = pc.utf8_lower(ids(array))
    yes = pc.is_in(words, pa.array(["true", "1", "1.0", "yes", "t", "y"]))
    no = pc.is_in(words, pa.array(["false", "0", "0.0", "no", "f", "n"]))
    return pc.if_else(yes, True, pc.if_else(no, False, pa.scalar(None, pa.bool_())))


def lists(array: pa.Array) -> pa.Array:
    """As lists of strings: lists as they are, literals of Python or JSON, or values parted by blanks, | or ;."""
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        return array.cast(STRINGS) if pa.types.is_string(array.type.value_type) else _cast_lists(array)
    text = strings(array)
    empty = pc.is_in(pc.utf8_trim_whitespace(text), pa.array(["[]", "", "[ ]"]))
    single = pc.invert(pc.match_substring_regex(text, r"[\[\]{}|;,\s]"))
    if pc.all(pc.or_(empty, single), skip_nulls=True).as_py():
        found = as_lists(pc.if_else(empty, pa.scalar(None, pa.string()), text))
        return pc.if_else(pc.fill_null(empty, False), pa.scalar([], STRINGS), found)
    return pa.array([None if value is None else listed(value) for value in text.to_pylist()], STRINGS)


def _cast_lists(array: pa.Array) -> pa.Array:
    if pa.types.is_nested(array.type.value_type):
        return pa.nulls(len(array), STRINGS)
    return array.cast(STRINGS)


def listed(text: str) -> list[str]:
    """The entries of a written list; what cannot be read as one is no entries.

    >>> listed("['Kleingarten', 'Tausch']"), listed("tulips|ivy"), listed("[roses, ivy]"), listed("['a', 1]")
    (['Kleingarten', 'Tausch'], ['tulips', 'ivy'], ['roses', 'ivy'], ['a', '1'])
    """
    text = text.strip()
    if len(text) > LIST_CHARACTERS:
        return []
    if text[:1] == "[" and text[-1:] == "]":
        try:
            literal = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            literal = [part.strip(" '\"") for part in text[1:-1].split(",")]
        return [str(one) for one in literal if isinstance(one, str | int | float) and str(one)]
    parts = next((text.split(mark) for mark in "|;," if mark in text), None) or text.split()
    return [part.strip() for part in parts if part.strip()]


def identity(rows: int, *, id: Any = None, handle: Any = None, name: Any = None) -> pa.StructArray:  # noqa: A002 - the field is called so
    """Identities from their parts; null where no part is told."""
    parts = [pa.nulls(rows, pa.string()) if part is None else part for part in (id, handle, name)]
    nobody = pc.and_(pc.and_(pc.is_null(parts[0]), pc.is_null(parts[1])), pc.is_null(parts[2]))
    return pa.StructArray.from_arrays(parts, fields=list(RAW_IDENTITY), mask=nobody)


def identity_lists(found: pa.Array, part: str) -> pa.Array:
    """Lists of strings as lists of identities of which that part is told."""
    flat = found.flatten()
    nulls = pa.nulls(len(flat), pa.string())
    parts = [flat if field.name == part else nulls for field in RAW_IDENTITY]
    members = pa.StructArray.from_arrays(parts, fields=list(RAW_IDENTITY))
    lengths = pc.fill_null(pc.list_value_length(found), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, members, mask=found.is_null())
