"""The watch's HTTP server, wired to the watch: health, metrics, and pushed events."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from seawall.errors import ConfigurationError
from seawall.model.ports import port_of
from seawall.protocols import Connection
from seawall.sources.live.push import PushSource
from seawall.watch.health import Health, health
from seawall.watch.pushing import submitting
from seawall.watch.server import Server, Wiring
from seawall.watch.watcher import Watcher

USUAL_ADDRESS = "127.0.0.1:8765"
READING_TOKEN = "SEAWALL_READING_TOKEN"  # noqa: S105 - a variable's name


@asynccontextmanager
async def serving(watcher: Watcher, address: str | None) -> AsyncIterator[Server | None]:
    """Listen at "HOST:PORT" while the watch runs; at USUAL_ADDRESS where None, if a platform pushes, else nowhere.

    Raises:
        ConfigurationError: the address cannot be listened on, or is not this machine's and there is no token in the
            variable SEAWALL_READING_TOKEN.
    """
    pushed = {one.name: one for one in watcher.connections if one.source == PushSource.name}
    if address is None and not pushed:
        yield None
        return
    host, port = _parts(address or USUAL_ADDRESS)
    server = Server(_wiring(watcher, pushed), host=host, port=port)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def _wiring(watcher: Watcher, pushed: dict[str, Connection]) -> Wiring:
    def well() -> Health:
        waiting = watcher.ingest.waiting
        return health(
            watcher.states,
            now=datetime.now(UTC),
            waiting_records=waiting.records + watcher.inbox.records,
            waiting_bytes=waiting.bytes,
            trouble=watcher.trouble,
            remarks=watcher.remarks,
            stopping=watcher.stopping.is_set(),
        )

    tokens = {name: one.secrets.get("token", "") for name, one in pushed.items()}
    return Wiring(
        well, watcher.metrics, submitting(pushed, watcher.submit), tokens, os.environ.get(READING_TOKEN) or None
    )


def _parts(address: str) -> tuple[str, int]:
    host, _, told = address.rpartition(":")
    port = port_of(told)
    if not host or port is None:
        raise ConfigurationError("This is no address to listen on.", where="--listen", mend=f"As in: {USUAL_ADDRESS}")
    return host.strip("[]"), port
