"""A server process that keeps its port and its data over restarts."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

START_SECONDS = 20.0
STOP_SECONDS = 10.0


class ServerProcess:
    """A server on 127.0.0.1; what it says goes to ``output.txt`` in its folder.

    Args:
        name: what it is called when it does not start.
        command: that starts it.
        folder: it runs there.
        port: where it listens.
    """

    start_seconds = START_SECONDS

    def __init__(self, name: str, command: Sequence[str | Path], folder: Path, port: int) -> None:
        self.port = port
        self._name, self._command, self.folder = name, list(command), folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.folder / "output.txt").open("ab") as output:
            self._process = self._opened(output.fileno())
        deadline = time.monotonic() + self.start_seconds
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        last = (self.folder / "output.txt").read_text(errors="replace")[-2000:]
        self.kill()
        pytest.fail(f"{self._name} did not start:\n{last}")

    def _opened(self, output: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=self.folder)

    def stop(self) -> None:
        """Let it end by itself."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(STOP_SECONDS)
