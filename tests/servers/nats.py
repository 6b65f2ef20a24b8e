"""A real nats-server with JetStream on 127.0.0.1. It lives in a virtual environment of its own (``make servers``)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.process import ServerProcess
from tests.servers.synapse import ROOT, free_port


def server_binary() -> Path:
    """The server, or a skip with the reason."""
    binary = Path(os.environ.get("SEAWALL_SERVERS", ROOT / ".venv" / "servers")) / "bin" / "nats-server"
    if not binary.exists():
        pytest.skip("nats-server is not installed: run make servers, or set SEAWALL_SERVERS to its environment")
    return binary


@contextmanager
def running_nats(folder: Path, settings: str = "") -> Iterator[NatsServer]:
    """A server with its data in ``folder``; ``settings`` are lines of its configuration."""
    server = NatsServer(server_binary(), folder, settings)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class NatsServer(ServerProcess):
    """One server with a stream store in its folder."""

    def __init__(self, binary: Path, folder: Path, settings: str) -> None:
        super().__init__("nats-server", [binary, "-c", folder / "nats.conf"], folder, free_port())
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "nats.conf").write_text(
            f'listen: "127.0.0.1:{self.port}"\njetstream {{ store_dir: "{folder / "data"}", sync_interval: always }}\n'
            + settings
        )

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"nats://127.0.0.1:{self.port}"
