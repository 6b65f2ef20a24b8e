"""Measures and kernels that tests send to workers."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from seawall.checks.engines import CountByKey


def same(rows: pa.Table) -> pa.Table:
    """As they came."""
    return rows


def counted(rows: pa.Table) -> pa.Table:
    """How many rows each key of a part has."""
    return rows.group_by("key").aggregate([([], "count_all")])


def matched(ours: pa.Table, theirs: pa.Table) -> pa.Table:
    """Rows of two sides with the same key."""
    return ours.join(theirs, "key", join_type="inner")


def those_of(rows: pa.Table, few: pa.Table) -> pa.Table:
    """Rows whose key is in a table."""
    return rows.filter(pc.is_in(rows["key"], few["key"].combine_chunks()))


def unlucky(rows: pa.Table) -> pa.Table:
    """Refuses what it is given, and quotes it."""
    if not len(rows):
        return rows
    raise ValueError(f"could not read {rows['key'][0].as_py()}")


def out_of_memory(rows: pa.Table) -> pa.Table:
    """What happens where a part is too big."""
    if not len(rows):
        return rows
    raise MemoryError


def ended(rows: pa.Table) -> pa.Table:
    """Ends the process in which it runs."""
    if len(rows):
        os._exit(9)
    return rows


@dataclass(frozen=True)
class FailsFirst:
    """Fails the first time that it is run on a part, in each folder of marks."""

    marks: Path

    def __call__(self, rows: pa.Table) -> pa.Table:
        """The rows, at the second try."""
        if len(rows):
            mark = self.marks / str(pc.min(rows["key"]).as_py())
            if not mark.exists():
                mark.touch()
                raise OSError
        return rows


@dataclass(frozen=True)
class UntilSeen:
    """Holds its rows back until a mark is there, for at most two minutes."""

    mark: Path
    tries: int = 1200

    def __call__(self, rows: pa.Table) -> pa.Table:
        """The rows, as soon as the mark is there."""
        for _ in range(self.tries):
            if not len(rows) or self.mark.exists():
                return rows
            time.sleep(0.1)
        raise TimeoutError


@dataclass(frozen=True)
class SlowCount(CountByKey):
    """Counts, and takes its time; it leaves a mark where it works."""

    marks: Path
    seconds: float = 0.3

    def kernel(self, part: pa.Table) -> pa.Table:
        """Counts of a part."""
        if len(part):
            (self.marks / f"{time.time_ns()}-{Path.cwd().as_posix().replace('/', '_')}").touch()
            time.sleep(self.seconds)
        return super().kernel(part)
