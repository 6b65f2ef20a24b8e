"""A real HTTP server that speaks S3, moto_server, on 127.0.0.1. It lives in a virtual environment of its own."""

from __future__ import annotations

import http.client
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.servers.process import ServerProcess
from tests.servers.synapse import ROOT, free_port

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "gardener", "AWS_SECRET_ACCESS_KEY": "rides and beans"}


def server_binary() -> Path:
    """The server, or a skip with the reason."""
    own = Path(os.environ.get("SEAWALL_SERVERS", ROOT / ".venv" / "servers")) / "bin" / "moto_server"
    found = own if own.exists() else shutil.which("moto_server")
    if found is None:
        pytest.skip("moto_server is not installed: run make servers, or set SEAWALL_SERVERS to its environment")
    return Path(found)


@contextmanager
def running_moto() -> Iterator[MotoServer]:
    """A server that keeps its buckets in memory."""
    binary = server_binary()
    with TemporaryDirectory(prefix="seawall-moto-") as folder:
        server = MotoServer(binary, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()


class MotoServer(ServerProcess):
    """One server; each test has a bucket of its own."""

    def __init__(self, binary: Path, folder: Path) -> None:
        port = free_port()
        super().__init__("moto_server", [binary, "-H", "127.0.0.1", "-p", str(port)], folder, port)
        self._numbers = count()

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def new_bucket(self) -> str:
        """The name of a new, empty bucket."""
        name = f"clubs-{next(self._numbers)}"
        self.ask("PUT", f"/{name}")
        return name

    def keep_versions(self, bucket: str) -> None:
        """Let a bucket keep what is overwritten and removed."""
        told = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        self.ask("PUT", f"/{bucket}?versioning", told.encode())

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """What it answers to a request without credentials; buckets here belong to everybody."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            assert answer.status < 300, answer.read()
            return answer.read()
        finally:
            connection.close()
