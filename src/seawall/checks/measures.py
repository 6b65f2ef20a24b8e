"""Does a measure keep its contract? Any split of the rows gives the same result."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from seawall.checks.failure import expect
from seawall.engine.cutting import cut
from seawall.protocols import Measure


def check_measure(measure: Measure, rows: pa.Table, *, same: Callable[[Any, Any], bool] | None = None) -> None:
    """Run a measure through its contract on some rows.

    It can be pickled and changes nothing in its input; ``prepare`` works row by row; the result does not depend on
    how rows with one key are kept together, on the order of the parts, or on how they are merged.

    Args:
        measure: what is to be checked.
        rows: a table with the measure's columns, some thousand rows at most.
        same: whether two results are the same; None = ``seawall.checks.measures.same_result``.

    Raises:
        CheckFailed: it breaks a part of the contract; the message says which.
    """
    where = f"measure {type(measure).__name__}"
    same = same or same_result
    expect(pickle.loads(pickle.dumps(measure)) == measure, "It can be pickled.", where)  # noqa: S301 - made here
    before = pickle.dumps(rows)
    prepared = measure.prepare(rows)
    expect(measure.key in prepared.column_names, "Prepared rows have the key.", where)
    halves = [measure.prepare(rows.slice(0, len(rows) // 2)), measure.prepare(rows.slice(len(rows) // 2))]
    expect(pa.concat_tables(halves).equals(prepared), "prepare works row by row.", where)
    whole = measure.finalise(measure.merge([measure.kernel(prepared)]))
    for parts in (2, 7):
        partials = [measure.kernel(part) for part in cut(prepared, (measure.key,), parts)]
        expect(same(whole, measure.finalise(measure.merge(partials))), "Any split gives the same result.", where)
        random.Random(parts).shuffle(partials)  # noqa: S311 - not a secret
        nested = measure.merge([measure.merge(partials[:1]), measure.merge(partials[1:])])
        expect(same(whole, measure.finalise(nested)), "merge is associative, in any order.", where)
    expect(pickle.dumps(rows) == before, "It does not change its input.", where)


def same_result(first: Any, second: Any) -> bool:
    """Whether two results hold the same tables: Arrow tables as they are, networks by their edges."""
    if hasattr(first, "edges"):
        return bool(first.edges.equals(second.edges))
    return bool(first.equals(second)) if isinstance(first, pa.Table) else bool(first == second)
