"""Text that strangers wrote, made safe to look at: what cannot be seen becomes a chip, and no address can be clicked.

The chips name the code point in Unicode's own short words, so that they read the same in every language.
"""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

from seawall.workspace.shown import defanged

LONGEST = 2000
"""Characters of a text that are shown."""

_ABBREVIATIONS = {
    0x00: "NUL",
    0x08: "BS",
    0x0D: "CR",
    0x1B: "ESC",
    0x7F: "DEL",
    0x85: "NEL",
    0xAD: "SHY",
    0x034F: "CGJ",
    0x061C: "ALM",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LSEP",
    0x2029: "PSEP",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}
_JOINERS = "\u200c\u200d"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_TAGS = range(0xE0000, 0xE0080)
_SELECTORS = range(0xFE00, 0xFE10)
_MORE_SELECTORS = range(0xE0100, 0xE01F0)
_FORMULA = re.compile(r"^[=+\-@\t\r\x00]")


def hostile(text: str, longest: int = LONGEST) -> Markup:
    """The text as HTML: escaped, addresses defanged, unseen characters as chips, cut at ``longest``.

    >>> print(hostile("see https://example.org/<b>"))
    see hxxps://example[.]org/&lt;b&gt;
    >>> print(hostile("bed\\u202egnp"))
    bed<span class="chip" title="Right-To-Left Override">RLO U+202E</span>gnp
    """
    shown = text[:longest]
    pieces: list[Markup] = []
    plain: list[str] = []
    place = 0
    while place < len(shown):
        letter = shown[place]
        if not is_unseen(shown, place):
            plain.append(letter)
            place += 1
            continue
        if plain:
            pieces.append(escape(defanged("".join(plain))))
            plain.clear()
        run = place
        while run < len(shown) and shown[run] == letter:
            run += 1
        pieces.append(_chip(letter, run - place))
        place = run
    pieces.append(escape(defanged("".join(plain))))
    if len(text) > longest:
        pieces.append(Markup('<span class="more" title="+{:,}">…</span>').format(len(text) - longest))
    return Markup("").join(pieces)


def plainly(text: str, longest: int = 200) -> str:
    """One line without a single character that cannot be seen, for titles, attributes and names of files.

    >>> plainly("bed\\u202egnp\\nhttps://example.org")
    'bedgnp hxxps://example[.]org'
    """
    seen = (
        " " if letter in "\n\t" else "" if is_unseen(text, place) else letter
        for place, letter in enumerate(text[: 4 * longest])
    )
    told = " ".join(defanged("".join(seen)).split())
    return told if len(told) <= longest else told[: longest - 1] + "…"


def cell(text: str) -> str:
    """A text for a table that a spreadsheet may open: none that it would calculate.

    >>> cell("=1+1"), cell("beds")
    ("'=1+1", 'beds')
    """
    clean = text.replace("\x00", "")
    return f"'{clean}" if _FORMULA.match(text) else clean


def is_unseen(text: str, place: int) -> bool:
    """Whether a letter of a text cannot be seen there, or changes the direction of what can."""
    letter = text[place]
    if letter in "\n\t":
        return False
    if letter in _JOINERS:
        return not _joins(text, place)
    code = ord(letter)
    if code in _SELECTORS:
        return not _selects(text, place)
    return letter in _BLANK or code in _MORE_SELECTORS or unicodedata.category(letter) in _UNSEEN


def _joins(text: str, place: int) -> bool:
    """Whether a joiner does its ordinary work, within a word of a script that uses it or within an emoji."""
    if not 0 < place < len(text) - 1:
        return False
    before, after = text[place - 1], text[place + 1]
    if ord(before) in _SELECTORS and place > 1:
        before = text[place - 2]
    kinds = unicodedata.category(before), unicodedata.category(after)
    return kinds[0] in ("Lo", "Mn", "Mc", "So", "Sk") and kinds[1] in ("Lo", "So")


def _selects(text: str, place: int) -> bool:
    """Whether a variation selector does its ordinary work, after a picture or a keycap's digit."""
    if place == 0:
        return False
    return unicodedata.category(text[place - 1]) in ("So", "Sm", "Po", "Nd", "Lo", "Sk")


def _chip(letter: str, times: int) -> Markup:
    code = ord(letter)
    name = unicodedata.name(letter, "").title()
    short = _ABBREVIATIONS.get(code, "")
    if code in _TAGS and 0x20 < code - 0xE0000 < 0x7F:
        short = f"TAG {chr(code - 0xE0000)}"
    told = f"{short} U+{code:04X}".strip() + (f" ×{times}" if times > 1 else "")
    return Markup('<span class="chip" title="{}">{}</span>').format(name or f"U+{code:04X}", told)
