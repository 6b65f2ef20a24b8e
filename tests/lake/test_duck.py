from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from seawall.errors import MeasureError, StorageError
from seawall.lake import Lake, duck
from seawall.lake.duck import Session
from tests.lake.worlds import account, clean, commit


class Numbers:
    """A million ids, in pieces."""

    schema = pa.schema([("id", pa.string())])

    def reader(self) -> pa.RecordBatchReader:
        pieces = (
            pa.record_batch(
                [pa.array([f"{number:032d}" for number in range(start, start + 10_000)])], schema=self.schema
            )
            for start in range(0, 1_000_000, 10_000)
        )
        return pa.RecordBatchReader.from_batches(self.schema, pieces)


def test_a_statement_sees_the_declared_columns_only(lake: Lake):
    """A query over declared columns works, twice over the same table too; another column is refused."""
    commit(lake, clean([{"text": "prune the roses"}, {"text": "ride at nine", "account_id": account(2)}]))
    tables = {"messages": ["account_id", "sent_at"]}
    joined = lake.query("SELECT count(*) AS pairs FROM messages a JOIN messages b ON a.sent_at <= b.sent_at", tables)
    assert joined.to_pylist() == [{"pairs": 3}]
    with pytest.raises(MeasureError):
        lake.query("SELECT text FROM messages", tables)
    assert lake.query("SELECT max(sent_at) AS at FROM messages", tables).schema.field("at").type.tz == "UTC"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY messages TO 'seawall-must-not-be-written.csv'",
        "SET enable_external_access = true",
        "ATTACH 'seawall-must-not-be-written.duckdb'",
        "SELECT * FROM lake",
        "INSTALL httpfs",
    ],
)
def test_a_statement_reaches_nothing_else(lake: Lake, sql: str, monkeypatch: pytest.MonkeyPatch):
    """No file, no setting, no variable of the program, no network."""
    monkeypatch.chdir(lake.folder)
    with pytest.raises((MeasureError, StorageError)):
        lake.query(sql, {"messages": ["account_id"]})
    assert not list(lake.folder.glob("seawall-must-not-be-written*"))


def test_a_wrong_statement_is_told_without_its_words(lake: Lake):
    """The error names the kind of fault, not the statement, which may hold values."""
    with pytest.raises(MeasureError) as caught:
        lake.query("SELEC secretword FROM messages")
    assert "secretword" not in str(caught.value)


def test_private_words_have_nowhere_to_spill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With too little memory, ids spill to the folder; without a folder the statement fails and writes nothing."""
    monkeypatch.setattr(duck, "MEMORY_MOST", 32 << 20)
    grouped = "SELECT sum(n) AS n FROM (SELECT id, count(*) AS n FROM ids GROUP BY id)"
    assert Session({"ids": Numbers()}, tmp_path).stream(grouped).read_all()["n"].to_pylist() == [1_000_000]
    with pytest.raises(StorageError, match="never spilled"):
        Session({"ids": Numbers()}, None).stream(grouped).read_all()
