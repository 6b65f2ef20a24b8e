from __future__ import annotations

from pathlib import Path

import pytest

import seawall
from seawall.errors import MeasureError
from seawall.protocols import ReadOptions

FIRST = b"id,author,time,text\n1,rosa,2026-05-03T14:05:00Z,roses\n2,iris,2026-05-03T14:06:00Z,tulips\n"
SECOND = b"id,author,time,text\n3,rosa,2026-05-04T14:05:00Z,ferns\n"


@pytest.fixture
def workspace(tmp_path: Path) -> seawall.Workspace:
    workspace = seawall.create(tmp_path / "club")
    (tmp_path / "first.csv").write_bytes(FIRST)
    (tmp_path / "second.csv").write_bytes(SECOND)
    return workspace


def test_what_came_after_a_mark_is_told_once(workspace: seawall.Workspace, tmp_path: Path) -> None:
    """From no mark on everything is told, from the mark that comes with it only what was added since."""
    options = ReadOptions(visibility="public", platform="garden")
    workspace.add(tmp_path / "first.csv", options=options)
    with workspace.reading() as lake:
        everything = lake.added_after({}, ["messages", "coverage"])
        assert sorted(everything.tables["messages"]["text"].to_pylist()) == ["roses", "tulips"]
        assert lake.added_after(everything.mark, ["messages"]).tables["messages"].num_rows == 0
    workspace.add(tmp_path / "second.csv", options=options)
    with workspace.reading() as lake:
        later = lake.added_after(everything.mark, ["messages"])
        assert later.tables["messages"]["text"].to_pylist() == ["ferns"]
        assert later.tables["messages"].schema == seawall.model.MESSAGES
        assert set(later.mark) > set(everything.mark)


def test_rows_as_written_are_those_of_all_marks(workspace: seawall.Workspace, tmp_path: Path) -> None:
    """The stream gives each form of each message, in the columns that are asked for, and nothing folded."""
    options = ReadOptions(visibility="public", platform="garden")
    edits = b"id,author,time,edited,text\n1,rosa,2026-05-03T14:05:00Z,2026-05-03T15:00:00Z,white roses\n"
    (tmp_path / "edits.csv").write_bytes(edits)
    for name in ("first.csv", "second.csv", "edits.csv"):
        workspace.add(tmp_path / name, options=options)
    with workspace.reading() as lake:
        columns = ["text", "message_id", "text_key"]
        rows = [row for batch in lake.as_written("messages", columns) for row in batch.to_pylist()]
        whole = lake.added_after({}, ["messages"]).tables["messages"].select(columns).to_pylist()
        assert sorted(map(str, rows)) == sorted(map(str, whole))
        assert lake.written("messages") == len(rows) >= 3
        with pytest.raises(MeasureError):
            lake.as_written("messages", ["colour"])
