"""The lexicon: speed with a hundred thousand terms in four scripts beside its peers, and hits inside words."""

from __future__ import annotations

import os
import random
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import ahocorasick
import daachorse
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.table import Row
from seawall.measures import Lexicon

NAME = "Lexicon"
DATA = Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
TERMS, FEWER = 100_000, 10_000
MEGABYTES, PEER_MEGABYTES = 24, 2
ROUNDS = 40
WORDS = 100
SEED = 5
AHOCORASICK, DAACHORSE = "pyahocorasick 2.3.1", "daachorse 0.5.0"
EDGES = ".,:;!?()[]\"'“”«»…-–—_#@/।॥،؛"


def tweets(language: str) -> list[str]:
    """Messages of the public tweets in one language."""
    table = pq.read_table(DATA / "ira" / "ira_dev.parquet", columns=["content"], filters=[("language", "==", language)])
    return [text for text in table["content"].to_pylist() if text]


def articles(language: str) -> list[str]:
    """The articles of the Universal Declaration of Human Rights, each repeated with its words turned round."""
    table = pq.read_table(DATA / "languages" / "udhr.parquet", filters=[("lang", "==", language)])
    rng = random.Random(SEED)
    told = [text.split() for text in table["text"].to_pylist() if text]
    turned = []
    for _ in range(ROUNDS):
        for words in told:
            turn = rng.randrange(len(words))
            turned.append(" ".join(words[turn:] + words[:turn]))
    return turned


def sized(texts: list[str], megabytes: float) -> list[str]:
    """Texts from the start, repeated if need be, of about so many megabytes in UTF-8."""
    chosen, left = [], megabytes * 1e6
    while left > 0:
        for text in texts:
            chosen.append(text)
            left -= len(text.encode())
            if left <= 0:
                break
    return chosen


def terms(texts: list[str], count: int) -> list[str]:
    """Distinct terms made of the texts' own words: a tenth phrases, a hundred words that occur."""
    rng = random.Random(SEED)
    cut = {word.strip(EDGES) for text in texts for word in text.lower().split()}
    vocabulary = sorted(word for word in cut if len(word) > 1 and all(map(is_letter, word)))
    found: dict[str, None] = {}
    while len(found) < count:
        one, other = rng.choice(vocabulary), rng.choice(vocabulary)
        made = f"{one} {other}" if rng.randrange(10) == 0 else one + other[: rng.randrange(2, 6)]
        found[one if len(found) < WORDS else made] = None
    return list(found)


def rate(task: Callable[[], object], megabytes: float, runs: int = 3) -> float:
    """Megabytes per CPU-second, the best of the runs."""
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        task()
        seconds.append(time.process_time() - start)
    return megabytes / min(seconds)


def peer(listed: list[str]) -> Any:
    """The automaton of pyahocorasick."""
    automaton = ahocorasick.Automaton()
    for term in listed:
        automaton.add_word(term, len(term))
    automaton.make_automaton()
    return automaton


def peer_hits(automaton: Any, texts: list[str]) -> Iterator[tuple[str, int, int]]:
    """Each hit of pyahocorasick: the text, first character, the character behind."""
    for text in texts:
        for last, size in automaton.iter(text):
            yield text, last + 1 - size, last + 1


def counted(automaton: Any, texts: list[str]) -> int:
    """How many hits pyahocorasick has."""
    return sum(1 for _ in peer_hits(automaton, texts))


def overlapping(automaton: Any, texts: list[bytes]) -> int:
    """How many hits daachorse has."""
    return sum(len(automaton.find_overlapping(text)) for text in texts)


def is_letter(character: str) -> bool:
    """Whether it is a letter or a mark of one."""
    return unicodedata.category(character)[0] in "LM"


def inside(text: str, start: int, end: int) -> bool:
    """Whether a letter stands directly before or behind."""
    return any(map(is_letter, text[max(start - 1, 0) : start] + text[end : end + 1]))


def script(name: str, texts: list[str]) -> list[Row]:
    """The rows of one script."""
    column = pa.array(sized(texts, MEGABYTES), pa.large_string())
    megabytes = pc.sum(pc.binary_length(column)).as_py() / 1e6
    few = [text.lower() for text in sized(texts, PEER_MEGABYTES)]
    peer_megabytes = sum(len(text.encode()) for text in few) / 1e6
    rows = []
    for count in (FEWER, TERMS):
        listed = terms(sized(texts, PEER_MEGABYTES), count)
        start = time.process_time()
        lexicon = Lexicon(listed)
        built = time.process_time() - start
        lexicon.match(column[:100])
        hits = lexicon.match(column).num_rows
        ours = rate(partial(lexicon.match, column), megabytes)
        note = f"{megabytes:.0f} MB, {hits:,} hits, boundaries and disguises seen; list read in {built:.2f} CPU-seconds"
        claim = f"{name}, {count:,} terms"
        bound = ">= 100" if count == TERMS else None
        bytewise = daachorse.DoubleArrayAhoCorasick([term.encode() for term in listed])
        as_bytes = [text.encode() for text in few]
        other = rate(partial(overlapping, bytewise, as_bytes), peer_megabytes, 2)
        rows.append(Row(claim, ours, "MB per CPU-second", bound, DAACHORSE, other, note))
        slow = rate(partial(counted, peer(listed), few), peer_megabytes, 1)
        beside = f"{claim}, beside the other"
        rows.append(Row(beside, ours, "MB per CPU-second", None, AHOCORASICK, slow, "peers look for no boundaries"))
    return [*rows, no_hit_inside(name, few, listed)]


def no_hit_inside(name: str, few: list[str], listed: list[str]) -> Row:
    """Hits with a letter directly before or behind them, ours and the peer's."""
    table = Lexicon(listed).match(pa.array(few))
    ours = 0
    for row, start, end in zip(*(table[column].to_pylist() for column in ("row", "start", "end")), strict=True):
        text = few[row].encode()
        ours += inside(few[row], len(text[:start].decode()), len(text[:end].decode()))
    theirs = sum(inside(*hit) for hit in peer_hits(peer(listed), few))
    note = f"of {table.num_rows:,} hits; {len(few):,} texts, {TERMS:,} terms"
    return Row(f"{name}: hits inside words", ours, "hits", "<= 0", AHOCORASICK, theirs, note)


def run() -> list[Row]:
    """All scripts; compilation is done beforehand."""
    Lexicon(["tulip"]).match(pa.array(["a tulip"]))
    rows = script("Latin", tweets("English"))
    rows += script("Cyrillic", tweets("Russian"))
    rows += script("Arabic", articles("ar"))
    return rows + script("Devanagari", articles("hi"))
