"""Identities inside texts become typed tokens: ``@[account]``, ``[email]``, ``[phone]``, ``[profile]``.

A person's handle in a profile's address is hidden and the kind of address kept: ``https://x.com/[profile]/status/12``.
It errs on the side of hiding: every ``@`` with a word behind it becomes a token. The rest of a text stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.identity_patterns import FAMILIES, Rule
from seawall.intake.phones import POSSIBLE, hide_phones
from seawall.measures.text.text_buffers import change_where, in_one_piece


def tokenise(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The texts with typed tokens for the identities in them.

    Args:
        texts: strings.

    Returns:
        strings of the same type; null stays null.

    >>> import pyarrow as pa
    >>> tokenise(pa.array(["RT @anna: write to fern@garden.example or call +1 555 010 0199"])).to_pylist()
    ['RT @[account]: write to [email] or call [phone]']
    >>> tokenise(pa.array(["https://x.com/green_fern/status/12 and t.me/ferns"])).to_pylist()
    ['https://x.com/[profile]/status/12 and t.me/[profile]']
    """
    array = in_one_piece(texts)
    for family in FAMILIES:
        array = change_where(array, family.possible, partial(_apply, family.rules))
    return change_where(array, POSSIBLE, _without_phones)


def _apply(rules: Sequence[Rule], part: pa.Array) -> pa.Array:
    for rule in rules:
        part = pc.replace_substring_regex(part, pattern=rule.pattern, replacement=rule.instead)
    return part


def _without_phones(part: pa.Array) -> pa.Array:
    return pa.array(map(hide_phones, part.to_pylist()), part.type)
