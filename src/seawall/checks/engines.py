"""Does an engine keep its contract? It gives what the measure gives on all rows at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.checks.engine_measures import check_measures
from seawall.checks.engine_parts import check_parts
from seawall.checks.failure import expect
from seawall.protocols import Engine


class CountByKey:
    """The smallest measure there is: how many rows each key has."""

    columns: tuple[str, ...] = ("key",)
    key = "key"

    def prepare(self, rows: pa.Table) -> pa.Table:
        """The key alone."""
        return rows.select(["key"])

    def kernel(self, part: pa.Table) -> pa.Table:
        """Key and count."""
        return part.group_by("key").aggregate([([], "count_all")])

    def merge(self, parts: Any) -> pa.Table:
        """Counts of one key, added up."""
        sums = pa.concat_tables(parts).group_by("key").aggregate([("count_all", "sum")])
        return sums.rename_columns({"count_all_sum": "count_all"})

    def finalise(self, partial: pa.Table) -> pa.Table:
        """By key."""
        return partial.sort_by("key")


def check_engine(engine: Engine, *, gaps: Collection[str] = ()) -> None:
    """Run an engine through its contract.

    It has a name; counts right on many rows in many batches, with keys that are null, on batches of no rows and on no
    batch at all; gives each key to one kernel; passes on the measure's errors; and can run again. Its parts take every
    step with rows of every type of the lake (``seawall.checks.engine_parts``), and every measure of Seawall that reads
    the lake gives on it what it gives on one machine (``seawall.checks.engine_measures``).

    Args:
        engine: what is to be checked.
        gaps: names of measures that it cannot run; Seawall's own engines have none.

    Raises:
        CheckFailed: it breaks a part of the contract; the message says which.

    >>> from seawall.engine import LocalEngine
    >>> check_engine(LocalEngine())
    """
    check_one_step(engine)
    check_parts(engine)
    check_measures(engine, gaps)


def check_one_step(engine: Engine) -> None:
    """Run an engine through the contract of measures of one step (``Measure``), with the smallest there is.

    Raises:
        CheckFailed: as ``check_engine``.
    """
    where = f"engine {engine.name}"
    keys = pa.array([None if number % 97 == 0 else str(number % 50) for number in range(5_000)])
    rows = pa.table({"key": keys})
    for table, size in ((rows, 700), (rows, 5_000), (rows.slice(0, 1), 1), (rows.slice(0, 0), 1)):
        reader = table.to_reader(max_chunksize=size)
        counted = engine.run(CountByKey(), reader, total=len(table))
        expected = CountByKey().finalise(CountByKey().kernel(table))
        expect(counted.equals(expected), "It gives what the measure gives on all rows at once.", where)
    expect(_kernels_see_whole_keys(engine, rows), "Rows of one key stay together.", where)
    try:
        engine.run(_Refuses(), rows.to_reader())
    except _RefusedError:
        return
    expect(False, "An error of the measure comes through.", where)


class _OncePerKey(CountByKey):
    def merge(self, parts: Any) -> pa.Table:
        return pa.concat_tables(parts)


def _kernels_see_whole_keys(engine: Engine, rows: pa.Table) -> bool:
    found = engine.run(_OncePerKey(), rows.to_reader(max_chunksize=500))
    return bool(len(found) == pc.count_distinct(rows["key"], mode="all").as_py())


class _RefusedError(Exception):
    pass


class _Refuses(CountByKey):
    def kernel(self, part: pa.Table) -> pa.Table:
        raise _RefusedError
