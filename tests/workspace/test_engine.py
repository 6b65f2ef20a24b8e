"""Which engine runs a workspace's measures, and that the claims are the same whichever does."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import seawall
from seawall.engine import LocalEngine
from seawall.errors import ConfigurationError, ConnectError, SeawallError
from seawall.parts import Rows
from seawall.protocols import Measure, PartedMeasure
from tests.docs.club import write_club

if TYPE_CHECKING:
    from seawall.engine.spark import SparkEngine


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gardening club's five months, imported."""
    folder = tmp_path_factory.mktemp("imported")
    write_club(folder)
    options = seawall.ReadOptions(visibility="public", platform="club")
    with seawall.create(folder / "club") as club:
        club.add(folder / "export.csv", options=options)
    return folder / "club"


@pytest.fixture
def club(imported: Path, tmp_path: Path) -> Path:
    """The same, for one test."""
    return Path(shutil.copytree(imported, tmp_path / "club"))


class Counting(LocalEngine):
    """The engine of this machine, and how often it was asked."""

    name = "counting"
    runs = 0

    def run(
        self, measure: Measure | PartedMeasure, rows: Rows | pa.RecordBatchReader, *, total: int | None = None
    ) -> Any:
        """See ``LocalEngine.run``."""
        self.runs += 1
        return super().run(measure, rows, total=total)


def acts(club: Path) -> list[tuple[str, Any]]:
    """What the audit tells, without when."""
    with seawall.open(club) as workspace:
        return [(entry["act"], entry["detail"]) for entry in workspace.audit_entries()]


def engines_told(club: Path) -> list[str]:
    """Which engine each run of the detectors names in the audit."""
    return [detail["engine"] for act, detail in acts(club) if act == "detect"]


def test_without_an_engine_this_machine_does_the_work(club: Path) -> None:
    """None and "local" are the engine of this machine, and the audit says so beside each run."""
    for engine in (None, "local"):
        with seawall.open(club, engine=engine) as workspace:
            workspace.detect()
    assert engines_told(club) == ["local", "local"]


def test_an_engine_that_was_handed_over_is_used_and_stays_open(club: Path) -> None:
    """Whoever opened an engine closes it: several acts share it."""
    engine = Counting()
    with seawall.open(club, engine=engine) as workspace:
        workspace.detect()
        once = engine.runs
        workspace.detect()
    assert once > 0
    assert engine.runs == 2 * once
    assert engines_told(club) == ["counting", "counting"]


def test_spark_makes_the_same_claims(club: Path, spark_engine: SparkEngine) -> None:
    """The same alerts with the same ids and no revision of any, whichever engine ran; the audit names both."""
    with seawall.open(club) as workspace:
        first = workspace.detect()
        before = workspace.alerts()
    with seawall.open(club, engine=spark_engine) as workspace:
        again = workspace.detect()
        after = workspace.alerts()
    assert first.new > 0
    assert (again.new, again.revised, again.unchanged) == (0, 0, first.new)
    assert after.equals(before)
    assert engines_told(club) == ["local", "spark"]


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [
        ("sparkk://club:7077", ConfigurationError, "no address"),
        ("local[none]", ConfigurationError, "no address"),
        ("", ConfigurationError, "no address"),
        ("spark://127.0.0.1:1", ConnectError, "Nobody answers"),
        ("sc://127.0.0.1:1", ConnectError, "Nobody answers"),
    ],
)
def test_an_engine_that_cannot_be_opened_leaves_nothing(
    club: Path, address: str, kind: type[SeawallError], words: str
) -> None:
    """No alert, no case and no entry of the audit comes of a run whose engine was refused."""
    before = acts(club)
    with seawall.open(club, engine=address) as workspace, pytest.raises(kind, match=words):
        workspace.detect()
    assert acts(club) == before


def test_an_engine_that_fails_in_between_leaves_nothing(club: Path) -> None:
    """Where a later detector fails, what earlier ones found is not put before people either."""

    class Failing(Counting):
        def run(
            self, measure: Measure | PartedMeasure, rows: Rows | pa.RecordBatchReader, *, total: int | None = None
        ) -> Any:
            if self.runs == 2:
                raise ConnectError("The cluster is gone.")
            return super().run(measure, rows, total=total)

    before = acts(club)
    with seawall.open(club, engine=Failing()) as workspace, pytest.raises(ConnectError, match="is gone"):
        workspace.detect()
    assert acts(club) == before
    with seawall.open(club) as workspace:
        assert workspace.alerts().num_rows == 0


def test_settings_of_spark_need_spark(club: Path) -> None:
    """Settings that would change nothing are refused, and their values are not repeated."""
    with (
        seawall.open(club, engine_options={"spark.authenticate.secret": "hush-hush"}) as workspace,
        pytest.raises(ConfigurationError, match="Spark's") as refused,
    ):
        workspace.detect()
    assert "hush" not in str(refused.value)
