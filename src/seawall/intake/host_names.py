"""International names of hosts in ASCII, as browsers write them.

UTS 46 (https://www.unicode.org/reports/tr46) with the settings of the WHATWG URL standard, *domain to ASCII*: not
transitional, hyphens anywhere, symbols and emoji as they are, joiners and right-to-left labels by their rules.
IDNA 2008, which registries follow, allows less: a browser opens what a registry would not give.
"""

from __future__ import annotations

import unicodedata

import idna

ENCODED = "xn--"
_JOINERS = "\u200c\u200d"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def in_ascii(name: str) -> str:
    """A name whose escapes are undone, in ASCII and small letters; other signs of ASCII stay as they are.

    Raises:
        ValueError: no browser would take it (``idna.IDNAError`` and ``UnicodeError`` are of its kind).

    >>> in_ascii("Сад。Example"), in_ascii("♥.example"), in_ascii("faß.example")
    ('xn--80ai1b.example', 'xn--g6h.example', 'xn--fa-hia.example')
    """
    if name.isascii() and ENCODED not in name.lower():
        return name.lower()
    told = idna.uts46_remap(name, std3_rules=False).split(".")
    labels = [_decoded(label) if label.startswith(ENCODED) else label for label in told]
    turned = any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for label in labels for sign in label)
    return ".".join(_encoded(label, turned) for label in labels)


def _decoded(label: str) -> str:
    """What an encoded label stands for; it must be what would be encoded so."""
    plain = label[len(ENCODED) :].encode("ascii").decode("punycode")
    stable = idna.uts46_remap(plain, std3_rules=False) == plain
    if plain.isascii() or plain.startswith(ENCODED) or "." in plain or not stable:
        raise ValueError("an encoded label that encodes nothing")
    return plain


def _encoded(label: str, turned: bool) -> str:
    if turned and label:
        idna.check_bidi(label, check_ltr=True)
    if label.isascii():
        return label
    idna.check_initial_combiner(label)
    if not all(idna.valid_contextj(label, place) for place, sign in enumerate(label) if sign in _JOINERS):
        raise ValueError("a joiner where nothing is joined")
    return ENCODED + label.encode("punycode").decode("ascii")
