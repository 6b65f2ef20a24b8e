"""Whether two results are the same: counts, ids and order exactly, broken numbers to 1e-12."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pyarrow as pa

CLOSE = 1e-12


def difference(one: Any, other: Any, where: str = "result") -> str | None:
    """Where two results first differ, in words that quote nothing of them; None = nowhere.

    Tables are compared with their columns, types and rows, dataclasses field by field.

    >>> difference({"p": [0.25, None]}, {"p": [0.25 + 1e-15, None]}) is None
    True
    >>> difference({"p": [0.25]}, {"p": [0.5]})
    "result['p'][0]"
    """
    if isinstance(one, pa.Table) and isinstance(other, pa.Table):
        if one.schema != other.schema:
            return f"{where}.schema"
        return difference(one.to_pylist(), other.to_pylist(), where)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return difference(one.tolist(), other.tolist(), where)
    if type(one) is not type(other):
        return where
    if isinstance(one, float):
        return None if _close(one, other) else where
    return _of_several(one, other, where)


def _of_several(one: Any, other: Any, where: str) -> str | None:
    if is_dataclass(one):
        told = {field.name: (getattr(one, field.name), getattr(other, field.name)) for field in fields(one)}
        return _first((f"{where}.{name}", *both) for name, both in told.items())
    if isinstance(one, Mapping):
        if list(one) != list(other):
            return f"{where}: its keys"
        return _first((f"{where}[{key!r}]", one[key], other[key]) for key in one)
    if isinstance(one, Sequence) and not isinstance(one, str | bytes):
        if len(one) != len(other):
            return f"{where}: its length"
        return _first((f"{where}[{place}]", *both) for place, both in enumerate(zip(one, other, strict=True)))
    return None if one == other else where


def _first(parts: Any) -> str | None:
    found = (difference(one, other, where) for where, one, other in parts)
    return next((where for where in found if where is not None), None)


def _close(one: float, other: float) -> bool:
    return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
