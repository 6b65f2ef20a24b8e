"""Placeholder names of accounts: plants and parts of bicycles with numbers that follow no order."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WORDS = (
    "fern", "moss", "clover", "tulip", "pedal", "saddle", "oak", "willow", "bramble", "thyme", "sprocket", "basil",
    "lantern", "heather", "maple", "reed", "sorrel", "spoke", "hazel", "poppy", "birch", "mint", "rowan", "sedge",
    "trellis", "aster", "bell", "linden", "yarrow", "chain", "dahlia", "spade",
)  # fmt: skip
_KEYED = re.compile(r"^[a-z]?[0-9a-f]{12,}$")
_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST_TRIES = 200


def account_names(count: int, rng: np.random.Generator) -> pa.Array:
    """Distinct names in no order, about half of those that there could be: new ones look like them."""
    numbers = 2 * count // len(WORDS) + 10
    chosen = rng.permutation(numbers * len(WORDS))[:count]
    word = pa.array(WORDS).take(pa.array(chosen % len(WORDS)))
    return pc.binary_join_element_wise(word, pa.array(chosen // len(WORDS)).cast(pa.string()), "-")


def new_names(count: int, like: pa.Array, rng: np.random.Generator) -> list[str]:
    """Names of the form that these have, and that none of them is.

    Digits are exchanged for digits; in names without digits letters for letters; in keyed hashes every hex digit.
    """
    known: set[str] = set()
    made: list[str] = []
    tries = 0
    while len(made) < count:
        tries += 1
        models = like.take(pa.array(rng.integers(0, len(like), 2 * (count - len(made)) + 8))).to_pylist()
        drafts = [_draft(model, rng, longer=tries > _MOST_TRIES) for model in models]
        free = pc.invert(pc.is_in(pa.array(drafts), like)).to_pylist()
        for draft, unused in zip(drafts, free, strict=True):
            if unused and draft not in known and len(made) < count:
                known.add(draft)
                made.append(draft)
    return made


def _draft(model: str, rng: np.random.Generator, *, longer: bool) -> str:
    if _KEYED.match(model):
        return model[0] + _exchanged(model[1:], str.isalnum, "0123456789abcdef", rng)
    digits = any(char in _DIGITS for char in model)
    draft = _exchanged(model, lambda char: char in _DIGITS, _DIGITS, rng) if digits else _worded(model, rng)
    return draft + _DIGITS[int(rng.integers(10))] if longer else draft


def _worded(model: str, rng: np.random.Generator) -> str:
    return _exchanged(model, str.isalpha, _LETTERS, rng)


def _exchanged(model: str, which: Callable[[str], bool], pool: str, rng: np.random.Generator) -> str:
    picks = rng.integers(0, len(pool), len(model))
    chars = [pool[int(pick)] if which(char) else char for char, pick in zip(model, picks, strict=True)]
    first = next((place for place, char in enumerate(model) if which(char)), None)
    if first is not None and chars[first] == "0" and model[first] != "0":
        chars[first] = "1"
    return "".join(chars)
