"""What every live source must keep to, whichever platform it watches."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from seawall.checks.failure import expect
from seawall.checks.sources import check_batches
from seawall.errors import ConfigurationError
from seawall.protocols import LIVE_RECORDS, Connection, LiveSource, RawBatch

__all__ = ["check_live_source"]

_LONGEST_CHECKPOINT = 1 << 20
_CLOSING_SECONDS = 5.0
_MOST_RESUMPTIONS = 4
_STRANGE_CHECKPOINTS = ("", "beans", "{}", "[7]")
_MESSAGE_COLUMNS = ("message_id", "edited_at", "text")
_OTHERS = {"interactions": ("interaction_id", "at", "kind"), "deletions": ("message_id",)}

_Told = set[tuple[Any, ...]]


def check_live_source(source: LiveSource, connection: Connection, *, seconds: float = 30.0) -> None:
    """Check a live source against the contract of ``protocols.LiveSource``, on a server where nobody writes meanwhile.

    It is listened to from the beginning that the connection's settings tell until it says that it has reached the
    present, and again from several of its checkpoints.

    Args:
        source: the source.
        connection: to a server that holds something from its beginning on.
        seconds: the longest that each listening may take.

    Raises:
        CheckFailed: it breaks the contract; the message says how.
        ConnectError: the server does not answer.
    """
    asyncio.run(_check(source, connection, seconds))


async def _check(source: LiveSource, connection: Connection, seconds: float) -> None:
    where = f"live source {source.name}"
    names = [ask.name for ask in source.asks]
    expect(
        len(set(names)) == len(names) and all(ask.question for ask in source.asks), "It asks each thing once.", where
    )
    rights = await source.check(connection)
    expect(bool(rights.identity and rights.can), "It says whose the token is, and what it may read.", where)
    expect(not _holds_secret(str(rights), connection), "No secret is in what it says of its rights.", where)
    first = await _heard(source, connection, None, seconds, where)
    expect(any(batch.records for batch in first), "It gives what the server holds from its beginning.", where)
    for number in range(0, len(first), -(-len(first) // _MOST_RESUMPTIONS)):
        again = await _heard(source, connection, first[number].checkpoint, seconds, where)
        missing = _told(first[number + 1 :]) - _told(again)
        expect(
            not missing, "Listening from a checkpoint gives everything that came after it.", f"{where}, {number + 1}"
        )
    for strange in _STRANGE_CHECKPOINTS:
        await _check_strange(source, connection, strange, where)


async def _heard(
    source: LiveSource, connection: Connection, checkpoint: str | None, seconds: float, where: str
) -> list[RawBatch]:
    """Batches until the source says that nothing is missing."""
    batches: list[RawBatch] = []
    listening = source.listen(connection, checkpoint)
    try:
        async with asyncio.timeout(seconds), aclosing(listening) as coming:
            async for batch in coming:
                _check_batch(batch, connection, where)
                batches.append(batch)
                if any(batch.coverage["complete"].to_pylist()):
                    break
    except TimeoutError:
        expect(False, f"It says within {seconds:.0f} seconds that it has reached the present.", where)
    async with asyncio.timeout(_CLOSING_SECONDS):
        await listening.aclose()
    return batches


def _check_batch(batch: RawBatch, connection: Connection, where: str) -> None:
    check_batches([batch], where)
    expect(batch.records <= LIVE_RECORDS, f"A batch has at most {LIVE_RECORDS:,} records.", where)
    checkpoint = batch.checkpoint or ""
    expect(bool(checkpoint), "Every batch carries a checkpoint.", where)
    expect(len(checkpoint) <= _LONGEST_CHECKPOINT, "A checkpoint is at most 1 MB long.", where)
    expect(not _holds_secret(checkpoint, connection), "No secret is in a checkpoint.", where)
    expect(set(batch.coverage["how"].to_pylist()) <= {"watched"}, "Coverage of a live source is watched.", where)


async def _check_strange(source: LiveSource, connection: Connection, checkpoint: str, where: str) -> None:
    listening = source.listen(connection, checkpoint)
    try:
        async with asyncio.timeout(_CLOSING_SECONDS), aclosing(listening) as coming:
            await anext(coming)
    except ConfigurationError:
        return
    except TimeoutError:
        pass
    expect(False, "A checkpoint of something else is refused with a ConfigurationError.", where)


def _told(batches: list[RawBatch]) -> _Told:
    found: _Told = set()
    for batch in batches:
        for name, columns in {"messages": _MESSAGE_COLUMNS, **_OTHERS}.items():
            rows = getattr(batch, name).select(list(columns)).to_pylist()
            found |= {(name, *(row[column] for column in columns)) for row in rows}
    return found


def _holds_secret(text: str, connection: Connection) -> bool:
    return any(secret and secret in text for secret in connection.secrets.values())
