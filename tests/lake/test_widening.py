"""Columns that came later: a lake of an older Seawall is read, added to and checked as before."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from seawall.lake import Lake
from seawall.lake.schemas import STORED
from seawall.model import CHANNELS, TABLES
from seawall.model.lake import LATER
from tests.lake.worlds import clean, commit

OLD = {"channel_id": "c0", "title": "Gardening club"}
NEW = {"channel_id": "c1", "handle": "cycling_club", "address": "https://t.me/~0a"}


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake as an older Seawall left it."""
    stored = STORED["channels"]
    with monkeypatch.context() as before:
        names = [name for name in stored.names if name not in LATER["channels"]]
        before.setitem(STORED, "channels", pa.schema([stored.field(name) for name in names]))
        with Lake.create(tmp_path) as lake:
            commit(lake, clean([{"text": "beet"}], channels=[OLD]), feed="old")
    return tmp_path


def told(lake: Lake) -> dict[str, tuple[str | None, str | None]]:
    rows = lake.reader("channels").read_all().to_pylist()
    return {row["channel_id"]: (row["handle"], row["address"]) for row in rows}


def test_what_an_older_seawall_wrote_is_read_as_null(older: Path) -> None:
    """A lake without the columns is whole, and gives nulls for them in all ways of reading."""
    with Lake.open(older) as lake:
        assert told(lake) == {"c0": (None, None)}
        assert lake.reader("channels").schema == CHANNELS
        assert lake.query("SELECT count(address) AS n FROM channels").to_pylist() == [{"n": 0}]
        assert lake.check() == []


def test_an_older_lake_takes_new_rows(older: Path) -> None:
    """Opened for writing it takes the columns on, once; rows of both kinds stand together, and all is whole."""
    with Lake.open(older, write=True) as lake:
        version = lake.version()
        commit(lake, clean([{"text": "roses", "message_id": "club:9"}], channels=[NEW]), feed="new")
        assert told(lake) == {"c0": (None, None), "c1": ("cycling_club", "https://t.me/~0a")}
    with Lake.open(older, write=True) as lake:
        assert lake.version() != version
        before = lake.version()
        lake.settle()
        assert lake.version() == before
        assert lake.check() == []
    schema = DeltaTable(older / "lake" / "channels").schema()
    assert {field.name for field in schema.fields} == set(TABLES["channels"].names)


def test_an_older_lake_is_compacted_and_summed_up(older: Path) -> None:
    """Joining files of both kinds, and a new checkpoint of the log, change no row."""
    with Lake.open(older, write=True) as lake:
        for number in range(9):
            row = {"text": f"bed {number}", "message_id": f"club:{number + 10}"}
            commit(lake, clean([row], channels=[{**NEW, "channel_id": f"c{number + 1}"}]), feed=f"feed {number}")
        before = told(lake)
        lake.compact()
        assert told(lake) == before
        assert len(before) == 10
        assert lake.check() == []
