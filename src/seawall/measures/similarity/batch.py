"""Which of many texts are copies or near-copies of one another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.cores import available, together
from seawall.measures.keys import Keys, Mask, Times, microseconds
from seawall.measures.similarity.languages import translations
from seawall.measures.similarity.linking import clustering
from seawall.measures.similarity.sent import NEVER
from seawall.measures.similarity.sketches import Collection, Indices, Sketches, sketched
from seawall.measures.similarity.slots import ABSENT, Slots
from seawall.measures.tables import as_table, require_columns
from seawall.measures.text.match_key import KeyTexts, key_texts
from seawall.measures.text.text_buffers import in_one_piece

BLOCK = 1 << 15
"""Rows whose match keys are held as text at one time, by each thread."""

LEAST_THRESHOLD = 0.5


def near_duplicates(texts: Any, *, threshold: float = 0.8, across_languages: bool = False) -> pa.Table:
    """Clusters of texts that are copies of one another, or nearly.

    Two texts are linked if they have one match key (``seawall.measures.text``), or if the Jaccard similarity of their
    shingles is at least ``threshold``: the part of their runs of three words (of five letters in scripts that put no
    spaces between words) that both have. A text too short for a run is near only to its equals. A cluster is what links
    connect, so two of its members may resemble one another less than the threshold. Candidates come from MinHash (see
    ``minhash``), and each link is verified exactly. The clusters do not depend on the order of rows.

    Args:
        texts: a table with ``id`` (any type), ``text`` (string), and perhaps ``at`` (when it was sent).
        across_languages: link likely translations, too, by a model (see ``languages``) that comes with
            ``seawall[embeddings]``; needs a column ``language``, and says much less than a verified link.
        threshold: from 0.5 to 1. Of the pairs above it .9998 are found at .8, .99 at .7, .89 at .6, .64 at .5.

    Returns:
        a row for each row, in their order: ``id``; ``cluster`` (string: the match key, as 16 hex digits, of the
        earliest text in it, of equals and without times the smallest key; null where a text has no letters or
        numbers of its own); ``similarity`` (float64: Jaccard similarity with that text, 1 for its copies).

    Raises:
        MeasureError: a column is missing, the threshold is out of reach, or across languages the model is not
            installed or the distinct texts are more than 5,000.

    >>> texts = pa.table({"id": [1, 2, 3, 4], "text": [
    ...     "Bring your tulips to the garden club on Sunday at ten, tea and cake for all who come to help us",
    ...     "bring your TULIPS to the garden club on Sunday at ten, tea and cake for all who come to help",
    ...     "The cycling club meets at the bridge",
    ...     "🌷"]})
    >>> found = near_duplicates(texts)
    >>> found["cluster"][0] == found["cluster"][1], found["cluster"][2] == found["cluster"][0]
    (True, False)
    >>> [round(similarity, 2) if similarity else None for similarity in sorted(found["similarity"].to_pylist()[:2])]
    [0.95, 1.0]
    >>> found["cluster"][3].as_py() is None
    True
    """
    check_threshold(threshold)
    rows = as_table(texts)
    require_columns(rows, ("id", "text", "language") if across_languages else ("id", "text"))
    slots = Slots(len(rows))
    numbers, sketches = sketched_rows(in_one_piece(rows["text"]), slots)
    first = None if "at" not in rows.column_names else _first_seen(rows["at"], numbers, len(slots))
    ties = _translations(rows, numbers, sketches, threshold) if across_languages else None
    found = clustering(sketches, threshold, first, ties)
    told = pa.array(numbers, mask=numbers == ABSENT)
    return pa.table(
        {
            "id": rows["id"],
            "cluster": hexadecimal(sketches.keys[found.anchors]).take(told),
            "similarity": pa.array(found.similarity).take(told),
        }
    )


def _translations(rows: pa.Table, numbers: Indices, sketches: Sketches, threshold: float) -> tuple[Indices, Indices]:
    """Sketches of one text of each cluster that are likely translations of one another."""
    anchors = np.unique(clustering(sketches, threshold).anchors)
    told = np.isin(numbers, anchors) & pc.is_valid(rows["language"]).to_numpy()
    chosen = rows.select(["language", "text"]).append_column("number", pa.array(numbers)).filter(pa.array(told))
    chosen = chosen.sort_by([(name, "ascending") for name in ("number", "language", "text")])
    number, first = np.unique(chosen["number"].to_numpy(), return_index=True)
    one_each = chosen.take(pa.array(first))
    ones, others = translations(one_each["text"].to_pylist(), one_each["language"].to_pylist())
    return number[ones], number[others]


def check_threshold(threshold: float) -> None:
    """Raise a MeasureError where a threshold is not from 0.5 to 1."""
    if not LEAST_THRESHOLD <= threshold <= 1.0:
        raise MeasureError(
            "A threshold of similarity must be from 0.5 to 1.",
            where="threshold",
            mend="Below 0.5 most pairs would be missed.",
        )


def sketched_rows(texts: pa.Array, slots: Slots) -> tuple[Indices, Sketches]:
    """The number of each row's match key (ABSENT without one), and sketches of the keys that are new to ``slots``."""
    numbers, collection = np.empty(len(texts), np.int64), Collection(len(texts))
    for starts in _blocks(len(texts)):
        keys = together([partial(key_texts, texts[start : start + BLOCK]) for start in starts])
        fresh = []
        for start, block in zip(starts, keys, strict=True):
            numbers[start : start + BLOCK], new = numbered(block, slots)
            fresh.append(new)
        for part in together([partial(sketched, *work) for work in zip(keys, fresh, strict=True)]):
            collection.add(part)
    return numbers, collection.sketches()


def numbered(block: KeyTexts, slots: Slots) -> tuple[Indices, Indices]:
    """The number of each row's key, and the first rows of those keys that are new."""
    return slots.add(block.hashes, np.diff(block.offsets) > 0)


def _blocks(rows: int) -> Iterator[range]:
    """Starts of as many blocks as there are cores, again and again."""
    step = BLOCK * available()
    for start in range(0, rows, step):
        yield range(start, min(start + step, rows), BLOCK)


def _first_seen(column: pa.ChunkedArray, numbers: Indices, count: int) -> Times:
    at, told = microseconds(column)
    chosen = numbers != ABSENT if told is None else (numbers != ABSENT) & told
    first = np.full(count, NEVER)
    np.minimum.at(first, numbers[chosen], at[chosen])
    return first


def hexadecimal(keys: Keys, told: Mask | None = None) -> pa.Array:
    """Keys as strings of 16 hex digits; null where a key is not told.

    >>> hexadecimal(np.array([255], np.uint64)).to_pylist()
    ['00000000000000ff']
    """
    digits = keys.astype(">u8").tobytes().hex().encode()
    offsets = np.arange(0, 16 * len(keys) + 1, 16, dtype=np.int32)
    valid = None if told is None else pa.py_buffer(np.packbits(told, bitorder="little"))
    return pa.Array.from_buffers(pa.string(), len(keys), [valid, pa.py_buffer(offsets), pa.py_buffer(digits)])
