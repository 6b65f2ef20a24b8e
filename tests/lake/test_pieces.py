"""Rows that others read file by file are those that a reader gives."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import StorageError
from seawall.lake import Lake
from tests.lake.worlds import START, account, clean, commit, handle

COLUMNS = {
    "messages": ["message_id", "account_id", "sent_at", "text", "deleted_at"],
    "interactions": ["interaction_id", "source_account", "at"],
    "accounts": ["account_id", "last_seen"],
    "channels": ["channel_id"],
}


def in_order(rows: pa.Table) -> list[dict[str, Any]]:
    return sorted(rows.to_pylist(), key=str)


def travelled(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - what was just written


def read_in_pieces(lake: Lake, table: str, most: int, **span: Any) -> pa.Table:
    """The rows as a task elsewhere reads them: all that it knows was pickled."""
    rows = lake.rows(table, COLUMNS[table], **span)
    pieces = [travelled(piece) for piece in rows.pieces(most)]
    assert len(pieces) <= most + 1  # rows that stand in no file are a piece of their own
    there = travelled(rows)
    batches = [batch for piece in pieces for batch in there.read(piece)]
    return pa.Table.from_batches(batches, rows.schema)


acts = st.lists(
    st.tuples(st.sampled_from(("post", "edit", "delete", "alias", "act")), st.integers(0, 5)), min_size=1, max_size=12
)


def batch_of(kind: str, which: int, number: int) -> Any:
    message = f"club:{which}"
    if kind == "post":
        fresh = {"message_id": f"club:{number}:0", "text": "peas", "account_id": handle(which)}
        return clean([fresh, {"message_id": message, "text": "first", "sent_at": START + timedelta(hours=which)}])
    if kind == "edit":
        row = {"message_id": message, "text": f"edit {number}", "edited": number, "edited_at": START}
        return clean([row], [{"interaction_id": f"{message}:{number}", "parent": 0}])
    if kind == "delete":
        return clean(deletions=[{"message_id": message}])
    if kind == "alias":
        return clean(aliases=[{"handle_key": handle(which), "account_id": account(which)}])
    return clean(acts=[{"interaction_id": f"a{number}", "source_account": handle(which), "at": START}])


@settings(max_examples=25)
@given(acts, st.integers(1, 7), st.booleans())
def test_pieces_hold_every_row_once(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[str, int]], most: int, bounded: bool
) -> None:
    """Posts, edits, deletions and aliases in any order: in up to seven pieces there is what a reader gives."""
    span = {"start": START, "end": START + timedelta(hours=3)} if bounded else {}
    with Lake.create(tmp_path_factory.mktemp("lake")) as lake:
        for number, (kind, which) in enumerate(chosen, 1):
            commit(lake, batch_of(kind, which, number), number=number)
        for table, columns in COLUMNS.items():
            read = lake.reader(table, columns, **span).read_all()
            assert in_order(read_in_pieces(lake, table, most, **span)) == in_order(read)


def test_rows_that_travel_know_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lake that was opened by a relative path is found by a process that works in another folder."""
    (tmp_path / "club").mkdir()
    monkeypatch.chdir(tmp_path)
    with Lake.create(Path("club")) as lake:
        commit(lake, clean([{"text": "sow peas"}]))
        rows = lake.rows("messages", ["message_id"])
    (tmp_path / "told").write_bytes(pickle.dumps((rows, rows.pieces(1))))
    program = (
        "import pickle, sys; rows, pieces = pickle.load(open(sys.argv[1], 'rb'));"
        "print([batch.num_rows for piece in pieces for batch in rows.read(piece)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "told")],
        cwd="/", env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[1]"


def test_one_moment_stays_while_others_commit(lake: Lake) -> None:
    """Inside, readings and the version are those of the beginning; behind it they are those of now."""
    commit(lake, clean([{"text": "first"}]))
    with Lake.open(lake.folder) as reading:
        before = reading.version()
        with reading.at_one_moment() as version:
            commit(lake, clean([{"message_id": "club:9", "text": "later"}]), number=2)
            commit(lake, clean([{"text": "changed", "edited": 3, "edited_at": START}]), number=3)
            lake.compact()
            assert version == reading.version() == before
            assert reading.count("messages") == 1
            assert reading.reader("messages", ["text"]).read_all()["text"].to_pylist() == ["first"]
            assert in_order(read_in_pieces(reading, "messages", 3))[0]["text"] == "first"
        assert reading.version() == lake.version() != before
        assert reading.count("messages") == 2


def test_a_moment_whose_files_were_erased_says_so(lake: Lake) -> None:
    """Who is erased is gone at once, also for those who read on: a clear error, and never the person's rows."""
    commit(lake, clean([{"text": "first"}]))
    with Lake.open(lake.folder) as reading, reading.at_one_moment():
        rows = reading.rows("messages", ["message_id"])
        (piece,) = rows.pieces(1)
        lake.erase([account(1)])
        with pytest.raises(StorageError):
            reading.count("messages")
        with pytest.raises(StorageError):
            list(rows.read(piece))
