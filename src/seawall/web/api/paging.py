"""Where a page of a list ends: a mark that programs hand back as it is."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from seawall.web.api.problem import Unfit, Wrong
from seawall.web.api.shape import Paging

Item = TypeVar("Item")
_MOST = 1 << 53
"""No number of a place is larger: JSON and databases hold smaller ones alike."""


def mark(of: str, *place: str | int) -> str:
    """The mark of a place in a list.

    >>> place(mark("audit", 12), "audit", int)
    [12]
    """
    return base64.urlsafe_b64encode(json.dumps([of, *place]).encode()).decode().rstrip("=")


def place(told: str, of: str, *kinds: type) -> list[str | int]:
    """The place of a mark.

    Raises:
        Unfit: it is not a mark of this list.
    """
    try:
        read = json.loads(base64.urlsafe_b64decode(told.encode() + b"=" * (-len(told) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        raise strange() from None
    if not isinstance(read, list) or [type(one) for one in read] != [str, *kinds] or read[0] != of:
        raise strange()
    if any(isinstance(one, int) and not -_MOST < one < _MOST for one in read):
        raise strange()
    return read[1:]


def strange() -> Unfit:
    """The refusal of a mark that no page has given."""
    return Unfit([Wrong("This is not the mark of a page of this list. Begin with the first.", parameter="after")])


def cut(items: Sequence[Item], wanted: Paging, of: str, key: Callable[[Item], str]) -> tuple[list[Item], str | None]:
    """A page of a list that is wholly there, and the mark of the next one.

    Raises:
        Unfit: the mark is none, or its row is there no longer.
    """
    start = 0
    if wanted.after is not None:
        (last,) = place(wanted.after, of, str)
        start = next((number for number, one in enumerate(items, start=1) if key(one) == last), 0)
        if not start:
            raise strange()
    rows = list(items[start : start + wanted.limit])
    more = start + len(rows) < len(items)
    return rows, mark(of, key(rows[-1])) if more and rows else None
