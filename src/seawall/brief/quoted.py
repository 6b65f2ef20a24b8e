"""Text that strangers wrote, made safe to look at: what cannot be seen is shown, and no address can be clicked."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

LONGEST = 2000
"""Characters of a message that are shown."""

_NAMES = {
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark",
    "\u202a": "left-to-right embedding",
    "\u202b": "right-to-left embedding",
    "\u202c": "end of direction",
    "\u202d": "left-to-right override",
    "\u202e": "right-to-left override",
    "\u2060": "word joiner",
    "\u2066": "left-to-right isolate",
    "\u2067": "right-to-left isolate",
    "\u2068": "isolate",
    "\u2069": "end of isolate",
    "\ufeff": "byte order mark",
}
_JOINERS = "\u200c\u200d"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_SCHEME = re.compile(r"\b(h)tt(ps?)(?=://)|\b(f)t(ps?)(?=://)", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w.])(?:[\w-]+\.)+[^\W\d_]{2,24}(?![\w-])")


def quoted(text: str) -> Markup:
    """A message as HTML: escaped, addresses defanged, invisible characters as chips, cut at ``LONGEST``.

    >>> print(quoted("see https://example.org/<b>"))
    see hxxps://example[.]org/&lt;b&gt;
    """
    shown = text[:LONGEST]
    pieces: list[Markup] = []
    plain: list[str] = []
    for place, letter in enumerate(shown):
        if _is_hidden(shown, place):
            pieces.append(escape(defanged("".join(plain))))
            pieces.append(_chip(letter))
            plain.clear()
        else:
            plain.append(letter)
    pieces.append(escape(defanged("".join(plain))))
    if len(text) > LONGEST:
        pieces.append(Markup('<span class="more"> … and {:,} more characters</span>').format(len(text) - LONGEST))
    return Markup("").join(pieces)


def defanged(text: str) -> str:
    """The text with addresses that no program takes for a link.

    >>> defanged("ftp://seeds.example.net and example.org.")
    'fxp://seeds[.]example[.]net and example[.]org.'
    """
    text = _SCHEME.sub(lambda found: f"{found[1]}xx{found[2]}" if found[1] else f"{found[3]}x{found[4]}", text)
    return _HOST.sub(lambda found: found[0].replace(".", "[.]"), text)


def _is_hidden(text: str, place: int) -> bool:
    letter = text[place]
    if letter in "\n\t":
        return False
    if letter in _JOINERS and _joins(text, place):
        return False
    return letter in _BLANK_LETTERS or unicodedata.category(letter) in _UNSEEN


def _joins(text: str, place: int) -> bool:
    """Whether a joiner does its ordinary work, within a word of a script that uses it or within an emoji."""
    if not 0 < place < len(text) - 1:
        return False
    before, after = (unicodedata.category(text[at]) for at in (place - 1, place + 1))
    return before in ("Lo", "Mn", "Mc", "So", "Sk") and after in ("Lo", "So")


def _chip(letter: str) -> Markup:
    code = f"U+{ord(letter):04X}"
    name = _NAMES.get(letter, code)
    return Markup('<span class="chip" title="{}">{}</span>').format(code, name)
