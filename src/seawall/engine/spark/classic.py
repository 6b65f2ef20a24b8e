"""A session whose driver is a Java process of our own: on this machine, or on a standalone cluster."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, ClassVar

from seawall.engine.spark.address import Address
from seawall.errors import ConfigurationError

STOP_SECONDS = 10.0
PYTHON = "spark.pyspark.python"
"""Which Python workers start; without it the one of PYSPARK_PYTHON, or the path of this one."""

_AT_START = "spark.driver."
"""Settings that the Java process must know when it starts; all others are given to it later, unseen by ``ps``."""

_OWN = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.io.encryption.enabled": "true",
    "spark.sql.catalogImplementation": "in-memory",
}
"""What waits on workers' disks is encrypted with a key that lives as long as the session."""


class ClassicSession:
    """Spark allows one such session in a process: engines with the same address and options share it.

    Args:
        address: local or of a master.
        options: settings of Spark's own.
        own_host: our address, under which workers find us.
    """

    _open: ClassVar[ClassicSession | None] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, address: Address, options: Mapping[str, str], own_host: str) -> None:
        self.address = address
        self.options = dict(options)
        self.session: Any = None
        self._own_host = own_host
        self._engines = 1
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the Java process
        self._gateway: Any = None
        self._ended = False

    @classmethod
    def shared(cls, address: Address, options: Mapping[str, str], own_host: str) -> ClassicSession:
        """A session to be opened, or the one that is open.

        Raises:
            ConfigurationError: this process has a session with another cluster or other options.
        """
        from pyspark import SparkContext

        with cls._lock:
            here = cls._open
            if here is not None and (here.address, here.options) == (address, dict(options)):
                here._engines += 1
                return here
            if here is not None or SparkContext._active_spark_context is not None:
                raise ConfigurationError(
                    "This process has another Spark session open, and Spark allows one.",
                    where="engine",
                    mend="Close it first, or use Spark Connect (sc://HOST:PORT).",
                )
            cls._open = cls(address, options, own_host)
            return cls._open

    def start(self) -> None:
        """Start Java; what it prints goes to a file that nobody sees."""
        if self._gateway is not None:
            return
        from pyspark import SparkConf
        from pyspark.java_gateway import launch_gateway

        logging.getLogger("py4j").setLevel(logging.CRITICAL)
        told = self._settings()
        early = SparkConf(loadDefaults=False)
        early.setAll([(name, value) for name, value in told.items() if name.startswith(_AT_START)])
        self._gateway = launch_gateway(early, {"stdout": self._log, "stderr": subprocess.STDOUT})
        if self._ended:  # meanwhile nobody waits for it any more
            self._end_java()

    def open(self, settings: Mapping[str, str]) -> Any:
        """Reach the master; returns a session with these settings, of its own for each engine."""
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession

        if self.session is None:
            conf = SparkConf(_jvm=self._gateway.jvm)
            conf.setAll(list(self._settings().items()))
            context = SparkContext(conf=conf, gateway=self._gateway)
            context.setLogLevel("OFF")
            context.pythonExec = self.options.get(PYTHON) or os.environ.get("PYSPARK_PYTHON") or sys.executable
            self.session = SparkSession(context)
        own = self.session.newSession()
        for name, value in settings.items():
            own.conf.set(name, value)
        return own

    def _settings(self) -> dict[str, str]:
        return {
            "spark.app.name": "seawall",
            "spark.master": self.address.master,
            "spark.driver.host": self._own_host,
            "spark.driver.bindAddress": self._own_host,
            **_OWN,
            **self._own_path(),
            **self.options,
        }

    def _own_path(self) -> dict[str, str]:
        """On this machine workers find the modules that are found here."""
        if self.address.kind != "local":
            return {}
        return {"spark.executorEnv.PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}

    def stored(self, task: bytes) -> str | None:
        """Big tasks: Spark lends each worker a copy by itself."""
        return None

    def words(self) -> str:
        """What Java said while it started."""
        self._log.seek(0)
        return self._log.read(1 << 20).decode(errors="replace")

    @property
    def tasks_at_once(self) -> int | None:
        """How many tasks run at once on the workers that are there."""
        return int(self.session.sparkContext.defaultParallelism)

    @property
    def workers(self) -> int | None:
        """How many processes take work; None on this machine."""
        if self.address.kind == "local":
            return None
        return len(self.session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1

    def tasks(self) -> tuple[int, int]:
        """How many tasks of the steps at work are done, and how many there are."""
        context = self.session.sparkContext
        store = context._jsc.sc().statusStore()  # a question a job; the tracker's own would be one a stage
        jobs = [store.job(job) for job in context.statusTracker().getActiveJobsIds()]
        return sum(job.numCompletedTasks() for job in jobs), sum(job.numTasks() for job in jobs)

    def cancel(self, tag: str) -> None:
        """End the work with this tag; "" = all of it, and Java where it has no session yet."""
        if self.session is None:
            self._ended = True
            self._end_java()
        elif tag:
            self.session.interruptTag(tag)
        else:
            self.session.sparkContext.cancelAllJobs()

    def close(self) -> None:
        """End the session with the last engine that uses it, and Java with it."""
        with ClassicSession._lock:
            self._engines -= 1
            if self._engines > 0:
                return
            self._ended = True
            if ClassicSession._open is self:
                ClassicSession._open = None
        stop = threading.Thread(target=self._stop, name="seawall-spark-stop", daemon=True)
        stop.start()
        stop.join(STOP_SECONDS)
        self._end_java()
        self._log.close()

    def _stop(self) -> None:
        with suppress(Exception):  # Java is ended next, whatever this says
            if self.session is not None:
                self.session.stop()
            if self._gateway is not None:
                self._gateway.shutdown()

    def _end_java(self) -> None:
        from pyspark import SparkContext

        gateway = self._gateway
        if gateway is None or gateway.proc is None:
            return
        gateway.proc.stdin.close()
        try:
            gateway.proc.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            gateway.proc.kill()
            gateway.proc.wait()
        if SparkContext._gateway is gateway:
            SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
