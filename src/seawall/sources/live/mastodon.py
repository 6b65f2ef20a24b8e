"""Mastodon while it happens, with a token that only reads: the streaming interface, and REST for what was missed.

Interfaces: https://docs.joinmastodon.org/methods/streaming/ and https://docs.joinmastodon.org/methods/timelines/.
Whatever the reading account has muted, blocked or filtered, by language too, the server leaves out.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import ClassVar

from seawall.protocols import Ask, Connection, RawBatch, Rights
from seawall.sources.live.mastodon_absence import Absence
from seawall.sources.live.mastodon_api import PRODUCT, Api
from seawall.sources.live.mastodon_place import Place
from seawall.sources.live.mastodon_records import Records
from seawall.sources.live.mastodon_reports import Reports
from seawall.sources.live.mastodon_rights import rights_of
from seawall.sources.live.mastodon_settings import Settings
from seawall.sources.live.mastodon_watch import Watch, now_us
from seawall.sources.live.websocket import Frames


class MastodonLive:
    """Reads timelines of a server with Mastodon's interface."""

    name: ClassVar[str] = "mastodon"
    version: ClassVar[str] = "1"
    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("token", "Access token with the right read:statuses (Preferences, Development)", secret=True),
        Ask(
            "timelines",
            "Timelines to read, commas between: public, public:local, hashtag:NAME, list:NUMBER or user",
            default="public",
        ),
        Ask("since", "From when on, as 2026-05-03 (empty: from now on)", default=""),
    )

    async def check(self, connection: Connection) -> Rights:
        """Who the token belongs to, and what it may read; see ``LiveSource.check``."""
        settings = Settings.of(connection)
        async with Api(connection) as api:
            return await rights_of(api, settings)

    async def listen(self, connection: Connection, checkpoint: str | None) -> AsyncGenerator[RawBatch, None]:
        """Batches as they come; see ``LiveSource.listen``."""
        settings = Settings.of(connection)
        if checkpoint is not None:
            place = Place.read(checkpoint)
        else:
            place = Place(now_us() if settings.since_us is None else settings.since_us)
        async with Api(connection) as api:
            instance = await api.instance()
            closed_too = any(timeline.is_feed for timeline in settings.timelines)
            records = Records(api.server(instance), place, closed_too=closed_too)
            absence = Absence(api, settings, place, records)
            from_now = checkpoint is None and settings.since_us is None
            reports = Reports(api, place, records, from_now=from_now)
            frames = Frames(
                api.streaming(instance, settings.streaming),
                headers=api.headers,
                where=api.where,
                settings=connection.settings,
                product=PRODUCT,
            )
            async with frames:
                await absence.begin()
                watch = Watch(frames, settings, place, records, absence, reports, connection.options)
                async with aclosing(watch.batches()) as batches:
                    async for batch in batches:
                        yield batch
