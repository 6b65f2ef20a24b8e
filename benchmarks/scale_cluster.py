"""A standalone Spark cluster on this machine: a master and workers of one core, each bound to a core of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale_processes import tree

WORKER_MEMORY = "5g"
EXECUTOR_MEMORY = "3g"
WAIT_SECONDS = 180.0
"""Java may take its time where others work on the machine."""


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs.

    Args:
        address: as ``--engine`` takes it.
        master: pid.
        workers: pids.
    """

    address: str
    master: int
    workers: tuple[int, ...]


@contextmanager
def cluster(workers: int, folder: Path) -> Iterator[Cluster]:
    """A master and so many workers until the end of the block; they keep their files in the folder."""
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    started = [_start("master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0", folder=folder)]
    try:
        _until_it_answers(port)
        cores = sorted(os.sched_getaffinity(0))
        for number in range(workers):
            own = folder / f"worker{number}"
            own.mkdir(parents=True, exist_ok=True)
            words = ("--host", "127.0.0.1", "--cores", "1", "--memory", WORKER_MEMORY, "--webui-port", "0")
            started.append(_start("worker.Worker", *words, "-d", str(own), address, folder=own, core=cores[number]))
        _until_all_are_there(folder, workers)
        yield Cluster(address, started[0].pid, tuple(one.pid for one in started[1:]))
    finally:
        for process in reversed(started):
            _end(process)


def kill(worker: int) -> None:
    """End a worker with all that runs on it, at once, as a machine that loses its power."""
    for pid in tree([worker]):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _start(what: str, *words: str, folder: Path, core: int | None = None) -> subprocess.Popen[bytes]:
    import pyspark

    home = Path(pyspark.__file__).parent
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{what}", *words]
    surroundings = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_DAEMON_MEMORY": "512m",
    }
    with (folder / f"{what}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=surroundings, start_new_session=True)
    if core is not None:
        os.sched_setaffinity(process.pid, {core})
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    for pid in tree([process.pid]):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        kill(process.pid)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_it_answers(port: int) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1.0).close()
            return
        time.sleep(0.1)
    raise TimeoutError("The master does not answer.")


def _until_all_are_there(folder: Path, workers: int) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        told = [folder / f"worker{number}" / "worker.Worker.log" for number in range(workers)]
        if all("Successfully registered with master" in log.read_text(errors="replace") for log in told):
            return
        time.sleep(0.1)
    raise TimeoutError("A worker does not register.")
