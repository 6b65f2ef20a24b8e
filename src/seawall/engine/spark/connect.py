"""A session on a Spark Connect server: the driver runs there, and all that goes to and fro is gRPC."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from seawall.engine.spark.address import Address

TRIES = 5
"""A call that the server does not answer is made so often again, over 17 seconds in all."""

ASK_SECONDS = 3.0
BIG_TASK = 1 << 20


class ConnectSession:
    """See ``ClassicSession``; of these a process may have many.

    Args:
        address: of the server.
        options: settings of Spark's own that a session may set.
    """

    def __init__(self, address: Address, options: Mapping[str, str]) -> None:
        self.address = address
        self.options = dict(options)
        self.session: Any = None
        self.workers: int | None = None
        self.tasks_at_once: int | None = None
        self._reached = False
        self._stored: set[str] = set()
        self._stages: dict[int, tuple[int, int]] = {}

    def start(self) -> None:
        """Nothing is to be started here."""

    def open(self, settings: Mapping[str, str]) -> Any:
        """Reach the server; returns a session with these settings."""
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession

        self.session = SparkSession(connection=self.address.master)
        self.session.client.set_retry_policies([DefaultPolicy(max_retries=TRIES)])
        for name, value in {**settings, **self.options}.items():
            self.session.conf.set(name, value)
        self.session.registerProgressHandler(self._told)
        self._reached = True
        return self.session

    def stored(self, task: bytes) -> str | None:
        """The name under which workers find a big task, which would otherwise go to the server with each question."""
        if len(task) < BIG_TASK:
            return None
        name = f"seawall-{hashlib.sha256(task).hexdigest()[:32]}.task"
        if name not in self._stored:
            with tempfile.TemporaryDirectory(prefix="seawall-") as folder:
                path = Path(folder) / name
                path.write_bytes(task)
                self.session.addArtifacts(str(path), file=True)
            self._stored.add(name)
        return name

    def words(self) -> str:
        """Nothing: there is no Java here."""
        return ""

    def _told(self, stages: Any, inflight_tasks: int, operation_id: str, done: bool) -> None:
        if done:
            self._stages.clear()
        for stage in () if done else stages or ():
            self._stages[stage.stage_id] = (stage.num_completed_tasks, stage.num_tasks)

    def tasks(self) -> tuple[int, int]:
        """How many tasks of the steps at work are done, and how many there are."""
        told = list(self._stages.values())
        return sum(done for done, _ in told), sum(all_ for _, all_ in told)

    def cancel(self, tag: str) -> None:
        """End the work with this tag; "" = all of this session."""
        if not self._reached:
            self.close()
        else:
            _asked(partial(self.session.interruptTag, tag) if tag else self.session.interruptAll)

    def close(self) -> None:
        """End the session; the server goes on."""
        if self.session is not None:
            _asked(self.session.stop if self._reached else self.session.client.close)


def _asked(ask: Callable[[], object]) -> None:
    """Ask the server, which may be gone, and do not wait for it long."""

    def asked() -> None:
        with suppress(Exception):
            ask()

    thread = threading.Thread(target=asked, name="seawall-spark-stop", daemon=True)
    thread.start()
    thread.join(ASK_SECONDS)
