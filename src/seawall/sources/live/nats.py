"""NATS JetStream: a platform's own events from a subject of a stream, each exactly once by the stream's numbers.

A consumer without acknowledgements starts after the message that the checkpoint names: nothing is kept on the server,
and nothing is taken from other consumers. https://docs.nats.io/nats-concepts/jetstream/consumers
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from nats.aio.msg import Msg

from seawall.errors import ConfigurationError
from seawall.protocols import COVERAGE_SECONDS, LIVE_RECORDS, Ask, Connection, RawBatch, ReadOptions, Rights
from seawall.sources import steady
from seawall.sources.live.events import events, stated
from seawall.sources.live.http import HTTP_ASKS
from seawall.sources.live.nats_link import Link, StreamState
from seawall.sources.live.told_coverage import Stretch, coverage_alone, since_of, with_coverage

_WAIT_SECONDS = 5.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_API = "$JS.API."


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a stream was read."""

    made: str  # which stream of that name
    last: int | None  # the number of the last message; None = begin at ``until``
    until: datetime  # up to when it was said what is known

    def text(self) -> str:
        return json.dumps(
            {"v": 1, "made": self.made, "last": self.last, "until": (self.until - _EPOCH) // _MICROSECOND}
        )

    @staticmethod
    def read(checkpoint: str) -> _Place:
        try:
            told = json.loads(checkpoint)
            last = told["last"]
            until = _EPOCH + timedelta(microseconds=int(told["until"]))
            return _Place(str(told["made"]), None if last is None else int(last), until)
        except (ValueError, KeyError, TypeError, OverflowError):
            raise ConfigurationError(
                "This is no checkpoint of this source.", where="checkpoint", mend="Watch from the beginning."
            ) from None


class NatsLive:
    """Reads a subject of a stream; messages hold one event, or one a line."""

    name: ClassVar[str] = "nats"
    version: ClassVar[str] = "1"
    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("stream", "Name of the stream"),
        Ask("subject", "Subject to read, as club.events.> (empty: the whole stream)", default=""),
        Ask("user", "User that Seawall reads as (empty: the secret is a token)", default=""),
        Ask("secret", "Password of that user, or the token", secret=True, default=""),
        Ask("since", "From when on, as 2026-05-03 (empty: from now on)", default=""),
        *HTTP_ASKS,
    )

    async def check(self, connection: Connection) -> Rights:
        """What the stream holds and what the user may do; see ``LiveSource.check``."""
        since_of(connection)
        async with Link(connection) as link:
            state = await link.state()
            await link.consume({"opt_start_seq": state.last + 1})
            told = await link.rights()
        user = told.get("user")
        return Rights(
            identity=f"{'user ' + user if isinstance(user, str) else 'this user'}, stream {link.stream}",
            can=(f"Read the stream, which holds {state.messages:,} messages.",),
            missing=()
            if connection.options.visibility is not None
            else ("Events must tell their visibility: without it they are refused (or connect with --visibility).",),
            excess=_excess(told),
        )

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        """Batches as they come; see ``LiveSource.listen``."""
        since = since_of(connection)
        saved = None if checkpoint is None else _Place.read(checkpoint)
        async with Link(connection) as link:
            reading = _Reading(link, stated(connection))
            async for batch in reading.batches(saved, since):
                yield batch


class _Reading:
    """One stay in a stream."""

    def __init__(self, link: Link, options: ReadOptions) -> None:
        self._link = link
        self._options = options
        self._platform = options.platform or "nats"

    async def batches(self, saved: _Place | None, since: datetime | None) -> AsyncGenerator[RawBatch, None]:
        state = await self._link.state()
        place, missing = _beginning(saved, state, since)
        start = {"opt_start_time": place.until.isoformat()} if place.last is None else {"opt_start_seq": place.last + 1}
        await self._link.consume(start)
        if missing:
            yield coverage_alone(self._platform, place.text(), missing)
        due = 0.0
        mark: tuple[datetime, StreamState] | None = None
        while True:
            if mark is None and time.monotonic() >= due:
                mark = steady.now(), await self._link.state()
                if (gap := _gap(place, mark[1])) is not None:
                    place = _Place(place.made, mark[1].first - 1, gap.end)
                    yield coverage_alone(self._platform, place.text(), [gap])
            messages = await self._link.pull(0.0)
            if mark is not None and (not messages or (place.last or 0) >= mark[1].last):
                place, covered = _reached(place, *mark)
                yield coverage_alone(self._platform, place.text(), [covered])
                mark, due = None, time.monotonic() + COVERAGE_SECONDS / 2
            messages = messages or await self._link.pull(_WAIT_SECONDS)
            if not messages:
                continue
            skipped = await self._skipped(place, messages)
            for batch, at in self._told(messages, place, skipped):
                place = at
                yield batch

    async def _skipped(self, place: _Place, messages: Sequence[Msg]) -> Stretch | None:
        """What the stream dropped before these messages, if it did; numbers of other subjects are left out too."""
        first = messages[0].metadata
        if place.last is None or first.sequence.stream == place.last + 1:
            return None
        state = await self._link.state()
        if state.first <= place.last + 1:
            return None
        return Stretch(place.until, max(place.until, first.timestamp.astimezone(UTC)), complete=False)

    def _told(
        self, messages: Sequence[Msg], place: _Place, skipped: Stretch | None
    ) -> Iterator[tuple[RawBatch, _Place]]:
        """Batches of the events of messages, each with the place that is reached when it was given."""
        for group in _grouped(messages):
            lines = [line for _, found in group for line in found]
            marks = [f"{place.made}\0{number}\0{position}" for number, found in group for position in range(len(found))]
            until = place.until if skipped is None else skipped.end
            after = _Place(place.made, group[-1][0], until)
            for start in range(0, max(1, len(lines)), LIVE_RECORDS):
                part = slice(start, start + LIVE_RECORDS)
                at = after if start + LIVE_RECORDS >= len(lines) else place
                batch = events(lines[part], self._options, at.text(), marks=marks[part])
                yield (batch if skipped is None else with_coverage(batch, [skipped])), at
                skipped = None
            place = after


def _grouped(messages: Sequence[Msg]) -> Iterator[list[tuple[int, list[bytes]]]]:
    """Messages as (number in the stream, lines), together until they have LIVE_RECORDS lines."""
    group: list[tuple[int, list[bytes]]] = []
    size = 0
    for message in messages:
        lines = [line for line in message.data.split(b"\n") if line.strip()]
        if group and size + len(lines) > LIVE_RECORDS:
            yield group
            group, size = [], 0
        group.append((message.metadata.sequence.stream, lines))
        size += len(lines)
    if group:
        yield group


def _beginning(saved: _Place | None, state: StreamState, since: datetime | None) -> tuple[_Place, list[Stretch]]:
    """Where to begin, and what can never be read."""
    now = steady.now()
    if saved is None:
        if since is None:
            return _Place(state.made, state.last, now), []
        return _Place(state.made, None, since), _before_first(since, state, now)
    if saved.made != state.made or (saved.last or 0) > state.last:
        first = state.first_at if state.messages else now
        missing = Stretch(saved.until, max(saved.until, first), complete=False)
        return _Place(state.made, max(0, state.first - 1), missing.end), [missing]
    return saved, []


def _before_first(since: datetime, state: StreamState, now: datetime) -> list[Stretch]:
    """Time that is asked for and that the stream does not reach back to: it has dropped messages."""
    if state.first <= 1:
        return []
    return [Stretch(since, min(now, state.first_at) if state.messages else now, complete=False)]


def _gap(place: _Place, state: StreamState) -> Stretch | None:
    """What the stream has dropped before it was read."""
    if place.last is None or state.first <= place.last + 1:
        return None
    end = state.first_at if state.messages else steady.now()
    return Stretch(place.until, max(place.until, end), complete=False)


def _reached(place: _Place, now: datetime, state: StreamState) -> tuple[_Place, Stretch]:
    """The present is reached: all that the stream held at ``now`` was given."""
    last = state.last if place.last is None else max(place.last, state.last)
    end = max(now, place.until)
    return _Place(place.made, last, end), Stretch(place.until, end)


def _excess(told: Mapping[str, Any]) -> tuple[str, ...]:
    """What the user may send besides the requests that reading needs."""
    if not told:
        return ()
    permissions = told.get("permissions")
    publish = permissions.get("publish") if isinstance(permissions, dict) else None
    allowed = publish.get("allow") if isinstance(publish, dict) else None
    if isinstance(allowed, list) and all(str(one).startswith((_API, "$SYS.REQ.USER.INFO")) for one in allowed):
        return ()
    return (
        "Send messages to the platform's subjects; allow it only $JS.API.STREAM.INFO, .CONSUMER.CREATE, .MSG.NEXT.",
    )
