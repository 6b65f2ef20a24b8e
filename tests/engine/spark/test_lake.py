"""Tasks that read the lake while others change it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.engine.spark import SparkEngine
from seawall.errors import StorageError
from seawall.lake import Lake
from tests.engine.spark.kernels import same
from tests.lake.worlds import account, clean, commit

COLUMNS = ["message_id", "text"]


def test_a_run_sees_the_moment_at_which_it_began(spark_engine: SparkEngine, tmp_path: Path) -> None:
    """What another writer commits meanwhile is not seen; a file that is gone is an error that says so."""
    with Lake.create(tmp_path / "club") as lake:
        commit(lake, clean([{"message_id": f"club:{number}", "text": "peas"} for number in range(5)]))
        parts = spark_engine.parts(lake.rows("messages", COLUMNS)).by("message_id").each(same)
        commit(lake, clean([{"message_id": "club:later", "text": "beans"}]), number=2)
        assert len(parts.all()) == 5
        lake.erase([account(1)])
        with pytest.raises(StorageError):
            parts.all()
