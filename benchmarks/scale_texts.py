"""Sentences of gardening clubs by number: the same number is always the same sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

SUBJECTS = (
    "tulips", "roses", "ferns", "beans", "peas", "compost", "hedges", "wheels", "tandems", "saddles", "trellises",
    "bulbs", "seedlings", "rhubarb", "lavender", "pumpkins", "watering", "pruning", "mulching", "grafting", "gears",
    "panniers", "chains", "brakes", "lanterns", "allotments", "orchards", "greenhouses", "meadows", "ponds", "beetles",
    "wagtails",
)  # fmt: skip
ENDINGS = (
    "early", "late", "by the wall", "along the canal", "in clay", "in sand", "after rain", "before frost", "on Sunday",
    "with care", "for the club", "at the shed", "up the hill", "in the shade", "near the gate", "without fuss",
)  # fmt: skip
PHRASES = [
    f"{head}{mark} {tail}" for mark in ("", " again", " first", " twice") for head in SUBJECTS for tail in ENDINGS
]
LENGTH = 6
"""Phrases in a sentence."""


def sentences(number: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> pa.Array:
    """A sentence for each number; where ``other`` is not 0 one of its phrases is another one, chosen by it."""
    phrases = pa.array(PHRASES)
    state = number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    parts = []
    for place in range(LENGTH):
        chosen = _mixed(state + np.uint64(place)) % np.uint64(len(PHRASES))
        if place == LENGTH - 2:
            chosen = np.where(other == 0, chosen, (chosen + other.astype(np.uint64)) % np.uint64(len(PHRASES)))
        parts.append(phrases.take(pa.array(chosen)))
    return pc.binary_join_element_wise(*parts, ", ")


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[Any]:
    """The finaliser of SplitMix64."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
