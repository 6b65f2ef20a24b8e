"""From a posted body to durable records: what the server's endpoint calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from seawall.protocols import Connection, LiveSource, RawBatch
from seawall.sources.live.push import PushSource
from seawall.watch.server import PushResult, Rejection, Submit

Take = Callable[[Connection, LiveSource, Sequence[RawBatch]], Awaitable[None]]
"""Takes batches in; done when they are durable. Raises BacklogError where too much waits."""


def submitting(connections: Mapping[str, Connection], take: Take) -> Submit:
    """What the server hands posted bodies to.

    Args:
        connections: those that are pushed to, by name.
        take: as ``Watcher.submit``.
    """
    source = PushSource()

    async def submit(name: str, body: bytes, key: str | None) -> PushResult:
        connection = connections[name]
        batches = await asyncio.to_thread(source.raw, connection, body, key=key)
        if batches:
            await take(connection, source, batches)
        reasons = tuple(Rejection(*told) for batch in batches for told in _rejections(batch))
        records = sum(batch.records for batch in batches)
        return PushResult(records - len(reasons), len(reasons), reasons)

    return submit


def _rejections(batch: RawBatch) -> list[tuple[int, str, str]]:
    columns = (batch.rejected[name].to_pylist() for name in ("position", "field", "reason"))
    return list(zip(*columns, strict=True))
