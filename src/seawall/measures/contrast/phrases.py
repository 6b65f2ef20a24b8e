"""Phrases that many accounts use here, and hardly anybody elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seawall.measures.contrast.log_odds import log_odds

LONGEST = 5
MOST_WORDS = 60
"""Words of one text that are looked at."""
CLEAR = 2.0
"""Told are phrases whose z is at least this."""
MOST_LOOKED_AT = 300

_APART = re.compile(r"\S*://\S+|\bwww\.\S+|@?\[[a-z]+\]|@\S+|&[a-z]+;")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARKS = {"Mn", "Cf"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, in the folded form in which it is compared.

    Attributes:
        words: joined by spaces.
        here: texts of the focus that contain it; each text counts once for each account.
        there: texts of the rest.
        accounts: who used it in the focus.
        log_odds: see ``seawall.measures.contrast.log_odds``.
        z: the same in standard errors.
    """

    words: str
    here: int
    there: int
    accounts: int
    log_odds: float
    z: float


def phrases(
    focus: Iterable[tuple[str, str]], rest: Iterable[tuple[str, str]], *, least_accounts: int = 5, most: int = 10
) -> list[Phrase]:
    """Phrases of one to five words that mark the focus against the rest, the clearest first.

    Words are folded: compatibility form, case, marks and format characters do not matter. Addresses, @names and typed
    tokens are left out. Scripts that put no spaces between words give few phrases. Of phrases that contain one another
    the longer one stands, unless the shorter one is used much more often.

    Args:
        focus: account and text of each message.
        rest: the same of the time before.
        least_accounts: a phrase that fewer accounts used is never told.
        most: how many are told.

    >>> talk = [(f"a{n}", f"day {n} of compost") for n in range(40)]
    >>> show = [(f"a{n}", f"tulip show on Sunday, row {n}") for n in range(20)]
    >>> phrases(show, talk)[0].words
    'tulip show on sunday row'
    """
    here, there = _unique(focus), _unique(rest)
    counted, usual = _counted(here), _counted(there)
    totals = [sum(map(len, texts.values())) for texts in (here, there)]
    names = sorted(phrase for phrase, count in counted.items() if count >= least_accounts)
    difference, z = log_odds([counted[name] for name in names], [usual[name] for name in names], *totals)
    clear = sorted((place for place in range(len(names)) if z[place] >= CLEAR), key=lambda place: -z[place])
    looked = {names[place]: set[str]() for place in clear[:MOST_LOOKED_AT]}
    for text, accounts in here.items():
        for phrase in looked.keys() & _of(text):
            looked[phrase] |= accounts
    found = [
        Phrase(name, counted[name], usual[name], len(looked[name]), float(difference[place]), float(z[place]))
        for place, name in ((place, names[place]) for place in clear[:MOST_LOOKED_AT])
        if len(looked[name]) >= least_accounts
    ]
    return _without_parts(found)[:most]


def fold(text: str) -> str:
    """A text in the form in which its words are compared.

    >>> fold("TÜLIPS\u200b at ①!")
    'tulips at 1!'
    """
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter) not in _MARKS)


def _unique(told: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Text -> who wrote it."""
    found: dict[str, set[str]] = {}
    for account, text in told:
        found.setdefault(text, set()).add(account)
    return found


def _counted(texts: dict[str, set[str]]) -> Counter[str]:
    """How many texts contain each phrase, each text once for each account."""
    found: Counter[str] = Counter()
    for text, accounts in texts.items():
        for phrase in _of(text):
            found[phrase] += len(accounts)
    return found


def _of(text: str) -> set[str]:
    """The phrases of a text, each once."""
    words = _WORD.findall(_APART.sub(" ", fold(text)))[:MOST_WORDS]
    return {
        " ".join(words[begin : begin + length])
        for length in range(1, LONGEST + 1)
        for begin in range(len(words) - length + 1)
    }


def _without_parts(found: Sequence[Phrase]) -> list[Phrase]:
    """Of phrases that are part of one another and used about as often, the longest."""

    def covers(longer: Phrase, part: Phrase) -> bool:
        inside = f" {part.words} " in f" {longer.words} " and longer.words != part.words
        return inside and longer.here >= 0.7 * part.here

    return [one for one in found if not any(covers(other, one) for other in found)]
