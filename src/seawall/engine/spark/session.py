"""A Spark cluster: opening it, looking whether its workers can do the work, and what its refusals mean."""

from __future__ import annotations

import base64
import os
import pickle
import re
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from seawall.engine.spark.blobs import SPARK_SCHEMA
from seawall.engine.spark.worker import FAILED
from seawall.errors import ConfigurationError, ConnectError, SeawallError, StorageError

CONNECT_SECONDS = 5.0
ADDRESS = re.compile(r"local(\[(\*|\d+)\])?|spark://[^/?#]+|sc://[^?#]+")
SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "8",
    "spark.sql.adaptive.coalescePartitions.enabled": "false",
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "false",
}
"""Blobs are megabytes, so few of them make a batch; parts are as many as were asked for."""


class Cluster:
    """A session on a cluster. Use ``close`` at the end.

    Args:
        address: ``local[*]``, ``spark://HOST:PORT`` or ``sc://HOST:PORT`` (Spark Connect).
        options: settings of Spark's own, as spark.executor.memory.

    Raises:
        ConfigurationError: PySpark is not installed, or the address is none.
        ConnectError: nobody answers there.
    """

    def __init__(self, address: str, options: Mapping[str, str]) -> None:
        self.address = address
        self._kept: list[Any] = []
        if ADDRESS.fullmatch(address) is None:
            raise ConfigurationError(
                "This is no address of an engine.",
                where="engine",
                mend="Give local, local[*], spark://HOST:PORT or sc://HOST:PORT.",
            )
        self.remote = address.startswith("sc://")
        self._knock()
        self.session = self._opened(options)

    def _knock(self) -> None:
        """Spark itself tries for a minute before it says that nobody is there."""
        if "://" not in self.address:
            return
        try:
            told = urlsplit(self.address)
            host, port = told.hostname or "", told.port or 15002
        except ValueError:
            raise ConfigurationError("The port is no number.", where="engine", mend="Give HOST:PORT.") from None
        try:
            socket.create_connection((host, port), CONNECT_SECONDS).close()
        except OSError as error:
            raise ConnectError(
                f"Nobody answers at the address of the cluster: {error.strerror or 'no answer'}.",
                where=f"{host}:{port}",
                mend="Check the address, and that the cluster's master runs there.",
            ) from None

    def _opened(self, options: Mapping[str, str]) -> Any:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise ConfigurationError(
                "PySpark is not installed here.", where="engine", mend="pip install 'seawall[spark]'"
            ) from None
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("seawall")
        builder = builder.remote(self.address) if self.remote else builder.master(self.address)
        if not self.remote:
            told = {
                "spark.ui.enabled": "false",
                "spark.ui.showConsoleProgress": "false",
                **self._own_host(),
                **SETTINGS,
            }
            for name, value in {**told, **options}.items():
                builder = builder.config(name, value)
        with self.errors():
            session = builder.getOrCreate()
            if self.remote:
                for name, value in {**SETTINGS, **options}.items():
                    session.conf.set(name, value)
            else:
                session.sparkContext.setLogLevel("OFF")
        return session

    def _own_host(self) -> dict[str, str]:
        """Under which address workers find us: our own towards the master."""
        if not self.address.startswith("spark://"):
            return {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        told = urlsplit(self.address)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.connect((told.hostname or "127.0.0.1", told.port or 7077))
            return {"spark.driver.host": str(way.getsockname()[0])}

    @property
    def parallelism(self) -> int:
        """How many tasks the cluster runs at once, as far as it tells."""
        if self.remote:
            return 4
        return int(self.session.sparkContext.defaultParallelism)

    def frame(self, rows: Sequence[tuple[int, int, bytes]], partitions: int) -> Any:
        """A frame of blobs, a partition each."""
        with self.errors():
            return self.session.createDataFrame(list(rows), SPARK_SCHEMA).repartitionById(partitions, "part")

    def keep(self, frame: Any) -> Any:
        """The frame, computed once and kept on the workers' disks until ``let_go``."""
        from pyspark import StorageLevel

        with self.errors():
            kept = frame.persist(StorageLevel.DISK_ONLY)
        self._kept.append(kept)
        return kept

    def let_go(self) -> None:
        """Forget what was kept."""
        while self._kept:
            self._kept.pop().unpersist()

    def collected(self, frame: Any) -> list[pa.RecordBatch]:
        """The blobs of a frame, here."""
        with self.errors():
            return list(frame.toArrow().to_batches())

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Spark's refusals in sentences; an error of a kernel comes through as what it is."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (PySparkException, Py4JError) as error:
            own = _own_error(str(error))
            if own is not None:
                raise own from None
            raise self._told(str(error)) from None

    def _told(self, words: str) -> SeawallError:
        if "JAVA_GATEWAY_EXITED" in words or "Java gateway" in words:
            return ConfigurationError("Java does not start.", where="engine", mend="Install Java 17 or set JAVA_HOME.")
        if "PYTHON_VERSION_MISMATCH" in words:
            return ConfigurationError(
                "The workers have another version of Python.",
                where=self.address,
                mend=f"Give them Python {sys.version_info.major}.{sys.version_info.minor}, or set PYSPARK_PYTHON.",
            )
        if "OutOfMemory" in words or "No space left" in words:
            return StorageError(
                "A worker has no memory or no disk left.",
                where=self.address,
                mend="Give the workers more, or cut the work in more parts.",
            )
        return ConnectError(
            f"The cluster could not do the work: {_first_words(words)}",
            where=self.address,
            mend="Look at the log of its workers; nothing was changed.",
        )

    def close(self) -> None:
        """End the session."""
        self.let_go()
        self.session.stop()


def _own_error(words: str) -> BaseException | None:
    found = re.search(re.escape(FAILED) + r"([A-Za-z0-9+/=]+);", words)
    if found is None:
        return None
    error = pickle.loads(base64.b64decode(found.group(1)))  # noqa: S301 - what our own tasks have written
    return error if isinstance(error, BaseException) else None


def _first_words(words: str) -> str:
    line = next((line for line in words.splitlines() if line.strip()), "no reason was told")
    return line.strip()[:200]
