"""What a text quotes: between quotation marks of any script, in block quotes, and in code of Markdown."""

from __future__ import annotations

import re
from typing import NamedTuple

CLOSED_BY = {
    "“": "”", "‘": "’", "„": "“”", "‚": "‘’", "«": "»", "‹": "›", "»": "«", "›": "‹", "”": "”",
    "「": "」", "『": "』", "﹁": "﹂", "﹃": "﹄", "〝": "〞〟", "《": "》", "〈": "〉", "❝": "❞", "❛": "❜",
    '"': '"', "＂": "＂", "״": "״", "'": "'", "`": "`",
}  # fmt: skip
"""Each opening mark with the marks that close it."""

FEWEST_OWN_WORDS = 3
"""A message that has fewer words of its own outside of what it quotes says it itself."""

_MARKS = re.compile("[" + "".join(sorted({*CLOSED_BY, *"".join(CLOSED_BY.values())})) + "]")
_LOOSE = "'’‘\"＂״»›”"
"""Marks that are also something else: an apostrophe, inches, or one that opens here and closes in another language."""
_BLOCKS = re.compile(
    r"^[ \t]{0,3}(?:(?:>|&gt;)[ \t]?)*(?:>|&gt;)[ \t]+\S[^\n]*$"
    r"|^```.*?^```|\[quote\b[^\]\n]*\].*?\[/quote\]|<blockquote\b[^>\n]*>.*?</blockquote>",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_NOT_OWN = re.compile(r"\S+://\S+|www\.\S+|@?\[[a-z]+\]|@\S+", re.IGNORECASE)
_UNSPACED = "\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_OWN_WORD = re.compile(rf"[{_UNSPACED}]{{2}}|[^\W\d_{_UNSPACED}]+")


class _Open(NamedTuple):
    mark: str
    at: int


def quotations(text: str) -> list[tuple[int, int]]:
    """Where a text quotes, as characters from and to; nested quotations are told one by one.

    A quotation must be closed, in the paragraph where it opens or, where the next paragraph opens with the same mark,
    at the paragraph's end. None is told if the text has fewer than three words of its own.

    >>> text = "Nobody should write “throw slugs at the riders” in a garden club."
    >>> [text[start:end] for start, end in quotations(text)]
    ['throw slugs at the riders']
    >>> quotations("“Throw slugs at the riders!”")
    []
    """
    spans = [found.span() for found in _BLOCKS.finditer(text)]
    begin = 0
    breaks = [(found.start(), found.end()) for found in _BLANK_LINE.finditer(text)]
    for end, following in [*breaks, (len(text), len(text))]:
        spans += _in_paragraph(text, begin, end, following)
        begin = following
    return sorted(spans) if spans and _own_words(text, spans) >= FEWEST_OWN_WORDS else []


def _in_paragraph(text: str, begin: int, end: int, following: int) -> list[tuple[int, int]]:
    """Quotations between two characters; ``following`` is where the next paragraph begins."""
    spans: list[tuple[int, int]] = []
    opened: list[_Open] = []
    for found in _MARKS.finditer(text, begin, end):
        mark, at = found.group(), found.start()
        place = _closes(text, at, opened)
        if place is not None:
            spans.append((opened[place].at + 1, at))
            del opened[place:]
        elif _may_open(text, at, end):
            if mark in "\"＂'`״":
                opened = [other for other in opened if other.mark != mark]
            opened.append(_Open(mark, at))
    spans += [(one.at + 1, end) for one in opened if text.startswith(one.mark, following)]
    return spans


def _closes(text: str, at: int, opened: list[_Open]) -> int | None:
    """Which of the open quotations the mark closes."""
    mark = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if mark in "'’" and after.isalnum():
        return None
    if mark in "'\"＂`" and before.isspace():
        return None
    for place in reversed(range(len(opened))):
        if mark in CLOSED_BY[opened[place].mark] and opened[place].at < at - 1:
            return place
    return None


def _may_open(text: str, at: int, end: int) -> bool:
    mark = text[at]
    if mark not in CLOSED_BY or at + 1 >= end:
        return False
    before, after = text[at - 1 : at] if at else "", text[at + 1]
    return mark not in _LOOSE or not (before.isalnum() or after.isspace())


def _own_words(text: str, spans: list[tuple[int, int]]) -> int:
    """How many words stand outside of quotations, links and names; without spaces, half as many as letters."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return len(_OWN_WORD.findall(_NOT_OWN.sub(" ", "".join(letters))))
