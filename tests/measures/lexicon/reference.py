"""The lexicon in plain Python, word by word and term by term: slow, and meant to be obviously right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from seawall.measures.text.match_key import LOOK_ALIKES, SCRIPTS, STAND_INS
from seawall.measures.text.match_tables import (
    CYRILLIC,
    DIGIT,
    GREEK,
    LATIN,
    MARK,
    OTHER,
    SPACE,
    UNSPACED,
    folded,
    kind_of,
)

SPELLING = (
    (0x780, 0x7C0), (0x900, 0x1100), (0x1700, 0x1800), (0x1900, 0x1AB0), (0x1B00, 0x1CD0), (0x3099, 0x309B),
    (0xA800, 0xAC00), (0x11000, 0x12000),
)  # fmt: skip
EAST_ASIAN = "々〆〇〡〢〣〤〥〦〧〨〩〱〲〳〴〵〻〼ー"
TELLS_NOTHING = "\xad\u061c\u200c\u200d\u200e\u200f\u0670" + "".join(map(chr, [*range(0x64B, 0x653)]))
APOSTROPHES, STOPS = "'\u2018\u2019\uff07\u02bc", ".··՟״․‧﹒．"
IN_NUMBERS, LINES = ",;;։،؍٬߸⁄，；", "_‿⁀⁔︳︴﹍﹎﹏＿"
PARTICLES = """
    l d j m t s n c qu lorsqu puisqu jusqu quoiqu un all dall dell nell sull coll quell quest bell sant gl anch
"""
TYPED = re.compile(r"@?\[(?:account|email|phone|profile|name)\]", re.IGNORECASE | re.ASCII)
ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|apos|#39|#039);", re.IGNORECASE | re.ASCII)


@cache
def spells(character: str) -> bool:
    """Whether it is a mark that spells."""
    if not any(first <= ord(character) < last for first, last in SPELLING):
        return False
    if kind_of(character) == MARK:
        return unicodedata.combining(character) != 7
    return kind_of(character) == UNSPACED and unicodedata.category(character) == "Mc"


@cache
def fold(character: str) -> str:
    """What a character is compared as."""
    if spells(character) or character in "\u0e33\u0eb3":
        return character
    if not assigned(character):
        return " "
    parts = unicodedata.normalize("NFKD", character)
    if any(map(spells, parts)):
        return "".join(part if spells(part) else folded(part) for part in parts)
    return folded(character)


def assigned(character: str) -> bool:
    return unicodedata.category(character) not in ("Cn", "Co", "Cs")


@cache
def sort(character: str) -> str:
    """letter, alone, extend, accent, invisible, space or sign."""
    if spells(character):
        return "extend"
    text = fold(character)
    if not text:
        return "accent" if kind_of(character) == MARK else "invisible"
    if assigned(character) and kind_of(character) == SPACE:
        return "space"
    if all(map(spells, text)):
        return "extend"
    kinds = {UNSPACED if part in EAST_ASIAN else kind_of(part) for part in text if not spells(part)}
    if kinds == {UNSPACED}:
        return "alone"
    return "letter" if not kinds & {UNSPACED, OTHER, SPACE} else "sign"


def plain(text: str) -> str:
    """Without case, and decomposed."""
    parts = "".join(unicodedata.normalize("NFD", unicodedata.normalize("NFD", part).casefold()) for part in text)
    points = (part for part in parts if not (0x591 <= ord(part) < 0x5C8 and kind_of(part) == MARK))
    return "".join(part for part in points if part not in TELLS_NOTHING and unicodedata.category(part) != "Cc")


@dataclass
class Word:
    """A run of letters: where it stands (in characters), its letters, and what stood before it."""

    start: int
    end: int
    letters: str
    capitals: list[bool]
    plain: str
    alone: bool
    gap: str  # what stood between, without what is invisible
    broken: bool  # a link or a name stood between


def words_of(text: str) -> list[Word]:
    words: list[Word] = []
    at, gap, broken = 0, "", False
    while at < len(text):
        begin = at
        end = word_end(text, at)
        if end > at:
            if text.startswith("://", end) and sort(text[at]) != "alone":
                at, broken = address_end(text, end + 1), True
                continue
            if text[at:end].lower() == "www" and text[at:end].isascii() and text.startswith(".", end):
                at, broken = address_end(text, end + 1), True
                continue
            words.append(word(text, at, end, gap, broken))
            at, gap, broken = end, "", False
            continue
        if found := TYPED.match(text, at):
            at, broken = found.end(), True
        elif found := ENTITY.match(text, at):
            at, gap = found.end(), gap + "&"
        elif text[at] == "@":
            at = name_end(text, at)
            broken |= at > begin + 1
            gap += "@"
        elif text.startswith("://", at):
            at, broken = address_end(text, at + 3), True
        else:
            gap += text[at] if sort(text[at]) in ("space", "sign") else ""
            at += 1
    return words


def word(text: str, start: int, end: int, gap: str, broken: bool) -> Word:
    shown = end
    while sort(text[shown - 1]) == "invisible" and text[shown - 1] != "$":
        shown -= 1
    letters, capitals = "", []
    for character in text[start:shown]:
        part = character if character in "$@" else fold(character)
        letters += part
        capitals += [character.isupper() and any(kind_of(p) in (LATIN, CYRILLIC, GREEK) for p in part)] * len(part)
    alone = sort(text[start]) == "alone"
    return Word(start, shown, letters, capitals, plain(text[start:shown]), alone, gap, broken)


def has_script(text: str) -> bool:
    return any(kind_of(part) in (LATIN, CYRILLIC, GREEK) for character in text for part in fold(character))


def word_end(text: str, begin: int) -> int:
    """Where the word that begins here ends, with what is invisible behind it; ``begin`` if none does."""
    if sort(text[begin]) == "alone":
        at = begin + 1
        while at < len(text) and sort(text[at]) in ("extend", "accent", "invisible"):
            at += 1
        return at
    at = begin
    while at < len(text):
        kind, here = sort(text[at]), text[at]
        following = text[at + 1 : at + 2]
        if here == "$":
            if not has_script(text[begin:at]) and not (following and has_script(following)):
                break
        elif here == "@":
            if not (has_script(text[begin:at]) and following and sort(following) == "letter"):
                break
        elif kind != "letter" and (at == begin or kind not in ("extend", "accent", "invisible")):
            break
        at += 1
    return at


def address_end(text: str, at: int) -> int:
    while at < len(text) and sort(text[at]) != "space" and text[at] not in '<>"' and ord(text[at]) < 0x2E80:
        at += 1
    return at


def name_end(text: str, at: int) -> int:
    def in_name(place: int) -> bool:
        return place < len(text) and (text[place] == "_" or sort(text[place]) not in ("space", "sign"))

    while at < len(text) and text[at] == "@":
        at += 1
    while in_name(at):
        at += 1
        if at < len(text) and text[at] in ".:@-" and in_name(at + 1):
            at += 1
    return at


def joined(text: str, left: Word, right: Word) -> bool:
    """Whether two neighbours are one word of Unicode."""
    if left.alone or right.alone or right.broken:
        return False
    gap = "".join(part for part in text[left.end : right.start] if sort(part) not in ("invisible", "accent", "extend"))
    if gap and all(part in LINES for part in gap):
        return True
    if len(gap) != 1:
        return False
    base = [part for part in text[left.start : left.end] if sort(part) not in ("invisible", "accent", "extend")]
    first, last = ends_with_digit(text[right.start]), ends_with_digit(base[-1])
    if first != last:
        return False
    if gap in IN_NUMBERS:
        return last
    if gap in STOPS or (gap in APOSTROPHES and last):
        return True
    return gap in APOSTROPHES and not (
        text[right.start : right.end] in ("s", "S") or text[left.start : left.end].lower() in PARTICLES.split()
    )


def ends_with_digit(character: str) -> bool:
    return any(kind_of(part) == DIGIT for part in fold(character))


def settle(letters: str) -> str:
    """The match key's third step."""
    count = {script: sum(kind_of(letter) == script for letter in letters) for script in SCRIPTS}
    if not any(count.values()):
        return letters
    script = max(SCRIPTS, key=count.__getitem__)
    if count[script] < sum(count.values()):
        letters = "".join(LOOK_ALIKES[script].get(letter, letter) for letter in letters)
    letters = "".join(STAND_INS[script].get(letter, letter) for letter in letters)
    return letters.replace("l", "i") if script == LATIN else letters


def looks_like(text: Word, term: Word) -> bool:
    """Whether a word that has the key of another can be read as it."""
    here = text.letters
    figures = [letter == "$" or kind_of(letter) == DIGIT for letter in here]
    leading = [*figures, False].index(False)
    short = len(here) <= 3 and (leading or kind_of(here[-1]) == DIGIT or (len(here) <= 2 and here[-1] == "$"))
    for place, (letter, meant) in enumerate(zip(here, term.letters, strict=True)):
        if letter == meant:
            continue
        if figures[place]:
            if leading >= 2 or short:
                return False
        elif letter != "@" and (kind_of(meant) not in SCRIPTS or not seems(text, place, letter, meant)):
            return False
    return True


def seems(word: Word, place: int, letter: str, meant: str) -> bool:
    """Whether one of l and i looks like the other where it stands."""
    others = word.capitals[:place] + word.capitals[place + 1 :]
    if letter == "i" and meant == "l":
        return place > 0 and word.capitals[place] and not all(others)
    if letter == "l" and meant == "i":
        return not word.capitals[place] and any(word.capitals[1:])
    return True


def accepted(terms: Sequence[str]) -> dict[int, list[Word]]:
    """The terms that can be looked for, in their words."""
    seen: set[tuple[object, ...]] = set()
    found = {}
    for place, term in enumerate(terms):
        words = words_of(term)
        if not 0 < len(words) <= 64 or len(term) > 200 or any(word.broken for word in words) or trailing(term, words):
            continue
        joints = tuple(joint(term, words, number) for number in range(len(words)))
        written = (tuple(settle(word.letters) for word in words), "".join(word.plain for word in words), joints)
        if written not in seen:
            seen.add(written)
            found[place] = words
    return found


def trailing(term: str, words: list[Word]) -> bool:
    """Whether a link or name stands behind the last word."""
    more = words_of(term + " end")
    return len(more) > len(words) and more[-1].broken


def joint(text: str, words: list[Word], number: int) -> str:
    if number == 0 or words[number].alone != words[number - 1].alone:
        return ""
    if words[number].alone:
        return "" if words[number].gap else "adjacent"
    return "glued" if joined(text, words[number - 1], words[number]) else ""


def hits(terms: Sequence[str], texts: Sequence[str | None]) -> list[tuple[int, int, int, int, bool]]:
    """Row, term, start, end, disguised of each hit, sorted."""
    listed = accepted(terms)
    found = []
    for row, text in enumerate(texts):
        words = words_of(text or "")
        for term, wanted in listed.items():
            for first in range(len(words) - len(wanted) + 1):
                verdict = compare(text or "", words, first, terms[term], wanted)
                if verdict is not None:
                    start, end = words[first].start, words[first + len(wanted) - 1].end
                    found.append(
                        (row, term, len((text or "")[:start].encode()), len((text or "")[:end].encode()), verdict)
                    )
    return sorted(found)


def byte(text: str, character: int) -> int:
    return len(text[:character].encode())


def compare(text: str, words: list[Word], first: int, term: str, wanted: list[Word]) -> bool | None:
    """Whether the term stands there in disguise; None = it does not stand there."""
    here = words[first : first + len(wanted)]
    last = first + len(wanted)
    if first and joined(text, words[first - 1], here[0]):
        return None
    if last < len(words) and joined(text, here[-1], words[last]):
        return None
    if any(word.broken for word in here[1:]):
        return None
    if any(settle(word.letters) != settle(meant.letters) for word, meant in zip(here, wanted, strict=True)):
        return None
    for number in range(1, len(wanted)):
        needed = joint(term, wanted, number)
        if needed == "adjacent" and (here[number].gap or here[number].broken):
            return None
        if needed == "glued" and not joined(text, here[number - 1], here[number]):
            return None
    different = [(word, meant) for word, meant in zip(here, wanted, strict=True) if word.plain != meant.plain]
    if not all(looks_like(word, meant) for word, meant in different):
        return None
    return bool(different)
