"""Whether a listed word or link stands in a message plainly, in a quotation, or in a report about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.lexicon.context import context
from seawall.model import CONTEXTS

PLAIN = CONTEXTS[0]


def contexts_of_words(texts: pa.Array, spans: Sequence[tuple[int, int, int]]) -> list[str]:
    """The context of each span: row, first byte, and the byte behind the last."""
    if not spans:
        return []
    rows, starts, ends = (pa.array(column, pa.int64()) for column in zip(*spans, strict=True))
    found: list[str] = context(texts, rows, starts, ends).to_pylist()
    return found


def contexts_of_links(texts: pa.Array, rows: npt.NDArray[np.int64], hosts: Sequence[str]) -> list[str]:
    """The context of a link in each of these rows, by where its host stands in the text.

    A link that the text does not name (told beside it, or under another spelling) stands plainly.
    """
    chosen = texts.take(pa.array(rows))
    spans = [
        (line, start, end)
        for line, (text, host) in enumerate(zip(chosen.to_pylist(), hosts, strict=True))
        for start, end in _spans((text or "").encode(), host.encode())
    ]
    best: dict[int, str] = {}
    for (line, _, _), told in zip(spans, contexts_of_words(chosen, spans), strict=True):
        best[line] = min(best.get(line, told), told, key=CONTEXTS.index)
    return [best.get(line, PLAIN) for line in range(len(hosts))]


def _spans(text: bytes, host: bytes) -> Iterator[tuple[int, int]]:
    small, at = text.lower(), 0
    while host and (at := small.find(host, at)) >= 0:
        yield at, at + len(host)
        at += len(host)
