"""--engine and --engine-option: what they take, and how a wrong one is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seawall.cli.engines import settings_of
from seawall.errors import ConfigurationError
from tests.cli.running import run
from tests.servers.spark import spark_home

RUNS_MEASURES = (["detect"], ["clusters"], ["survival"], ["places", "--emerging"])
"""Commands that run measures over the lake."""


@pytest.mark.parametrize("pair", ["", "=", "spark.executor.memory", "spark.executor.memory=", "memory=4g", "=4g"])
def test_a_setting_that_is_none_is_refused(pair: str) -> None:
    """A setting has the form NAME=VALUE, and its name is one of Spark's; its value is not repeated."""
    with pytest.raises(ConfigurationError, match="no setting of Spark") as refused:
        settings_of([pair])
    assert "As in: --engine-option spark.executor.memory=4g" in str(refused.value)


def test_a_setting_keeps_what_stands_behind_its_first_equals_sign() -> None:
    """Values may hold equals signs, as options of Java do."""
    told = settings_of(["spark.executor.extraJavaOptions=-Da=b -Dc=d", "spark.executor.cores=2"])
    assert told == {"spark.executor.extraJavaOptions": "-Da=b -Dc=d", "spark.executor.cores": "2"}


def test_a_setting_told_twice_is_refused() -> None:
    """Which of two values holds is not guessed."""
    with pytest.raises(ConfigurationError, match=r"told twice.*spark\.executor\.cores"):
        settings_of(["spark.executor.cores=2", "spark.executor.cores=4"])


@pytest.mark.parametrize("command", RUNS_MEASURES, ids=" ".join)
def test_a_wrong_engine_ends_a_command_with_one_sentence(command: list[str], club: Path) -> None:
    """What is no address, an address where nobody answers, and settings without a cluster each have their exit code."""
    name, *rest = command
    wrong = run(name, club, *rest, "--engine", "sparkk://club:7077")
    assert (wrong.code, wrong.out) == (2, "")
    assert "This is no address of an engine." in wrong.err
    assert "spark://HOST:PORT or sc://HOST:PORT" in wrong.err
    nobody = run(name, club, *rest, "--engine", "spark://127.0.0.1:1")
    assert (nobody.code, nobody.out) == (7, "")
    assert "Nobody answers" in nobody.err
    alone = run(name, club, *rest, "--engine-option", "spark.executor.memory=4g")
    assert (alone.code, alone.out) == (2, "")
    assert "Traceback" not in wrong.err + nobody.err + alone.err


def test_the_program_runs_detectors_on_spark(club: Path) -> None:
    """The program itself, with what it keeps out of its start: the same claims as on this machine, so none is new."""
    spark_home()
    words = [sys.executable, "-m", "seawall", "detect", str(club), "--engine", "local[2]", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["new"], told["revised"]) == (0, 0)
    assert told["unchanged"] == sum(told["alerts"].values()) > 0


def test_an_engine_that_would_change_nothing_is_refused(exports: Path, club: Path) -> None:
    """A table of spells and a list of places are read on this machine, whatever cluster is named."""
    said = run("survival", "--spells", exports / "export.csv", "--engine", "local[2]")
    assert said.code == 2
    assert "An engine changes nothing without a workspace." in said.err
    said = run("places", club, "--engine-option", "spark.executor.cores=2")
    assert said.code == 2
    assert "An engine changes nothing without --emerging." in said.err
