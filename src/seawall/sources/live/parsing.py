"""Records that a live source fetched -> one raw batch, made by the source that reads the platform's exports.

A live source is a transport: what a record means is said in one place, whether it came from a file or just now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import InputError
from seawall.model import REJECTED, raw_table
from seawall.protocols import RawBatch, ReadOptions, Source
from seawall.sources.json_records import RECORD
from seawall.sources.memory import MemoryInput
from seawall.sources.raw_rows import RawRows

_RECORDS = ("messages", "interactions", "deletions", "rejected")
_NAME = "live.jsonl"


def parsed(source: Source, records: Sequence[bytes], options: ReadOptions, checkpoint: str) -> RawBatch:
    """One raw batch of all records, each a JSON text; ``position`` is a record's ordinal in the batch, from 1.

    Args:
        source: what reads the platform's exports.
        records: in the order in which they are told.
        options: as stated for the connection.
        checkpoint: where to resume after this batch.

    Raises:
        ConfigurationError: something must be stated that was not.
    """
    lines = [record.replace(b"\n", b" ").replace(b"\r", b" ") for record in records]
    whole = all(line.lstrip().startswith(b"{") for line in lines)  # a source may take a list for a file of its own
    told = _told(source, b"\n".join(lines), options) if whole else None
    if told is None or sum(batch.records for batch in told) != len(lines):
        told = [moved(_alone(source, line, options), place) for place, line in enumerate(lines)]
    return joined(told, options.platform or source.name, checkpoint)


def joined(batches: Sequence[RawBatch], platform: str, checkpoint: str) -> RawBatch:
    """One batch of several, whose positions must differ; of a channel that is told twice the last row counts."""
    if not batches:
        return RawRows(platform).batch(checkpoint)
    tables = {name: pa.concat_tables([getattr(batch, name) for batch in batches]) for name in (*_RECORDS, "coverage")}
    channels = pa.concat_tables([batch.channels for batch in batches])
    last = {channel: row for row, channel in enumerate(channels["channel_id"].to_pylist())}
    return RawBatch(
        platform=batches[0].platform,
        records=sum(batch.records for batch in batches),
        channels=channels.take(pa.array(sorted(last.values()), pa.int64())),
        ids_within_channel=batches[0].ids_within_channel,
        ids_name_accounts=batches[0].ids_name_accounts,
        checkpoint=checkpoint,
        assumptions=tuple(dict.fromkeys(sentence for batch in batches for sentence in batch.assumptions)),
        **tables,
    )


def _told(source: Source, content: bytes, options: ReadOptions) -> list[RawBatch] | None:
    """What the source makes of JSON lines; None where it takes them for something else."""
    if not content:
        return []
    try:
        return list(source.read(MemoryInput(_NAME, content), options))
    except InputError:
        return None


def _alone(source: Source, line: bytes, options: ReadOptions) -> RawBatch:
    """A record for itself, rejected if the source does not make exactly one of it."""
    told = _told(source, line, options)
    if told and len(told) == 1 and told[0].records == 1:
        return told[0]
    refused = raw_table(REJECTED, {"position": [1], "field": [RECORD], "reason": ["not one record of this platform"]})
    return replace(RawRows(options.platform or source.name).batch(""), records=1, rejected=refused)


def moved(batch: RawBatch, by: int) -> RawBatch:
    """The batch with all positions raised, for joining it behind another."""
    raised = {}
    for name in _RECORDS:
        table = getattr(batch, name)
        column = table.schema.get_field_index("position")
        positions = pc.add(table["position"], by)
        raised[name] = table.set_column(column, table.schema.field(column), positions)
    return replace(batch, **raised)
