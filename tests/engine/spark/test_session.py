"""A session as a process of its own sees it: what it prints, what is missing, what is left when it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seawall.engine.spark import SparkEngine
from seawall.errors import ConfigurationError, ConnectError
from tests.conftest import ROOT
from tests.servers.spark import QUICK_JAVA, spark_home

COUNT = """
import sys
import pyarrow as pa
from seawall.checks.engines import CountByKey
from seawall.engine.spark import SparkEngine
from seawall.errors import SeawallError
try:
    for _ in range(2):
        with SparkEngine(sys.argv[1], parts=2, within=300) as one, SparkEngine(sys.argv[1], parts=2) as two:
            found = two.run(CountByKey(), pa.table({"key": [1, 1, 2]}).to_reader())
            assert found.to_pydict() == {"key": [1, 2], "count_all": [2, 1]}, found
            assert one.cluster.address == two.cluster.address
except SeawallError as error:
    print(type(error).__name__, error)
"""
SLOW = """
import sys
from pathlib import Path
import pyarrow as pa
from seawall.engine.spark import SparkEngine
from tests.engine.spark.kernels import SlowCount
with SparkEngine("local[2]", parts=8, within=300) as engine:
    engine.run(SlowCount(Path(sys.argv[1]), 60.0), pa.table({"key": list(range(50))}).to_reader())
"""


def _environment() -> dict[str, str]:
    path = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    return {**os.environ, "PYTHONPATH": path, "JAVA_TOOL_OPTIONS": QUICK_JAVA}


def _run(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    spark_home()
    told = {**_environment(), **environment}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=told)


def test_nothing_is_printed_and_a_process_may_open_it_again() -> None:
    """Java's and Python's warnings reach nobody; engines of one address share a session, and a new one follows it."""
    told = _run(COUNT, "local[2]")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def _folder_of_programs(folder: Path) -> Path:
    for name in ("bash", "sh", "dirname", "basename", "env", "ps", "uname"):
        found = shutil.which(name)
        if found is not None:
            (folder / name).symlink_to(found)
    return folder


def test_without_java_it_says_what_to_install(tmp_path: Path) -> None:
    """An error names the package; nothing of Spark's scripts is printed."""
    told = _run(COUNT, "local[2]", PATH=str(_folder_of_programs(tmp_path)), JAVA_HOME="")
    assert told.stdout.startswith("ConfigurationError Java is not installed here")
    assert told.stderr == ""


def test_an_old_java_is_told_from_none(tmp_path: Path) -> None:
    """What an old Java says of Spark's classes is read."""
    java = _folder_of_programs(tmp_path) / "java"
    java.write_text("#!/bin/sh\necho 'java.lang.UnsupportedClassVersionError: class file version 61.0' >&2\nexit 1\n")
    java.chmod(0o755)
    told = _run(COUNT, "local[2]", PATH=str(tmp_path), JAVA_HOME="")
    assert told.stdout.startswith("ConfigurationError Java is too old.")


def test_without_pyspark_it_says_which_extra_to_install() -> None:
    """The library itself works without it."""
    told = _run("import sys; sys.modules['pyspark'] = None\n" + COUNT, "local[2]")
    assert "pip install 'seawall[spark]'" in told.stdout
    assert told.stderr == ""


def test_options_that_java_cannot_start_with_are_told() -> None:
    """A memory that is no number of bytes is the setting's fault, not Java's."""
    code = COUNT.replace("within=300", "options={'spark.driver.memory': 'tulips'}")
    told = _run(code, "local[2]")
    assert "ConfigurationError Java does not start with these options." in told.stdout


def test_an_interruption_ends_everything(tmp_path: Path) -> None:
    """After Ctrl-C no Java and no Python of a worker is left, and nothing but the interruption is printed."""
    spark_home()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(tmp_path)], stderr=subprocess.PIPE, env=_environment(), start_new_session=True
    )
    deadline = time.monotonic() + 120
    while not any(tmp_path.iterdir()):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, printed = process.communicate(timeout=60)
    assert printed.splitlines()[-1] == b"KeyboardInterrupt"
    assert b"Exception" not in printed
    deadline = time.monotonic() + 20
    while _of_session(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _of_session(process.pid) == []


def _of_session(number: int) -> list[int]:
    """Living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if session == str(number) and state != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.parametrize("kind", ["spark", "sc"])
def test_a_port_that_speaks_something_else_is_told_within_the_time(kind: str) -> None:
    """Somebody listens there, but no Spark: an error after the time that was given."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = _run(COUNT.replace("within=300", "within=3"), f"{kind}://127.0.0.1:{server.getsockname()[1]}")
    assert told.stdout.startswith("ConnectError ")
    assert "Traceback" not in told.stderr


def test_another_address_in_the_same_process_is_refused(spark_engine: SparkEngine) -> None:
    """Spark allows one session of this kind in a process; the error names a way out."""
    with pytest.raises(ConfigurationError, match="Spark Connect"):
        SparkEngine("local[1]")
    assert spark_engine.cluster.parallelism == 2


def test_wrong_options_are_refused_at_once() -> None:
    """An option of another program, parts or seconds that are none: told before anything is started."""
    with pytest.raises(ConfigurationError, match=r"spark\.") as told:
        SparkEngine("local", options={"fs.key": "tulip"})
    assert "tulip" not in str(told.value)
    with pytest.raises(ConfigurationError, match="parts"):
        SparkEngine("local", parts=0)
    with pytest.raises(ConfigurationError, match="within"):
        SparkEngine("local", within=0)
    with pytest.raises(ConnectError, match="Nobody answers"):
        SparkEngine("spark://127.0.0.1:9")
