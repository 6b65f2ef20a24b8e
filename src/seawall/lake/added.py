"""Which rows have come since: for whoever keeps a state beside the lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.schemas import from_stored
from seawall.lake.views import Moment
from seawall.model import TABLES


@dataclass(frozen=True, slots=True)
class Added:
    """Rows of committed batches as they were written: revisions beside first rows, nothing folded.

    ``mark`` says up to which number of each feed they reach.
    """

    tables: Mapping[str, pa.Table]
    mark: Mapping[str, int]


def added_after(folder: Path, mark: Mapping[str, int], tables: Sequence[str]) -> Added:
    """The rows of the batches whose number is above what ``mark`` says of their feed (0 where it says nothing)."""
    moment = Moment(folder)
    known = moment.table("batches", ["batch", "feed", "number"])
    feeds, numbers = known["feed"].to_pylist(), known["number"].to_pylist()
    fresh = [number > mark.get(feed, 0) for feed, number in zip(feeds, numbers, strict=True)]
    wanted = pc.unique(known["batch"].filter(pa.array(fresh, pa.bool_())))
    reached = dict(mark)
    for feed, number in zip(feeds, numbers, strict=True):
        reached[feed] = max(number, reached.get(feed, 0))
    return Added({name: _rows(moment, name, wanted) for name in tables}, reached)


def _rows(moment: Moment, table: str, batches: pa.Array) -> pa.Table:
    schema = TABLES[table]
    if not len(batches):
        return schema.empty_table()
    found = [
        from_stored(batch.filter(pc.is_in(batch["batch"], value_set=batches)), schema)
        for edits in (False, True)
        for batch in moment.scan(table, schema.names, edits=edits)
    ]
    return pa.Table.from_batches(found, schema=schema)
