"""Live sources, one platform a file: what a platform tells while it happens, into raw batches; read-only."""

from __future__ import annotations

from seawall.protocols import LiveSource
from seawall.sources.choosing import chosen
from seawall.sources.live.bluesky import BlueskyLive
from seawall.sources.live.mastodon import MastodonLive
from seawall.sources.live.matrix import MatrixLive
from seawall.sources.live.nats import NatsLive
from seawall.sources.live.push import PushSource
from seawall.sources.live.rocketchat import RocketChatLive
from seawall.sources.live.xmpp import XmppLive

__all__ = ["LIVE_SOURCES", "live_by_name"]

LIVE_SOURCES: tuple[LiveSource, ...] = (
    BlueskyLive(),
    MastodonLive(),
    MatrixLive(),
    RocketChatLive(),
    NatsLive(),
    PushSource(),
    XmppLive(),
)
"""Every live source."""


def live_by_name(name: str) -> LiveSource:
    """The live source of that name.

    Raises:
        ConfigurationError: there is none; the message names the nearest.
    """
    return chosen(LIVE_SOURCES, name, kind="live source", where="the platform")
