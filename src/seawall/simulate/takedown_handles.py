"""Handles of simulated channels: gardens and bicycles, and what becomes of a handle when its channel opens again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_THINGS = (
    "garden", "compost", "seedling", "allotment", "orchard", "meadow", "tomato", "dahlia", "beehive", "greenhouse",
    "pruning", "saddle", "sprocket", "tandem", "pannier", "towpath", "handlebar", "workshop", "ride", "velodrome",
)  # fmt: skip
_KINDS = ("club", "news", "daily", "notes", "friends", "corner", "exchange", "circle", "post", "diary", "tips", "talk")
_PLACES = (
    "north", "river", "hill", "harbour", "valley", "forest", "lake", "east", "mill", "bridge", "island", "south",
    "meadowside", "oldtown", "station", "canal",
)  # fmt: skip
_BEFORE = ("new_", "the_", "real_", "my_", "join_")
_AFTER = ("_new", "_backup", "_2", "_again", "_official", "_reserve", "_v2", "2", "3", "_ii", "_channel", "_archive")
_TRIES = 50


class Handles:
    """Gives handles that nobody has yet.

    Args:
        rng: where chance comes from.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def fresh(self) -> str:
        """A handle of two or three words that other channels use, too."""
        return self._free(self._drawn)

    def after(self, handle: str) -> str:
        """A handle that is made from another one: a word or number added, a letter changed, separators moved."""
        return self._free(lambda: self._changed(handle))

    def _free(self, draw: Callable[[], str]) -> str:
        for _ in range(_TRIES):
            handle = draw()[:32]
            if handle not in self._taken:
                break
        else:
            handle = f"{draw()[:26]}{len(self._taken):05d}"
        self._taken.add(handle)
        return handle

    def _one(self, words: tuple[str, ...]) -> str:
        return words[int(self._rng.integers(len(words)))]

    def _drawn(self) -> str:
        parts = [self._one(_PLACES), self._one(_THINGS), self._one(_KINDS)]
        if self._rng.random() < 0.4:
            del parts[int(self._rng.integers(3))]
        word = ("_" if self._rng.random() < 0.6 else "").join(parts)
        return word + (str(int(self._rng.integers(1, 100))) if self._rng.random() < 0.2 else "")

    def _changed(self, handle: str) -> str:
        kind = int(self._rng.integers(6))
        place = int(self._rng.integers(len(handle)))
        if kind == 0:
            return self._one(_BEFORE) + handle
        if kind == 1:
            return handle + self._one(_AFTER)
        if kind == 2:
            return handle.replace("_", "") if "_" in handle else f"{handle[:place]}_{handle[place:]}".strip("_")
        if kind == 3:
            return handle[:place] + handle[place] + handle[place:]
        if kind == 4:
            return handle.replace("o", "0", 1) if "o" in handle else handle[:place] + handle[place + 1 :]
        return handle.rstrip("0123456789") + str(int(self._rng.integers(2, 30)))
