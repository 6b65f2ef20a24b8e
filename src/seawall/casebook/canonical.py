"""One way to write a value as JSON, so that equal values have equal bytes and equal hashes."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from seawall.errors import InputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def plain(value: Any) -> Any:
    """The value in JSON's own types; what is not a number becomes null, since null means "not told".

    Raises:
        InputError: the value is of a kind that JSON does not know.

    >>> plain({"weights": (1, float("nan")), 3: np.int64(7)})
    {'weights': [1, None], '3': 7}
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be stored
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, datetime):
        return value.isoformat()
    raise InputError(
        f"A value of type {type(value).__name__} cannot be kept in an alert.",
        where="parameters or details of an alert",
        mend="Let the detector give numbers, strings, lists and dictionaries.",
    )


def canonical(value: Any) -> str:
    """JSON with sorted keys, without spaces, in ASCII.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"\\\\u00e9","b":1}'
    """
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def storable(text: str) -> str:
    """The text without what no database keeps: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def digest(*parts: Any) -> str:
    """SHA-256 of the canonical JSON of the parts, 64 hex digits."""
    return hashlib.sha256(canonical(list(parts)).encode("ascii")).hexdigest()


def speakable(key: str, length: int) -> str:
    """``length`` characters of Crockford's base 32 from the hash of a key: no I, L, O or U to mishear.

    >>> speakable("a", 4)
    'SABR'
    """
    number = int.from_bytes(hashlib.sha256(key.encode("utf-8")).digest())
    return "".join(_CROCKFORD[(number >> (251 - 5 * place)) & 31] for place in range(length))


def micros(at: datetime) -> int:
    """UTC microseconds since 1970.

    Raises:
        InputError: the time carries no zone.
    """
    if at.tzinfo is None:
        raise InputError("A time carries no zone.", where="casebook", mend="Give it in UTC.")
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """The time in UTC of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)
