"""A Spark cluster: opening it, looking whether its workers can do the work, and running work there."""

from __future__ import annotations

import importlib.util
import re
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic, sleep
from typing import Any, TypeVar

import pyarrow as pa

from seawall.engine.spark.address import Address
from seawall.engine.spark.blobs import SPARK_SCHEMA
from seawall.engine.spark.classic import ClassicSession
from seawall.engine.spark.connect import ConnectSession
from seawall.engine.spark.failures import carried, refusal
from seawall.engine.spark.probe import probe
from seawall.engine.spark.waiting import LOOK_SECONDS, waited
from seawall.engine.spark.worker import Sent, Task, check_versions, here
from seawall.errors import ConfigurationError, ConnectError, MeasureError
from seawall.protocols import Progress

Result = TypeVar("Result")

SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "8",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "false",
}
"""Blobs are megabytes, so few make a batch; parts are as many as were asked for, and all steps are known at once."""

GATHER_SECONDS = 1.0
"""Where no further worker came for so long, all are taken to be there."""

ASK_SECONDS = 1.0
"""How far work is, is asked no more often: that takes a dozen questions to the cluster."""

_SECRET = re.compile("secret|password|token|key", re.IGNORECASE)


class Cluster:
    """A session on a cluster, whose workers were looked at. Use ``close`` at the end.

    Args:
        address: see ``Address``.
        options: settings of Spark's own, as spark.executor.memory.
        within: seconds to wait for the cluster, and again for its workers.
        progress: called with what is being done, how much is done, and how much there is.

    Raises:
        ConfigurationError: PySpark or Java is missing, the address is none, or a worker has not what is installed here.
        ConnectError: nobody answers there, or no worker takes work.
    """

    def __init__(
        self, address: str, options: Mapping[str, str], within: float, progress: Progress | None = None
    ) -> None:
        self.address = Address.read(address)
        self.within = within
        self._kept: list[Any] = []
        self._secrets = _secrets(self.address, options)
        _check_options(options)
        self._way = _way(self.address, options)
        self.watch = Watch(self._way, within, progress)
        try:
            self.session = self._opened()
            self._gathered()
            self.parallelism = self._looked_at()
        except BaseException:
            self._way.close()
            raise

    def _opened(self) -> Any:
        with self._errors():
            waited(self._way.start, cancel=partial(self._way.cancel, ""))
            return self._in_time(
                partial(self._way.open, SETTINGS),
                "The cluster answers, but opens no session.",
                "Does Spark run there, in the same version?",
            )

    def _gathered(self) -> None:
        """Wait until workers are there, and no more of them come."""
        start = changed = monotonic()
        seen = 0
        while (workers := self._way.workers) is not None:
            now = monotonic()
            if workers != seen:
                seen, changed = workers, now
            if seen and now - changed > GATHER_SECONDS:
                return
            if now - start > self.within and not seen:
                raise _no_worker(self.address, "No worker of the cluster takes work.", self.within)
            sleep(LOOK_SECONDS)

    def _looked_at(self) -> int:
        """How many tasks run at once, once every worker has told what is installed there."""
        told = self._in_time(
            partial(self._work, partial(probe, self.session, self._way.tasks_at_once)),
            "The workers of the cluster do not begin.",
            "Are they free, and have they the memory that is asked for?",
        )
        for worker, found in sorted(told, key=str):
            check_versions(here(), found, worker)
        return max(1, len(told))

    def _in_time(self, work: Callable[[], Result], what: str, mend: str) -> Result:
        try:
            return waited(work, cancel=partial(self._way.cancel, ""), seconds=self.within)
        except TimeoutError:
            raise ConnectError(
                what, where=self.address.shown, mend=f"{mend} It was waited for {self.within:g} seconds."
            ) from None

    def frame(self, rows: Sequence[tuple[int, int, bytes]]) -> Any:
        """A frame of blobs, a partition each."""
        with self._errors():
            frame = self.session.createDataFrame(list(rows), SPARK_SCHEMA)
            return frame.repartitionById(max(1, len(rows)), "part")

    def mapped(self, frame: Any, task: Task) -> Any:
        """The frame after a task."""
        from pyspark import cloudpickle

        try:
            sent = cloudpickle.dumps(task)
        except Exception as error:  # noqa: BLE001 - whatever a foreign object says when it is pickled
            raise MeasureError(
                f"A kernel cannot be sent to workers: {type(error).__name__}.",
                mend="Make it a function of a module, functools.partial of one, or a frozen dataclass.",
            ) from None
        with self._errors():
            name = self._way.stored(sent)
            told = Sent(b"" if name else sent, tuple(here().items()), name)
            return frame.mapInArrow(told, SPARK_SCHEMA)

    def keep(self, frame: Any) -> Any:
        """The frame, computed once and kept on the workers' disks until ``let_go``."""
        from pyspark import StorageLevel

        with self._errors():
            kept = frame.persist(StorageLevel.DISK_ONLY)
        self._kept.append(kept)
        return kept

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """What is kept meanwhile is let go of at the end."""
        before = len(self._kept)
        try:
            yield
        finally:
            self._let_go(before)

    def _let_go(self, before: int) -> None:
        while len(self._kept) > before:
            with suppress(Exception):  # a session that has ended has let go of all
                self._kept.pop().unpersist()

    def collected(self, frame: Any) -> list[pa.RecordBatch]:
        """The blobs of a frame, here.

        Raises:
            ConnectError: the cluster could not do the work.
            StorageError: memory or disk ran out.
        """
        tag = f"seawall-{uuid.uuid4().hex}"

        def tagged() -> pa.Table:
            self.session.addTag(tag)
            return self._work(frame.toArrow)

        self.watch.begin()
        given = waited(tagged, cancel=partial(self._way.cancel, tag), look=self.watch.look)
        self.watch.end()
        return list(given.to_batches())

    def _work(self, work: Callable[[], Result]) -> Result:
        with self._errors():
            return work()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Spark's refusals in sentences; an error of a kernel comes through as what it is."""
        import grpc
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (PySparkException, Py4JError, grpc.RpcError, EOFError, ConnectionError, pa.ArrowException) as error:
            words = f"{error}\n{self._way.words()}"
            for secret in self._secrets:
                words = words.replace(secret, "...")
            raise carried(words) or refusal(words, self.address.shown) from None

    def close(self) -> None:
        """End the session."""
        self._let_go(0)
        self._way.close()


class Watch:
    """Tells how far work is, piece after piece, and ends it where no worker is left."""

    def __init__(self, way: ClassicSession | ConnectSession, within: float, progress: Progress | None) -> None:
        self._way, self._within = way, within
        self.progress = progress
        self._next = 0.0
        self.begin()

    def begin(self) -> None:
        """A piece of work begins; whatever the one before met does not count."""
        self._told = (0, 0)
        self._alone_since: float | None = None

    def look(self) -> None:
        """To be called again and again."""
        if monotonic() < self._next:
            return
        self._next = monotonic() + ASK_SECONDS
        with suppress(Exception):  # what cannot be asked now is asked again, or the work itself fails
            self._tell(self._way.tasks())
            if self._way.workers != 0:
                self._alone_since = None
                return
        now = monotonic()
        self._alone_since = self._alone_since or now
        if now - self._alone_since > self._within:
            raise _no_worker(self._way.address, "The workers of the cluster are gone.", self._within)

    def end(self) -> None:
        """This piece of work is done."""
        if self._told[1]:
            self._tell((self._told[1], self._told[1]))

    def _tell(self, told: tuple[int, int]) -> None:
        if self.progress is not None and told[1] and told != self._told:
            self._told = told
            self.progress("working on the cluster", *told)


def _no_worker(address: Address, what: str, within: float) -> ConnectError:
    return ConnectError(
        what,
        where=address.shown,
        mend="Are workers there, are they free, and have they the memory and cores that are asked for? "
        f"It was waited for {within:g} seconds.",
    )


def _way(address: Address, options: Mapping[str, str]) -> ClassicSession | ConnectSession:
    """How the session is reached.

    Raises:
        ConfigurationError: PySpark is not installed, or this process has another session.
        ConnectError: nobody answers.
    """
    if any(importlib.util.find_spec(name) is None for name in ("pyspark", "grpc", "pandas")):
        raise ConfigurationError(
            "PySpark is not installed here.", where="engine", mend="Install it: pip install 'seawall[spark]'."
        )
    warnings.filterwarnings("ignore", module=r"pyspark\.")
    own_host = address.knock()
    if address.kind == "sc":
        return ConnectSession(address, options)
    return ClassicSession.shared(address, options, own_host)


def _check_options(options: Mapping[str, str]) -> None:
    for name in options:
        if not name.startswith("spark."):
            raise ConfigurationError(
                "This is no option of Spark: its name begins with spark.",
                where=name[:60],
                mend="Give them as spark.executor.memory=4g.",
            )


def _secrets(address: Address, options: Mapping[str, str]) -> list[str]:
    """What no message may repeat."""
    of_address = [told.partition("=")[2] for told in address.master.split(";")[1:]]
    of_options = [value for name, value in options.items() if _SECRET.search(name)]
    return [secret for secret in (*of_address, *of_options) if len(secret) > 3]
