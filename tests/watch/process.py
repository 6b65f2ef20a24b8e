"""The real ``seawall watch`` as a process that is read, stopped and killed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

DEADLINE = 60.0


class WatchProcess:
    """``python -m seawall watch DIR --json``; what it says is gathered while it runs.

    Args:
        folder: the workspace.
        options: of the command, further ones.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self.said: list[dict[str, Any]] = []
        self._errors: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "seawall", "watch", str(folder), "--json", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._readers = [threading.Thread(target=one, daemon=True) for one in (self._hear, self._hear_errors)]
        for reader in self._readers:
            reader.start()

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # a kill may cut the last one
                self.said.append(json.loads(line))

    def _hear_errors(self) -> None:
        assert self.process.stderr is not None
        self._errors.extend(self.process.stderr)

    @property
    def watching(self) -> bool:
        """Whether the first connection has been heard."""
        return any(line.get("status") == "watching" for line in self.said)

    @property
    def troubles(self) -> list[str]:
        """What it complained of."""
        return [line["sentence"] for line in self.said if line["event"] == "trouble"]

    @property
    def errors(self) -> str:
        """What it wrote to stderr."""
        return "".join(self._errors)

    def wait_for(self, condition: Callable[[], Any], seconds: float = DEADLINE) -> None:
        """Wait until a condition holds; the process must live meanwhile."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"the watch ended by itself: {self.errors}"
            assert time.monotonic() < deadline, f"it did not happen in time: {self.said[-5:]} {self.errors}"
            time.sleep(0.05)

    def stop(self) -> None:
        """End it as a service manager does; it must end well."""
        self.process.terminate()
        self._gone()
        assert self.process.returncode == 0, self.errors
        assert self.errors == ""

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self.process.kill()
        self._gone()

    def _gone(self) -> None:
        self.process.wait(DEADLINE)
        for reader in self._readers:
            reader.join(DEADLINE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()
