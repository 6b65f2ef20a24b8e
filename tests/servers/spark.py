"""A real Spark on 127.0.0.1: a standalone cluster of one master and its workers, or a Spark Connect server."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from seawall.engine.spark import SparkEngine
from tests.conftest import ROOT
from tests.servers.process import STOP_SECONDS, ServerProcess
from tests.servers.synapse import free_port

START_SECONDS = 90.0
"""A Java process starts in 3 s, on a busy machine in 30."""


def spark_home() -> Path:
    """Where Spark lies, or a skip with the reason."""
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        pytest.skip("PySpark is not installed: make spark")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    return Path(found.origin).parent


QUICK_JAVA = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""Java starts in half the time where it does not prepare for hours of work."""


class OpenEngine:
    """The engine of this process: Spark allows one session, and opening it takes seconds."""

    def __init__(self) -> None:
        self._told: object = None
        self._engine: SparkEngine | None = None

    def at(self, address: str, *, parts: int | None = None, **options: Any) -> SparkEngine:
        """The engine at an address; one that is open is used again for the same address and options."""
        spark_home()
        if self._engine is None or self._told != (address, options):
            self.close()
            java = {"spark.driver.extraJavaOptions": QUICK_JAVA, "spark.executor.extraJavaOptions": QUICK_JAVA}
            self._engine = SparkEngine(address, **{**options, "options": {**java, **options.get("options", {})}})
            self._told = (address, options)
        self._engine.count = parts
        return self._engine

    def close(self) -> None:
        """End it."""
        if self._engine is not None:
            self._engine.close()
        self._engine = None


@contextmanager
def running_cluster(
    folder: Path, workers: Sequence[Mapping[str, str]] = ({}, {}), cores: int = 1
) -> Iterator[SparkCluster]:
    """A cluster; each worker has variables of its own environment."""
    cluster = SparkCluster(folder, cores)
    try:
        cluster.master.start()
        for environment in workers:
            cluster.add_worker(environment)
        cluster.wait_for(len(workers))
        yield cluster
    finally:
        cluster.end()


class SparkCluster:
    """A master, and workers that can be ended one by one."""

    def __init__(self, folder: Path, cores: int) -> None:
        self._home = spark_home()
        self._folder = folder
        self._cores = cores
        self._port, self._page = free_port(), free_port()
        self.workers: list[SparkProcess] = []
        master = ["--host", "127.0.0.1", "--port", str(self._port), "--webui-port", str(self._page)]
        self.master = SparkProcess(
            "master", self._class("org.apache.spark.deploy.master.Master", *master), folder, self._port
        )

    @property
    def address(self) -> str:
        """For engines."""
        return f"spark://127.0.0.1:{self._port}"

    def add_worker(self, environment: Mapping[str, str]) -> None:
        """Start a worker."""
        number = len(self.workers)
        folder = self._folder / f"worker-{number}"
        folder.mkdir()
        page = free_port()
        told = ["--host", "127.0.0.1", "--webui-port", str(page), "--cores", str(self._cores), "--memory", "1g"]
        command = self._class(
            "org.apache.spark.deploy.worker.Worker", *told, "--work-dir", str(folder / "work"), self.address
        )
        worker = SparkProcess(f"worker {number}", command, folder, page, environment)
        worker.start()
        self.workers.append(worker)

    def wait_for(self, workers: int) -> None:
        """Wait until the master knows so many living workers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with suppress(httpx.HTTPError):  # its page comes after its port
                told = httpx.get(f"http://127.0.0.1:{self._page}/json/", timeout=10, trust_env=False).json()
                if told["aliveworkers"] == workers:
                    return
            time.sleep(0.05)
        pytest.fail("The workers did not come to the master.")

    def end(self) -> None:
        """End all of it."""
        for process in (*self.workers, self.master):
            process.kill()

    def _class(self, name: str, *arguments: str) -> list[str | Path]:
        return [self._home / "bin" / "spark-class", name, *arguments]


@contextmanager
def running_connect(folder: Path, master: str = "local[2]") -> Iterator[str]:
    """The address of a Spark Connect server."""
    port = free_port()
    home = spark_home()
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.local.dir": str(folder),
    }
    told = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    kind = "org.apache.spark.sql.connect.service.SparkConnectServer"
    command = [home / "bin" / "spark-submit", "--master", master, "--class", kind, *told, "spark-internal"]
    server = SparkProcess("Spark Connect", command, folder, port)
    server.start()
    try:
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.kill()


class SparkProcess(ServerProcess):
    """A Java process with the processes that it starts."""

    start_seconds = START_SECONDS

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        folder: Path,
        port: int,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"Spark's {name}", command, folder, port)
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SPARK_", "PYSPARK_"))}
        self._environment = {
            **inherited,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "PYSPARK_PYTHON": sys.executable,
            "JAVA_TOOL_OPTIONS": QUICK_JAVA,
            "SPARK_CONNECT_MODE": "0",
            "SPARK_DAEMON_MEMORY": "512m",
            "SPARK_LOCAL_IP": "127.0.0.1",
            **(environment or {}),
        }

    def _opened(self, output: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
            env=self._environment,
            start_new_session=True,
        )

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, how)
            self._process.wait(STOP_SECONDS)
