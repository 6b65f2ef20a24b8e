"""Which rows have come since: for whoever keeps a state beside the lake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.home import Home
from seawall.lake.schemas import KEYED, from_stored
from seawall.lake.views import Moment
from seawall.model import TABLES


@dataclass(frozen=True, slots=True)
class Added:
    """Rows of committed batches as they were written: revisions beside first rows, nothing folded.

    ``mark`` says up to which number of each feed they reach; ``revised`` how many of the interactions, the last ones,
    are those of revisions, of the same interaction the latest last.
    """

    tables: Mapping[str, pa.Table]
    mark: Mapping[str, int]
    revised: int = 0


def added_after(home: Home, mark: Mapping[str, int], tables: Sequence[str]) -> Added:
    """The rows of the batches whose number is above what ``mark`` says of their feed (0 where it says nothing)."""
    moment = Moment(home)
    known = moment.table("batches", ["batch", "feed", "number"])
    feeds, numbers = known["feed"].to_pylist(), known["number"].to_pylist()
    fresh = [number > mark.get(feed, 0) for feed, number in zip(feeds, numbers, strict=True)]
    wanted = pc.unique(known["batch"].filter(pa.array(fresh, pa.bool_())))
    reached = dict(mark)
    for feed, number in zip(feeds, numbers, strict=True):
        reached[feed] = max(number, reached.get(feed, 0))
    found = {name: [_rows(moment, name, wanted, edits=edits) for edits in (False, True)] for name in tables}
    revised = found["interactions"][1].num_rows if "interactions" in found else 0
    return Added({name: pa.concat_tables(parts) for name, parts in found.items()}, reached, revised)


def as_written(home: Home, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """All rows of committed batches as they were written, first rows before revisions; a stream."""
    moment = Moment(home)
    schema = pa.schema([TABLES[table].field(name) for name in columns])
    for edits in (False, True):
        for batch in moment.scan(table, columns, edits=edits):
            yield from_stored(batch, schema)


def written(home: Home, table: str) -> int:
    """How many rows ``as_written`` gives, about: rows of an unfinished batch count too."""
    return sum(file.rows for file in Moment(home).snapshot(table).files)


def _rows(moment: Moment, table: str, batches: pa.Array, *, edits: bool) -> pa.Table:
    """First rows, or later revisions in the order of their edits."""
    schema = TABLES[table]
    if not len(batches):
        return schema.empty_table()
    names = [*schema.names, *(["edited_key"] if edits and table in KEYED else [])]
    found = [
        batch.filter(pc.is_in(batch["batch"], value_set=batches)) for batch in moment.scan(table, names, edits=edits)
    ]
    if "edited_key" in names and found:
        stored = pa.Table.from_batches(found)
        found = stored.take(pc.sort_indices(stored, [("edited_key", "ascending")])).to_batches()
    return pa.Table.from_batches([from_stored(batch, schema) for batch in found], schema=schema)
