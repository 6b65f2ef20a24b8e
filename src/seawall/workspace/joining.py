"""Raw batches of one connection as fewer, larger ones: cleaning a small batch costs nearly as much as a large one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import pyarrow as pa

from seawall.protocols import RawBatch

_POSITIONED = ("messages", "interactions", "deletions", "rejected")
_JOINED = (*_POSITIONED, "channels", "coverage", "records", "checkpoint", "assumptions")
_SAME = tuple(field.name for field in fields(RawBatch) if field.name not in _JOINED)
"""What holds for a batch as a whole: batches that differ here stay apart."""


def joined(batches: Sequence[RawBatch]) -> list[RawBatch]:
    """The same records in the same order in as few batches as can be.

    Batches stay apart where they differ in what holds for the whole (the platform), or tell different things of the
    same channel. Positions go on from batch to batch.
    """
    return [_join(run) for run in _runs(batches)]


def _runs(batches: Sequence[RawBatch]) -> Iterator[list[RawBatch]]:
    run: list[RawBatch] = []
    told: dict[str, Any] = {}
    for batch in batches:
        channels = {row["channel_id"]: row for row in batch.channels.to_pylist()}
        fits = all(told.get(channel, row) == row for channel, row in channels.items())
        if run and not (fits and all(getattr(batch, name) == getattr(run[0], name) for name in _SAME)):
            yield run
            run, told = [], {}
        run.append(batch)
        told.update(channels)
    if run:
        yield run


def _join(run: Sequence[RawBatch]) -> RawBatch:
    if len(run) == 1:
        return run[0]
    starts = [0]
    for batch in run[:-1]:
        starts.append(starts[-1] + batch.records)
    tables = {
        name: pa.concat_tables([_moved(getattr(batch, name), start) for batch, start in zip(run, starts, strict=True)])
        for name in _POSITIONED
    }
    return replace(
        run[0],
        records=sum(batch.records for batch in run),
        channels=_each_once(pa.concat_tables([batch.channels for batch in run])),
        coverage=pa.concat_tables([batch.coverage for batch in run]),
        checkpoint=next((batch.checkpoint for batch in reversed(run) if batch.checkpoint is not None), None),
        assumptions=tuple(dict.fromkeys(sentence for batch in run for sentence in batch.assumptions)),
        **tables,
    )


def _moved(table: pa.Table, by: int) -> pa.Table:
    """Rows whose positions go on after those of the batches before."""
    if not by or not table.num_rows:
        return table
    place = table.schema.get_field_index("position")
    moved = pa.array(table.column("position").to_numpy() + by)
    return table.set_column(place, table.schema.field(place), moved)


def _each_once(channels: pa.Table) -> pa.Table:
    first: dict[str, int] = {}
    for row, channel in enumerate(channels.column("channel_id").to_pylist()):
        first.setdefault(channel, row)
    return channels.take(pa.array(first.values(), pa.int64()))
