"""Lists of words and phrases, found in texts whatever their script, their case and their disguise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.cores import available, together
from seawall.measures.lexicon import reading
from seawall.measures.lexicon.matching import match_rows
from seawall.measures.lexicon.particles import with_particles
from seawall.measures.lexicon.results import hit_table, listed_ids, listed_texts, rejected_table, text_column
from seawall.measures.lexicon.tables import tables
from seawall.measures.lexicon.trie import CONFUSED, plant
from seawall.measures.text.text_buffers import TextBuffers, text_buffers

Flags = npt.NDArray[np.bool_]

_REASONS = {
    reading.EMPTY: "It is empty.",
    reading.LONG: f"It is longer than {reading.MOST_CHARACTERS} characters.",
    reading.MANY_WORDS: f"It has more than {reading.MOST_WORDS} words.",
    reading.NO_WORD: "It has no letter and no digit.",
    reading.ADDRESS: "It holds a link, an @name or a typed token, which no list of words matches.",
}
_SMALL = 1 << 20
"""Below this many bytes one core is faster than two."""


class Lexicon:
    """A list of words and phrases that is looked for in texts.

    A term is found where its words stand as whole words of Unicode (UAX 29), one after the other, with any white space,
    line break, punctuation or symbol between them. In scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer,
    Burmese, Tibetan) its letters are found wherever they stand side by side: see ``unspaced``. Words are compared
    without case, accents, invisible characters, look-alike letters and digits that stand for letters; a hit says
    whether it is written as the term is, or ``disguised``. Links, @names and typed tokens are never looked into. All
    hits are told, also those that overlap. Words are evidence against nobody: docs/explanation/known-words.md.

    Args:
        terms: strings; what cannot be a term is told in ``rejected``, never raised.
        ids: an id for each term; hits then name it.
        exact: whether terms are found only as they are written (but for case); one for all, or one for each.
        particles: whether an Arabic first word is also found with the article and what stands before it ("والحديقة").

    Attributes:
        rejected: table of line (int64, from 1) and reason (string).
        unspaced: int32, places of the terms that begin or end in a script without spaces: there no boundary of words
            is asked for, and they are found within longer words as well.

    Raises:
        MeasureError: terms is no list of strings, or ids or exact have another length.

    Source: token hashing of folded words into a tree of words, each hit verified letter by letter; no false hit comes
    from a hash. Word boundaries: Unicode Standard Annex 29.

    >>> import pyarrow as pa
    >>> lexicon = Lexicon(["tulip", "stolen bicycle", "...", "花园"])
    >>> lexicon.match(pa.array(["A Tu1ip, tulips, a stolen - bicycle", "我的花园"])).to_pylist() == [
    ...     {"row": 0, "term": 0, "start": 2, "end": 7, "disguised": True},
    ...     {"row": 0, "term": 1, "start": 19, "end": 35, "disguised": False},
    ...     {"row": 1, "term": 3, "start": 6, "end": 12, "disguised": False},
    ... ]
    True
    >>> lexicon, lexicon.rejected.to_pylist(), lexicon.unspaced.to_pylist()
    (<Lexicon: 3 terms, 1 rejected>, [{'line': 3, 'reason': 'It has no letter and no digit.'}], [3])
    """

    def __init__(
        self,
        terms: Sequence[str] | pa.Array,
        ids: Sequence[str] | pa.Array | None = None,
        *,
        exact: bool | Sequence[bool] = False,
        particles: bool = False,
    ) -> None:
        texts, odd = listed_texts(terms)
        self.ids = listed_ids(ids, len(texts))
        more, owners = _more_forms(texts) if particles else ([], [])
        lines = len(texts)
        self._owner = np.array([*range(lines), *owners], np.int64)
        self._exact = _each(exact, lines)[self._owner]
        forms = pa.concat_arrays([texts, pa.array(more, pa.large_string())])
        self._listed, became = reading.read_terms(text_buffers(forms), tables())
        self._trie, twin = plant(self._listed, lines)
        self.rejected = rejected_table(_reasons(became[:lines], twin[:lines], odd))
        self.unspaced = _open_ended(self._listed, lines)
        self._accepted = lines - len(self.rejected)

    def __len__(self) -> int:
        return self._accepted

    def __repr__(self) -> str:
        return f"<Lexicon: {len(self):,} terms, {len(self.rejected):,} rejected>"

    def match(self, texts: pa.Array | pa.ChunkedArray) -> pa.Table:
        """All hits, in the order of the texts and within a text by start and end.

        Args:
            texts: strings; null has no hits.

        Returns:
            row (int64, from 0), term (int32, place in the list from 0), start and end (int64, bytes of the text's
            UTF-8, the end excluded), disguised (bool); with ids also id (string).

        Raises:
            MeasureError: texts are no strings.
        """
        buffers = text_buffers(text_column(texts))
        search = partial(match_rows, *buffers, tables(), self._listed, self._trie, self._exact)
        hits = together([partial(search, rows) for rows in _shares(buffers)])
        for part in hits:
            part[1] = self._owner[part[1]]
        return hit_table(hits, self.ids)


def _shares(texts: TextBuffers) -> list[npt.NDArray[np.int64]]:
    """First and last row of each core's share, about as many bytes each."""
    begin, end = int(texts.offsets[0]), int(texts.offsets[-1])
    parts = available() if end - begin >= _SMALL else 1
    bounds = np.searchsorted(texts.offsets[:-1], np.linspace(begin, end, parts + 1)[1:-1])
    edges = [0, *bounds.tolist(), len(texts.valid)]
    return [np.array(edges[part : part + 2], np.int64) for part in range(parts)]


def _more_forms(texts: pa.Array) -> tuple[list[str], list[int]]:
    """Other forms of Arabic terms, and the place of the term that each belongs to."""
    arabic = pc.fill_null(pc.match_substring_regex(texts, r"^[\x{0620}-\x{064a}]"), fill_value=False)
    forms, owners = [], []
    for place in np.flatnonzero(arabic.to_numpy(zero_copy_only=False)).tolist():
        more = with_particles(texts[place].as_py())
        forms += more
        owners += [place] * len(more)
    return forms, owners


def _each(exact: bool | Sequence[bool], lines: int) -> Flags:
    if isinstance(exact, bool):
        return np.full(lines, exact)
    told = np.asarray(exact, np.bool_)
    if told.shape != (lines,):
        raise MeasureError(f"There are {lines} terms, but not as many values of exact.", mend="Give one for each term.")
    return told


def _reasons(became: npt.NDArray[np.uint8], twin: npt.NDArray[np.int32], odd: Flags) -> dict[int, str]:
    """Why lines were rejected."""
    reasons = {place: _REASONS[int(became[place])] for place in np.flatnonzero(became).tolist()}
    reasons |= {place: f"It is the same as line {twin[place] + 1}." for place in np.flatnonzero(twin >= 0).tolist()}
    reasons |= dict.fromkeys(np.flatnonzero(twin == CONFUSED).tolist(), "It cannot be told from another line.")
    return reasons | dict.fromkeys(np.flatnonzero(odd).tolist(), "It is not text.")


def _open_ended(listed: reading.Listed, lines: int) -> pa.Array:
    """Places of the terms whose first or last word is a letter of a script without spaces."""
    first, behind = listed.words[:lines], listed.words[1 : lines + 1]
    filled = np.flatnonzero(behind > first)
    open_ended = listed.alone[first[filled]] | listed.alone[behind[filled] - 1]
    return pa.array(filled[open_ended].astype(np.int32))
