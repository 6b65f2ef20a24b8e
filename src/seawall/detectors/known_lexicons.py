"""Listed phrases and words in a form that is looked for at once, the same one on several lists among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from seawall.measures.lexicon import Lexicon


class Lexicons:
    """Terms under ids. A lexicon refuses a term that it has already, so each further one goes into the next lexicon.

    Args:
        terms: id -> phrase or word.

    Attributes:
        refused: id -> why it cannot be looked for.

    >>> listed = Lexicons({"I-1": "dig up", "I-2": "Dig  up", "I-3": "..."})
    >>> [(row, id_) for row, id_, *_ in listed.match(pa.array(["They dig up beds."]))]
    [(0, 'I-1'), (0, 'I-2')]
    >>> listed.refused
    {'I-3': 'It has no letter and no digit.'}
    """

    def __init__(self, terms: Mapping[str, str]) -> None:
        self._levels: list[tuple[Lexicon, list[str]]] = []
        self.refused: dict[str, str] = {}
        rest = dict(terms)
        while rest:
            ids = list(rest)
            lexicon = Lexicon(list(rest.values()))
            told = lexicon.rejected.to_pylist()
            self.refused = {ids[one["line"] - 1]: one["reason"] for one in told}
            if len(self.refused) == len(rest):
                break
            self._levels.append((lexicon, ids))
            rest = {id_: rest[id_] for id_ in self.refused}

    def match(self, texts: pa.Array) -> Iterator[tuple[int, str, int, int, bool]]:
        """Row, id, first byte, the byte behind the last, and whether it is disguised, of each hit."""
        for lexicon, ids in self._levels:
            spans = lexicon.match(texts)
            columns = (spans[name].to_pylist() for name in ("row", "term", "start", "end", "disguised"))
            for row, term, start, end, disguised in zip(*columns, strict=True):
                yield row, ids[term], start, end, disguised
