"""The outside address that a direct message passes on: what is kept of it is its kind and a keyed hash of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import reduce
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.outside_handles import ANY_SERVICE, handles, invites
from seawall.intake.payments import payment_addresses
from seawall.intake.phones import POSSIBLE as POSSIBLE_PHONE
from seawall.intake.phones import phones
from seawall.measures.text.text_buffers import in_one_piece
from seawall.model import LENGTH_CLASSES

Found = Iterator[tuple[int, str]]

_SHORT, _MEDIUM = 40, 280

_POSSIBLE = (
    r"(?i)[\pL\pN_][@＠][\pL\pN_]|@\S+[@:]\S|[\(\[{]\s?(?:at|@|ат)\s?[\)\]}]",
    r"(?i)\sat\s.*(?:dot|[\(\[{])",
    r"(?i)(?:me|gg|com|app|im|link|group|us|chat|id|dog|gd)/|/@|(?:tg|skype|xmpp|tel|sms|callto):|/invite|#\S+:\S|#\d{4}",
    rf"(?i)(?:^|[^\pL\pN_])(?:{ANY_SERVICE}|cash ?app)(?:[^\pL\pN_]|$)",
    r"(?i)[0-9a-z]{26}|\b[a-z]{2}\d\d[ \-]?[0-9a-z]{4}",
    POSSIBLE_PHONE,
)
"""Patterns of RE2: a text with an address matches one of them. One pattern of them all would be ten times slower."""

_EMAIL = re.compile(
    r"(?<![\w@/.%+\-])([\w.+%\-]*\w)(?:[@＠]|\s?[(\[{]\s?(?:at|@|ат)\s?[)\]}]\s?|\sat\s(?=[\w\-]+\s?(?:dot|[(\[{])))"
    r"([\w\-]+(?:(?:\.|\s?[(\[{]\s?(?:dot|\.|точка)\s?[)\]}]\s?|\sdot\s)[\w\-]+)+)",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s?[(\[{]\s?(?:dot|\.|точка)\s?[)\]}]\s?|\sdot\s", re.IGNORECASE)
_NUMBER_LINK = re.compile(
    r"(?:(?:wa\.me|t\.me|signal\.me/#p|viber\.me)/|[?&]phone=|tel:(?://)?|sms:|callto:)((?:\+|%2B)?\d[\d().\-]{5,20}\d)",
    re.IGNORECASE,
)


def contacts(texts: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The first outside address in each text: its kind, and the address in one canonical form.

    The value is in clear, for a keyed hash: however the same address is written, it has the same value. Telephone
    numbers have digits only, with ``+`` where the country is told; handles and invites begin with their service
    (``telegram:fern_99``), payment addresses with their scheme (``iban:...``).

    Args:
        texts: strings.

    Returns:
        (kind, value): strings, both null where the text is null or passes nothing on; kinds are those of
        ``model.CONTACT_KINDS``.

    >>> import pyarrow as pa
    >>> kind, value = contacts(pa.array(["write to Fern@Garden.example", "wa.me/491701234567", "see you", None]))
    >>> kind.to_pylist(), value.to_pylist()
    (['email', 'phone', None, None], ['fern@garden.example', '+491701234567', None, None])
    """
    array = in_one_piece(texts)
    possible = _possible(array)
    found = [first_contact(text) for text in array.filter(possible).to_pylist()]
    empty = pa.nulls(len(array), pa.string())
    return tuple(
        pc.replace_with_mask(empty, possible, pa.array([part and part[which] for part in found], pa.string()))
        for which in (0, 1)
    )


def _possible(array: pa.Array) -> pa.Array:
    """Which texts are worth a closer look."""
    looks = [pc.match_substring_regex(array, pattern) for pattern in _POSSIBLE]
    return pc.fill_null(reduce(pc.or_, looks), fill_value=False)


def first_contact(text: str) -> tuple[str, str] | None:
    """The kind and the canonical form of the first outside address in one text.

    >>> first_contact("my telegram is @Fern_99, or fern@garden.example")
    ('handle', 'telegram:fern_99')
    """
    text = unicodedata.normalize("NFKC", text)
    found = [(position, kind, value) for kind, finder in _FINDERS for position, value in finder(text)]
    return min(found, key=itemgetter(0))[1:] if found else None


def _emails(text: str) -> Found:
    for found in _EMAIL.finditer(text):
        local, domain = found[1].casefold(), _DOT.sub(".", found[2]).casefold()
        local = local.partition("+")[0] or local
        if domain in ("gmail.com", "googlemail.com"):
            local, domain = local.replace(".", ""), "gmail.com"
        yield found.start(), f"{local}@{domain}"


def _phones(text: str) -> Found:
    for found in _NUMBER_LINK.finditer(text):
        yield found.start(), _number("+" + found[1].replace("%2B", "").lstrip("+0"))
    for written in phones(text):
        yield text.index(written), _number(written)


def _number(written: str) -> str:
    """The digits of a telephone number; 00 is +, and a (0) behind the country is not dialled."""
    digits = "".join(str(unicodedata.decimal(sign)) for sign in written.replace("(0)", "") if sign.isdecimal())
    if "+" in written:
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


_FINDERS: tuple[tuple[str, Callable[[str], Found]], ...] = (
    ("payment", payment_addresses),
    ("invite", invites),
    ("email", _emails),
    ("phone", _phones),
    ("handle", handles),
)
"""Where two find something at the same place, the first one is right: a card's number also looks like a telephone's."""


def length_classes(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The length class of each text by its characters: empty, short (to 40), medium (to 280), long; null where null.

    >>> import pyarrow as pa
    >>> length_classes(pa.array(["", "ok", "x" * 281, None])).to_pylist()
    ['empty', 'short', 'long', None]
    """
    length = pc.utf8_length(in_one_piece(texts))
    classes = pa.array(LENGTH_CLASSES)
    steps = (pc.greater(length, limit).cast(pa.int8()) for limit in (0, _SHORT, _MEDIUM))
    place = next(steps)
    for step in steps:
        place = pc.add(place, step)
    return classes.take(place)
