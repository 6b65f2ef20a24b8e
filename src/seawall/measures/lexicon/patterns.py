"""Patterns that people write, matched by RE2: in time linear in the text, within a given memory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import re2

from seawall.measures.lexicon.results import hit_table, listed_ids, listed_texts, rejected_table, text_column

MOST_BYTES = 1 << 20
"""Memory for one pattern, unless told otherwise."""
MOST_PATTERNS = 1_000
MOST_CHARACTERS = 1_000

_ASCII_ONLY = re.compile(r"(?<!\\)(?:\\\\)*\\[bBwW]")


class Patterns:
    r"""A list of regular expressions in the syntax of RE2 (no look-around, no back-references).

    Case counts unless a pattern begins with ``(?i)``. The longest ones first or last make no difference: each pattern's
    hits are told, from left to right and not overlapping one another. ``\b`` and ``\w`` know ASCII only in RE2, so a
    pattern that has them beside other letters is refused rather than left to fail silently; use a Lexicon for words.

    Args:
        patterns: strings; what is no pattern is told in ``rejected``, never raised.
        ids: an id for each; hits then name it.
        max_mem: bytes that one compiled pattern may take, at most 8 MiB.

    Attributes:
        rejected: table of line (int64, from 1) and reason (string).

    Raises:
        MeasureError: patterns is no list of strings, or ids has another length.

    >>> import pyarrow as pa
    >>> patterns = Patterns(["(?i)throw +slugs?", "(unclosed"])
    >>> patterns.match(pa.array(["Do not throw  slug!"])).to_pylist()
    [{'row': 0, 'term': 0, 'start': 7, 'end': 18, 'disguised': False}]
    >>> patterns.rejected.to_pylist()
    [{'line': 2, 'reason': 'RE2 cannot read it: missing ).'}]
    """

    def __init__(
        self,
        patterns: Sequence[str] | pa.Array,
        ids: Sequence[str] | pa.Array | None = None,
        *,
        max_mem: int = MOST_BYTES,
    ) -> None:
        texts, odd = listed_texts(patterns)
        self.ids = listed_ids(ids, len(texts))
        self._compiled: dict[int, Any] = {}
        reasons = dict.fromkeys(np.flatnonzero(odd).tolist(), "It is not text.")
        for line, pattern in enumerate(texts.to_pylist()):
            if line in reasons:
                continue
            reason = _reason_against(pattern, len(self._compiled))
            compiled, refused = (None, reason) if reason else _compiled(pattern, max_mem)
            if refused:
                reasons[line] = refused
            else:
                self._compiled[line] = compiled
        self.rejected = rejected_table(reasons)

    def __len__(self) -> int:
        return len(self._compiled)

    def __repr__(self) -> str:
        return f"<Patterns: {len(self):,} patterns, {len(self.rejected):,} rejected>"

    def match(self, texts: pa.Array | pa.ChunkedArray) -> pa.Table:
        """All hits, as ``Lexicon.match`` tells them; none is disguised, and none is empty.

        Args:
            texts: strings; null has no hits.

        Raises:
            MeasureError: texts are no strings.
        """
        column = text_column(texts)
        hits: list[tuple[int, int, int, int, int]] = []
        for line, compiled in self._compiled.items():
            possible = pc.fill_null(pc.match_substring_regex(column, compiled.pattern), fill_value=False)
            for row in np.flatnonzero(possible.to_numpy(zero_copy_only=False)).tolist():
                spans = (found.span() for found in compiled.finditer(column[row].as_py().encode()))
                hits += [(row, line, start, end, 0) for start, end in spans if start < end]
        hits.sort(key=lambda hit: (hit[0], hit[2], hit[3], hit[1]))
        return hit_table([np.array(hits, np.int64).reshape(-1, 5).T], self.ids)


def _reason_against(pattern: str | None, accepted: int) -> str | None:
    """Why a line is refused before it is compiled."""
    if not pattern or pattern.isspace():
        return "It is empty."
    if len(pattern) > MOST_CHARACTERS:
        return f"It is longer than {MOST_CHARACTERS} characters."
    if not pattern.isascii() and _ASCII_ONLY.search(pattern):
        return r"\b and \w know ASCII letters only: use \pL, or list the word in a lexicon."
    if accepted >= MOST_PATTERNS:
        return f"There are more than {MOST_PATTERNS} patterns."
    return None


def _compiled(pattern: str, max_mem: int) -> tuple[Any, str | None]:
    options = re2.Options()
    options.max_mem, options.log_errors, options.never_capture = max_mem, False, True
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        return None, f"RE2 cannot read it: {_without_pattern(error)}."
    if compiled.search(b"") is not None:
        return None, "It matches the empty text."
    return compiled, None


def _without_pattern(error: Exception) -> str:
    """What RE2 says of a pattern, without the piece that it quotes."""
    told = error.args[0]
    return (told.decode(errors="replace") if isinstance(told, bytes) else str(told)).partition(":")[0]
