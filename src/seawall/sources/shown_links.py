"""What a link shows: its own address, perhaps shortened, or words."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d{1,5})?(?:[/?#]\S*)?(?:…|\.{3})?", re.IGNORECASE
)
_LONGEST = 4_096


def shows_address(shown: str) -> bool:
    """Whether the words of a link are an address, whole or shortened, so that the real one may stand in their place.

    >>> shows_address("garden.example/beans…"), shows_address("https://x.example"), shows_address("the bean table")
    (True, True, False)
    """
    return len(shown) <= _LONGEST and _ADDRESS.fullmatch(shown) is not None
