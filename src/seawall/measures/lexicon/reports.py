"""Whether the sentence in which something stands reports what others say or do, rather than saying it."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

import pyarrow as pa

from seawall.measures.lexicon.lexicon import Lexicon
from seawall.measures.lexicon.report_forms import ADDRESSING, MENTIONING, REPORTING, forms
from seawall.measures.text.match_key import match_key_text

Span = tuple[int, int]

FEWEST_SHARED_WORDS = 3
"""So many words of a message must stand in the address of an article for the message to be its headline."""
FARTHEST_MENTION = 2
"""At most so many words stand between "the word" and what is mentioned."""

_SENTENCE_END = re.compile(r"[.?!…]+[\"'”’»)\]]*(?=\s|$)|[。！？؟।]+|\n+")
_CALLING = re.compile(r"[!！]")
_ARTICLE = re.compile(r"https?://[^\s/]+/(\S*)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LONG_WORD = 4


class Forms(NamedTuple):
    """Where in a text the forms of the three tables stand, as bytes from and to."""

    reporting: list[Span]
    mentioning: list[Span]
    addressing: list[Span]


@functools.cache
def _lexicons() -> tuple[Lexicon, Lexicon, Lexicon]:
    return Lexicon(forms(REPORTING)), Lexicon(forms(MENTIONING)), Lexicon(forms(ADDRESSING))


def report_forms(texts: pa.Array) -> list[Forms]:
    """The forms in each text; disguised ones do not count, and a small "i" is no person."""
    found = [Forms([], [], []) for _ in range(len(texts))]
    addressing_i = forms(ADDRESSING).index("I")
    for table, lexicon in enumerate(_lexicons()):
        for hit in lexicon.match(texts).to_pylist():
            span = (hit["start"], hit["end"])
            small_i = table == 2 and hit["term"] == addressing_i and not _capital(texts[hit["row"]].as_py(), span)
            if not hit["disguised"] and not small_i:
                found[hit["row"]][table].append(span)
    return found


def _capital(text: str, span: Span) -> bool:
    return text.encode()[span[0] : span[1]] == b"I"


def reported(text: bytes, hit: Span, told: Forms, quoted: list[Span]) -> bool:
    """Whether a hit stands in a report.

    Its sentence must have no exclamation mark and nobody of the first or second person, outside of quotations; and
    there must be a reporting form in it, or a mentioning form beside the hit, or the message must be the headline of an
    article to which it links.
    """
    start, end = _sentence(text, hit)
    inside = [span for span in quoted if start <= span[0] and span[1] <= end]

    def own(spans: list[Span]) -> list[Span]:
        here = (span for span in spans if start <= span[0] and span[1] <= end and not _overlap(span, hit))
        return [span for span in here if not any(_overlap(span, quotation) for quotation in inside)]

    if own(told.addressing) or _calls(text, start, end, inside):
        return False
    mentioned = any(_beside(text, span, hit) for span in own(told.mentioning))
    return bool(own(told.reporting)) or mentioned or _is_headline(text.decode(errors="replace"))


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _sentence(text: bytes, hit: Span) -> Span:
    """From where to where the sentence goes in which a hit stands."""
    before, after = text[: hit[0]].decode(errors="replace"), text[hit[1] :].decode(errors="replace")
    ends = [found.end() for found in _SENTENCE_END.finditer(before)]
    start = len(before[: ends[-1]].encode()) if ends else 0
    following = _SENTENCE_END.search(after)
    return start, hit[1] + len(after[: following.end()].encode()) if following else len(text)


def _calls(text: bytes, start: int, end: int, quoted: list[Span]) -> bool:
    """Whether a sentence has an exclamation mark outside of its quotations."""
    letters = bytearray(text[start:end])
    for one in quoted:
        letters[one[0] - start : one[1] - start] = b" " * (one[1] - one[0])
    return _CALLING.search(letters.decode(errors="replace")) is not None


def _beside(text: bytes, form: Span, hit: Span) -> bool:
    between = text[form[1] : hit[0]] if form[1] <= hit[0] else text[hit[1] : form[0]]
    return len(_WORD.findall(between.decode(errors="replace"))) <= FARTHEST_MENTION


def _is_headline(text: str) -> bool:
    """Whether the words of a message stand in the address of an article that it links to."""
    own = {word for word in match_key_text(text).split() if len(word) >= _LONG_WORD}
    for path in _ARTICLE.findall(text):
        slug = {match_key_text(word) for word in re.split(r"[-_/.+?=&%]+", path) if len(word) >= _LONG_WORD}
        if len(own & slug) >= FEWEST_SHARED_WORDS:
            return True
    return False
