"""Arabic words with what is written on to them: the article, and the conjunctions and prepositions before it."""

from __future__ import annotations

import re

ARTICLE = "ال"
BEFORE = ("ال", "وال", "فال", "بال", "كال", "وبال", "فبال", "لل", "ولل", "فلل")
"""Only with the article: a single letter before a bare word ("و", "ب", "ل") is too often the word's own."""

_BARE = re.compile(rf"(?:{ARTICLE})?([\u0620-\u064a]{{3,}})")


def with_particles(term: str) -> list[str]:
    """The other forms of a term whose first word is Arabic and has, without the article, three letters or more.

    >>> with_particles("حديقة")[:3]
    ['الحديقة', 'والحديقة', 'فالحديقة']
    >>> with_particles("الحديقة")[-1], with_particles("garden"), with_particles("في")
    ('فللحديقة', [], [])
    """
    found = _BARE.match(term)
    if not found:
        return []
    bare = term[found.start(1) :]
    return [form for form in (before + bare for before in BEFORE) if form != term]
