"""What the lake writes a second: rows of real length, synced to the disk, in batches as ``seawall add`` cuts them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.table import Row
from seawall.lake import Lake
from seawall.lake.delta import DeltaFolder
from seawall.lake.schemas import KEYS, STORED, to_stored
from seawall.model import TABLES
from seawall.protocols import BATCH_RECORDS, NO_EDIT, CleanBatch, RowKeys

NAME = "lake"
ROOT = Path(__file__).resolve().parent.parent
IRA = Path(os.environ.get("SEAWALL_DATA", ROOT.parent / "shared" / "data")) / "ira" / "ira_dev.parquet"
BATCHES = 20


def run() -> list[Row]:
    """Append alone, then whole commits with the search for duplicates."""
    tables = [messages(rows, number) for number, rows in enumerate(ira_batches())]
    rows = sum(table.num_rows for table in tables)
    note = f"{rows:,} rows of ira_dev in batches of {BATCH_RECORDS:,}; {_shape(tables)}; with fsync"
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        appended = rows / _append(Path(folder), tables)
    with tempfile.TemporaryDirectory(dir=ROOT) as folder, Lake.create(Path(folder)) as lake:
        committed = rows / _commit(lake, tables, "first")
        repeated = rows / _commit(lake, tables, "second")
        held = lake.count("messages")
    assert held == rows
    return [
        Row("lake: append alone", appended, "rows/s", ">= 150000", note=note),
        Row("lake: commit, duplicates looked for", committed, "rows/s", note=note),
        Row("lake: the same rows again, all duplicates", repeated, "rows/s", note=note),
    ]


def ira_batches() -> Iterator[pa.Table]:
    """The first rows of the set, a batch at a time."""
    columns = ["message_id", "author_id", "content", "publish_date"]
    batches = pq.ParquetFile(IRA).iter_batches(BATCH_RECORDS, columns=columns)
    for _, batch in zip(range(BATCHES), batches, strict=False):
        yield pa.Table.from_batches([batch])


def messages(rows: pa.Table, number: int) -> pa.Table:
    """Rows as intake hands them over: pseudonyms, links, keys."""
    count = rows.num_rows
    generator = np.random.default_rng(number)
    authors = rows["author_id"].combine_chunks().dictionary_encode()
    names = pa.array([f"a{generator.bytes(10).hex()}" for _ in authors.dictionary])
    links = [[{"url": f"https://t.co/{value}", "domain": "t.co", "place": "web"}] for value in _addresses(rows)]
    columns = {
        "message_id": pc.binary_join_element_wise("twitter", rows["message_id"].cast("string"), ":"),
        "platform": pa.repeat("twitter", count),
        "source": pa.repeat("generic", count),
        "account_id": names.take(authors.indices),
        "sent_at": rows["publish_date"].cast(TABLES["messages"].field("sent_at").type),
        "collected_at": pa.repeat(pa.scalar(0, TABLES["messages"].field("collected_at").type), count),
        "kind": pa.repeat("post", count),
        "visibility": pa.repeat("public", count),
        "text": rows["content"],
        "text_key": pa.array(generator.integers(0, 2**64 - 1, count, np.uint64)),
        "language": pa.repeat("en", count),
        "links": pa.array(links, TABLES["messages"].field("links").type),
        "raw_ref": pa.array(
            [{"file": "0123456789abcdef", "position": number * BATCH_RECORDS + place} for place in range(count)],
            TABLES["messages"].field("raw_ref").type,
        ),
        "batch": pa.repeat(0, count),
    }
    arrays = [columns.get(column.name, pa.nulls(count, column.type)) for column in TABLES["messages"]]
    return pa.Table.from_arrays(arrays, schema=TABLES["messages"])


def _addresses(rows: pa.Table) -> list[str]:
    return [str(value) for value in pc.utf8_slice_codeunits(rows["content"], -10).to_pylist()]


def _append(folder: Path, tables: list[pa.Table]) -> float:
    target = DeltaFolder(folder / "messages", "messages")
    target.create()
    seconds = 0.0
    for number, rows in enumerate(tables):
        keyed = rows
        for name in KEYS:
            keyed = keyed.append_column(
                STORED["messages"].field(name), pa.array(rows["text_key"].to_numpy().view("i8"))
            )
        start = time.perf_counter()
        target.commit(target.write_file(to_stored("messages", keyed, number).to_batches()))
        seconds += time.perf_counter() - start
    return seconds


def _commit(lake: Lake, tables: list[pa.Table], feed: str) -> float:
    seconds = 0.0
    for number, rows in enumerate(tables, 1):
        batch = _clean(rows, number)
        start = time.perf_counter()
        lake.commit(
            batch,
            feed=feed,
            number=number,
            last=False,
            source="generic",
            platform="twitter",
            extractor="generic/1",
            checkpoint=None,
        )
        seconds += time.perf_counter() - start
    return seconds


def _clean(rows: pa.Table, number: int) -> CleanBatch:
    generator = np.random.default_rng(number)
    ids, contents = generator.integers(0, 2**64 - 1, (2, rows.num_rows), np.uint64)
    none = np.empty(0, np.uint64)
    return CleanBatch(
        records=rows.num_rows,
        tables={name: schema.empty_table() for name, schema in TABLES.items() if name != "batches"}
        | {"messages": rows},
        message_keys=RowKeys(ids, contents, np.full(len(ids), NO_EDIT), np.zeros(len(ids), np.bool_)),
        interaction_keys=RowKeys(none, none, np.empty(0, np.int64), np.empty(0, np.bool_)),
        parents=np.empty(0, np.int64),
    )


def _shape(tables: list[pa.Table]) -> str:
    letters = float(np.mean([pc.mean(pc.utf8_length(table["text"])).as_py() for table in tables]))
    return f"{letters:.0f} characters, one link and 24 columns a row"
