"""What the lake holds about one person, for that person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.aggregates import view_of
from seawall.lake.home import Home
from seawall.lake.people import pseudonyms_of
from seawall.lake.schemas import from_stored
from seawall.lake.views import Moment
from seawall.model import TABLES

_OWN = {
    "messages": ("account_id",),
    "interactions": ("source_account", "target_account"),
    "accounts": ("account_id",),
    "aliases": ("handle_key", "account_id"),
}


def subject(home: Home, account: str) -> dict[str, pa.Table]:
    """See ``Lake.subject``."""
    moment = Moment(home)
    pseudonyms = pa.array(sorted(pseudonyms_of(home.table("aliases"), [account])), pa.string())
    found = {
        table: _matching(_rows(moment, table), TABLES[table], columns, pseudonyms) for table, columns in _OWN.items()
    }
    found["revisions"] = _matching(
        (
            from_stored(batch, TABLES["messages"])
            for batch in moment.scan("messages", TABLES["messages"].names, edits=True)
        ),
        TABLES["messages"],
        ("account_id",),
        pseudonyms,
    )
    own = found["messages"].column("message_id").combine_chunks()
    found["deletions"] = _matching(_rows(moment, "deletions"), TABLES["deletions"], ("message_id",), own)
    found["mentioned_in"] = _mentions(moment, pseudonyms)
    return found


def _rows(moment: Moment, table: str) -> pa.RecordBatchReader:
    return view_of(moment, table, TABLES[table].names).reader()


def _matching(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, columns: Sequence[str], values: pa.Array
) -> pa.Table:
    kept = []
    for batch in batches:
        hit = pc.is_in(batch.column(columns[0]), value_set=values)
        for name in columns[1:]:
            hit = pc.or_(hit, pc.is_in(batch.column(name), value_set=values))
        kept.append(batch.filter(hit))
    return pa.Table.from_batches(kept, schema=schema)


def _mentions(moment: Moment, pseudonyms: pa.Array) -> pa.Table:
    """Other people's messages that mention the person: which and when, not what they say or who wrote them."""
    schema = pa.schema([TABLES["messages"].field(name) for name in ("message_id", "sent_at")])
    kept = []
    for batch in view_of(moment, "messages", ["message_id", "sent_at", "mentions"]).reader():
        mentions = batch.column("mentions")
        hit = pc.is_in(pc.list_flatten(mentions), value_set=pseudonyms)
        rows = pc.unique(pc.list_parent_indices(mentions).filter(hit))
        kept.append(batch.select(schema.names).take(rows))
    return pa.Table.from_batches(kept, schema=schema)
