"""Counts as they are written or stored -> whole numbers, and why a value is none."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.sources.values import NOT_TOLD

MISSING, NO_NUMBER, NEGATIVE, SEPARATED, FRACTION, TOO_LARGE = range(1, 7)
COUNT_FAULTS = {
    MISSING: (
        "A count is missing.",
        "Leave such rows out; if nothing was collected then, say so with --coverage, else write 0.",
    ),
    NO_NUMBER: ("A count is no number.", "Write whole numbers in digits, as 1234."),
    NEGATIVE: ("A count is negative.", "Give counts of things, not differences or scores."),
    SEPARATED: (
        "A count has a mark in it that could part thousands or decimals.",
        "Write whole numbers without marks, as 1234.",
    ),
    FRACTION: ("A count is not a whole number.", "Give counts, not rates or means."),
    TOO_LARGE: ("A count is too large.", "Give finite counts below 2**53."),
}
"""What is wrong with a value, and how to mend it."""

_MOST = 2**53
_WHOLE = re.compile(r"\+?[0-9]{1,17}([.,]0*)?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:[.,' \u00a0\u202f][0-9]{3})+")
_DECIMAL = re.compile(r"\+?[0-9]*[.,][0-9]+")

Codes = npt.NDArray[np.uint8]


def whole_counts(values: pa.Array) -> tuple[pa.Array, Codes]:
    """Counts as int64, and for each a key of ``COUNT_FAULTS`` or 0.

    >>> counts, faults = whole_counts(pa.array(["12", "3,0", "-1", "2.5", "1,234", "", "many"]).dictionary_encode())
    >>> counts.to_pylist(), faults.tolist()
    ([12, 3, 0, 0, 0, 0, 0], [0, 0, 3, 5, 4, 1, 2])
    """
    if isinstance(values, pa.DictionaryArray):
        told = [_written(text) for text in values.dictionary.to_pylist()]
        places = pc.fill_null(values.indices, len(told)).to_numpy(zero_copy_only=False)
        told.append((0, MISSING))
        numbers = np.array([number for number, _ in told], np.int64)
        return pa.array(numbers[places]), np.array([fault for _, fault in told], np.uint8)[places]
    return _stored(values)


def _written(text: str) -> tuple[int, int]:
    text = text.strip()
    if text.casefold() in NOT_TOLD:
        return 0, MISSING
    if _WHOLE.fullmatch(text):
        number = int(re.split("[.,]", text)[0])
        return (number, 0) if number <= _MOST else (0, TOO_LARGE)
    if _THOUSANDS.fullmatch(text):
        return 0, SEPARATED
    if _DECIMAL.fullmatch(text):
        return 0, FRACTION
    try:
        real = float(text.replace(",", "."))
    except ValueError:
        return 0, NO_NUMBER
    return _whole(real)


def _whole(real: float) -> tuple[int, int]:
    if real < 0:
        return 0, NEGATIVE
    if not real <= _MOST:
        return 0, TOO_LARGE
    return (int(real), 0) if real == int(real) else (0, FRACTION)


def _stored(values: pa.Array) -> tuple[pa.Array, Codes]:
    kind = values.type
    faults = np.zeros(len(values), np.uint8)
    nothing = np.zeros(len(values), np.int64)
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return pa.array(nothing), np.full(len(values), NO_NUMBER, np.uint8)
    whole = pa.types.is_integer(kind)
    plain = pc.fill_null(values if whole else values.cast(pa.float64(), safe=False), 0)
    numbers: Any = plain.to_numpy(zero_copy_only=False)
    missing = values.is_null().to_numpy(zero_copy_only=False)
    if not whole:
        missing |= np.isnan(numbers)
        numbers = np.where(missing, 0.0, numbers)
        faults[numbers != np.floor(numbers)] = FRACTION
    faults[numbers > _MOST] = TOO_LARGE
    faults[numbers < 0] = NEGATIVE
    faults[missing] = MISSING
    return pa.array(np.where(faults == 0, numbers, 0).astype(np.int64)), faults
