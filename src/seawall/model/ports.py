"""The number of a port, as people and programs write it after a host."""

from __future__ import annotations

MOST = 65535


def port_of(text: str) -> int | None:
    """The port; None where the text is none.

    >>> port_of("25"), port_of(""), port_of("²"), port_of("99999")
    (25, None, None, None)
    """
    told = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) and int(text) <= MOST
    return int(text) if told else None
