"""The hash of a word: letters of ASCII are taken as they stand in a text, up to eight at once, and others one by one.

Eight letters of ASCII are one number, and so are fewer that stand before another letter or at the end; any other
letter is a number by itself, with its highest bit set, so that no two rows of letters give the same row of numbers.
"""

from __future__ import annotations

import numpy as np

from seawall.measures.compiled import inlined

SEED = np.uint64(0xCBF29CE484222325)
_FACTOR = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_WIDE = np.uint64(1 << 63)

NOTHING = np.uint64(0)


@inlined
def taken(
    value: np.uint64, waiting: np.uint64, filled: int, more: np.uint64, bits: int
) -> tuple[np.uint64, np.uint64, int]:
    """The state of a hash with so many bits more: its value, the letters that wait until they are eight, their bits."""
    waiting |= more << np.uint64(filled)
    filled += bits
    if filled >= 64:
        value = _mixed(value, waiting)
        filled -= 64
        waiting = more >> np.uint64(bits - filled) if filled else NOTHING
    return value, waiting, filled


@inlined
def with_letter(value: np.uint64, waiting: np.uint64, filled: int, point: int) -> tuple[np.uint64, np.uint64, int]:
    """The state of a hash with one letter more."""
    if point < 0x80:
        return taken(value, waiting, filled, np.uint64(point), 8)
    return _mixed(closed(value, waiting, filled), np.uint64(point) | _WIDE), NOTHING, 0


@inlined
def closed(value: np.uint64, waiting: np.uint64, filled: int) -> np.uint64:
    """The hash of all that was taken."""
    return _mixed(value, waiting) if filled else value


@inlined
def _mixed(value: np.uint64, number: np.uint64) -> np.uint64:
    value = (value ^ number) * _FACTOR
    return value ^ value >> _HALF
