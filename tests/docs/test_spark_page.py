"""The ten commands of the page about Spark are ten, and a cluster of one master and two workers obeys them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.club import write_club
from tests.docs.test_docs import BLOCK, run_console
from tests.servers.spark import spark_home
from tests.servers.synapse import free_port

PAGE = (ROOT / "docs" / "how-to" / "spark-cluster.md").read_text(encoding="utf-8")
NUMBERED = re.compile(r"^(\d+)\. .*?^ +```sh\n(.*?)^ +```$", re.MULTILINE | re.DOTALL)
USUAL_PORT = "7077"


def commands() -> list[str]:
    """The commands of the page, in their order."""
    return [block.strip() for _, block in NUMBERED.findall(PAGE)]


def test_there_are_ten_commands() -> None:
    """They are numbered from one to ten, each is one line, and one of them is the run on the cluster."""
    assert [int(number) for number, _ in NUMBERED.findall(PAGE)] == list(range(1, 11))
    assert all("\n" not in command for command in commands())
    assert sum(command.startswith("seawall detect club --engine spark://") for command in commands()) == 1


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Variables of a shell in which a cluster keeps its files here; whatever it has started is ended behind it."""
    spark_home()
    pids = tmp_path / "pids"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SPARK_", "PYSPARK_"))}
    yield {
        **inherited,
        "NO_COLOR": "1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH")))),
        "SPARK_PID_DIR": str(pids),
        "SPARK_LOG_DIR": str(tmp_path / "logs"),
        "SPARK_WORKER_DIR": str(tmp_path / "work"),
        "SPARK_LOCAL_DIRS": str(tmp_path / "rows"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_MASTER_WEBUI_PORT": str(free_port()),
        "SPARK_WORKER_WEBUI_PORT": "0",
        "SPARK_DAEMON_MEMORY": "256m",
    }
    for file in pids.glob("*.pid"):
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text()), signal.SIGKILL)


def test_a_cluster_obeys_the_ten_commands(tmp_path: Path, surroundings: dict[str, str]) -> None:
    """In one shell, in their order, on another port: all succeed, and the claims are those of one machine."""
    write_club(tmp_path)
    (_, workspace) = BLOCK.findall(PAGE)[0]
    run_console(workspace, tmp_path)
    port = str(free_port())
    ten = [command.replace(USUAL_PORT, port) for command in commands()]
    script = "\n".join(["set -e", *(f"echo '--- {number}'\n{command}" for number, command in enumerate(ten, 1))])
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    said = dict(re.findall(r"^--- (\d+)\n(.*?)(?=^--- |\Z)", done.stdout, re.MULTILINE | re.DOTALL))
    assert said["6"].startswith("6 alerts (0 new, 0 revised, 6 as before)")
    assert "0 new, 0 revised, 6 as before" in PAGE
    assert len(said["7"].splitlines()) == 4
    assert [said[number].split()[0] for number in ("8", "9", "10")] == ["stopping"] * 3
    assert not list((tmp_path / "pids").glob("*.pid"))
