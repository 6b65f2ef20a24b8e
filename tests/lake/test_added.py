from __future__ import annotations

from pathlib import Path

import pytest

import seawall
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
