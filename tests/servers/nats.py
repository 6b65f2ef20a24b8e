"""A real nats-server with JetStream on 127.0.0.1. It lives in a virtual environment of its own (``make servers``)."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.synapse import ROOT, free_port

START_SECONDS = 20.0


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


class NatsServer:
    """One server that keeps its port and its data over restarts."""

    def __init__(self, binary: Path, folder: Path, settings: str) -> None:
        self._binary = binary
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "nats.conf").write_text(
            f'listen: "127.0.0.1:{self.port}"\njetstream {{ store_dir: "{folder / "data"}", sync_interval: always }}\n'
            + settings
        )

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self._folder / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [self._binary, "-c", self._folder / "nats.conf"], stdout=output, stderr=output, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        last = (self._folder / "output.txt").read_text(errors="replace")[-2000:]
        self.kill()
        pytest.fail(f"nats-server did not start:\n{last}")

    def stop(self) -> None:
        """Let it end by itself."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)
