"""Names in an exported chat: whose entry it is, and which account a name or a number stands for."""

from __future__ import annotations

import re

from seawall.sources.json_values import identity
from seawall.sources.whatsapp_entries import MARKS

_QUOTES = re.compile(r"[\"“”„«»]")
_NUMBER = re.compile(r"^\+?[\d\s()./\-\u2010\u2011]{7,24}$")
_LONGEST = 100
_STRIPPED = " \u00a0\u202f~" + MARKS


def author_of(text: str) -> tuple[str | None, str]:
    """The author of an entry, None for a notice of WhatsApp itself, and the words.

    A notice that quotes something (a new subject) may hold a colon too.

    >>> author_of("Ilse: Seeds: beans"), author_of('Ilse changed the subject to "Ride: Sunday"')[0]
    (('Ilse', 'Seeds: beans'), None)
    """
    first = text.partition("\n")[0]
    name, found, _ = first.partition(": ")
    if not found and first.endswith(":"):
        name, found = first[:-1], ":"
    bare = name.strip(_STRIPPED)
    if not found or not bare or len(name) > _LONGEST or _QUOTES.search(name):
        return None, text
    return bare, text[len(name) + len(found) :]


def account_of(name: str) -> dict[str, str | None]:
    """The account under a name; a telephone number is a handle, however it is parted.

    >>> account_of("+00 000 000 001")["handle"], account_of("Ilse")["name"]
    ('+00000000001', 'Ilse')
    """
    bare = name.strip(_STRIPPED)
    if _NUMBER.match(bare):
        return identity(handle="+" + "".join(str(int(sign)) for sign in bare if sign.isdecimal()))
    return identity(name=bare)
