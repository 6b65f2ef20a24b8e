"""In what context hits stand: said by the message itself, quoted, or reported."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.lexicon.quotations import quotations
from seawall.measures.lexicon.reports import Span, report_forms, reported
from seawall.measures.lexicon.results import text_column

PLAIN, QUOTED, REPORTED = "plain", "quoted", "reported"


def context(
    texts: pa.Array | pa.ChunkedArray,
    rows: pa.Array | Sequence[int],
    starts: pa.Array | Sequence[int],
    ends: pa.Array | Sequence[int],
) -> pa.Array:
    """For each hit, whether the message says it itself ("plain"), quotes it, or reports it.

    Quoted: inside closed quotation marks of any script, a block quote, code, or quoted markup, in a message that has
    three words of its own besides. Reported: in a sentence that names who said or did it, or talks about the word, or
    is the headline of a linked article; without first or second person and without an exclamation mark. In doubt it is
    plain. A context may lower the rank of a hit and never raises it: whoever wants to be overlooked can use quotation
    marks too. No hashtag and no opinion is looked at.

    Args:
        texts: strings, the same as were matched.
        rows: whole numbers, the row of each hit.
        starts: whole numbers, the first byte of each hit in its text's UTF-8.
        ends: whole numbers, the byte behind its last.

    Returns:
        string: "plain", "quoted" or "reported" for each hit.

    Raises:
        MeasureError: texts are no strings, the columns differ in length, or a hit lies outside of its text.

    >>> import pyarrow as pa
    >>> from seawall.measures import Lexicon
    >>> texts = pa.array(["Throw slugs at them", "Who writes “throw slugs” is wrong", "Police said riders throw slugs"])
    >>> hits = Lexicon(["throw slugs"]).match(texts)
    >>> context(texts, hits["row"], hits["start"], hits["end"]).to_pylist()
    ['plain', 'quoted', 'reported']
    """
    column = text_column(texts)
    spans = _spans(column, rows, starts, ends)
    used = sorted({row for row, _, _ in spans})
    some = column.take(pa.array(used, pa.int64()))
    told = dict(zip(used, zip(some.to_pylist(), report_forms(some), strict=True), strict=True))
    quoted = {row: _quoted_bytes(text) for row, (text, _) in told.items()}
    found = []
    for row, start, end in spans:
        text, forms = told[row]
        if any(begin <= start and end <= stop for begin, stop in quoted[row]):
            found.append(QUOTED)
        else:
            found.append(REPORTED if reported(text.encode(), (start, end), forms, quoted[row]) else PLAIN)
    return pa.array(found, pa.string())


def _spans(column: pa.Array, *told: Any) -> list[tuple[int, int, int]]:
    rows, starts, ends = (_numbers(numbers) for numbers in told)
    if not len(rows) == len(starts) == len(ends):
        raise MeasureError("Rows, starts and ends differ in length.", mend="Give one of each for every hit.")
    if len(rows):
        sizes = np.append(pc.fill_null(pc.binary_length(column), -1).to_numpy(zero_copy_only=False), -1)
        inside = (rows >= 0) & (rows < len(column))
        inside &= (starts >= 0) & (starts <= ends) & (ends <= sizes[np.where(inside, rows, -1)])
        if not inside.all():
            place = int(np.flatnonzero(~inside)[0])
            raise MeasureError(
                "A hit lies outside of its text.", where=f"hit {place + 1}", mend="Give the matched texts."
            )
    return list(zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True))


def _numbers(numbers: pa.Array | pa.ChunkedArray | Sequence[int]) -> npt.NDArray[np.int64]:
    told = numbers.to_numpy(zero_copy_only=False) if isinstance(numbers, pa.Array) else np.asarray(numbers)
    return told.astype(np.int64)


def _quoted_bytes(text: str) -> list[Span]:
    """The quotations of a text as bytes from and to."""
    places = quotations(text)
    if not places:
        return []
    before = [0, *accumulate(len(character.encode()) for character in text)]
    return [(before[start], before[end]) for start, end in places]
