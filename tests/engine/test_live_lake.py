"""The live engine beside the real lake, and on real messages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from seawall.checks import MemoryWindow
from seawall.detectors import WATCHING
from seawall.engine.live import LiveEngine
from seawall.lake import Lake
from seawall.measures.text.match_key import match_keys
from seawall.model import COVERAGE, MESSAGES, UTC_MICROSECONDS
from seawall.protocols import CleanBatch
from tests.engine.live_world import COLUMNS, NOW, Mirror, Plain, told
from tests.lake.worlds import START, account, clean, commit, handle

TABLES = ("messages", "deletions", "coverage", "aliases")


def batches(fate: random.Random, number: int) -> Iterator[CleanBatch]:
    """A club's messages in batches, with edits, deletions, duplicates and aliases of earlier ones."""
    known: list[dict[str, Any]] = []
    for turn in range(number):
        rows = []
        for _ in range(fate.randrange(6)):
            place = len(known) + len(rows)
            author = fate.choice([account, handle])(fate.randrange(3))
            rows.append({"message_id": f"club:{place}", "sent_at": START + timedelta(minutes=place), "text": "a"})
            rows[-1] |= {"account_id": author, "text_key": 1, "mentions": [handle(1)], "language": "de"}
        for row in fate.sample(known, min(len(known), fate.randrange(4))):
            at = START + timedelta(hours=1 + turn)
            edit = {"text": f"edit {turn}", "text_key": turn, "edited_at": at, "edited": int(at.timestamp() * 1e6)}
            rows.append({**row, **fate.choice([{}, edit])})
        gone = {f"club:{fate.randrange(8)}" for _ in range(fate.randrange(2))}
        notices = [{"message_id": name, "deleted_at": START + timedelta(hours=turn)} for name in sorted(gone)]
        pair = {"handle_key": handle(fate.randrange(2)), "account_id": account(fate.randrange(4))}
        yield clean(rows, deletions=notices, aliases=[pair] if fate.random() < 0.3 else [])
        known = list({row["message_id"]: row for row in [*known, *rows]}.values())


@pytest.mark.parametrize("seed", range(4))
def test_after_each_commit_it_sees_what_a_reader_of_the_lake_sees(tmp_path: Path, seed: int) -> None:
    """Fed from receipts, from what came since a mark, or rebuilt, the messages are those of the lake's reader."""
    with Lake.create(tmp_path) as lake:
        live, late = (LiveEngine([Mirror(), Plain()]) for _ in range(2))
        fate, mark = random.Random(seed), {}
        for number, batch in enumerate(batches(fate, 8), start=1):
            live.feed(commit(lake, batch, number=number).added)
            seen = told(lake.reader("messages", list(COLUMNS)).read_all())
            assert [alert.details for alert in live.alerts(NOW, finalise=True)] == [seen, seen]
            if fate.random() < 0.4:
                since = lake.added_after(mark, TABLES)
                late.feed(since.tables)
                mark = dict(since.mark)
        late.feed(lake.added_after(mark, TABLES).tables)
        fresh = LiveEngine([Mirror(), Plain()])
        fresh.rebuild(lake.reader)
        assert live.digest() == late.digest() == fresh.digest()


def real_messages(folder: Path, last: int) -> pa.Table:
    """Real tweets as messages, ``account_id`` as published; minutes are whole."""
    rows = pq.read_table(folder / "ira" / "ira_dev.parquet", filters=pc.field("message_id") < last)
    count = len(rows)
    at = rows["publish_date"].cast(UTC_MICROSECONDS)
    given = {
        "message_id": rows["message_id"].cast(pa.string()),
        "account_id": rows["author_id"],
        "sent_at": at,
        "collected_at": at,
        "text_key": match_keys(rows["content"].combine_chunks()),
        "language": rows["language"],
        **{name: pa.repeat(name, count) for name in ("platform", "source", "kind", "visibility")},
        "raw_ref": pa.repeat(pa.scalar({"file": "0", "position": 1}, MESSAGES.field("raw_ref").type), count),
        "batch": pa.repeat(1, count),
    }
    columns = [given.get(field.name, pa.nulls(count, field.type)) for field in MESSAGES]
    return pa.Table.from_arrays([pa.chunked_array(c) if isinstance(c, list) else c for c in columns], schema=MESSAGES)


@pytest.mark.data
def test_real_messages_fed_in_portions_give_the_alerts_of_a_batch(shared_data: Path, tmp_path: Path) -> None:
    """Real tweets, late by up to a thousand places, with a stop on the way: all detectors say what they say of all."""
    rows = real_messages(shared_data, 40_000)
    fate = random.Random(5)
    order = sorted(range(len(rows)), key=lambda place: place + fate.randrange(1000))
    engine = LiveEngine(WATCHING, keep=None)
    for start in range(0, len(rows), 2000):
        engine.feed({"messages": rows.take(pa.array(order[start : start + 2000]))})
        if start == 20_000:
            engine.save(tmp_path / "watch", {}, epoch=0)
            engine = LiveEngine(WATCHING, keep=None)
            assert engine.restore(tmp_path / "watch", epoch=0) == {}
    after = pc.max(rows["sent_at"]).as_py() + timedelta(days=1)
    tables = {"messages": rows, "coverage": COVERAGE.empty_table()}
    batch = [alert for one in WATCHING for alert in one.detect(MemoryWindow(tables, one))]
    assert len({alert.detector for alert in batch}) == 2
    assert engine.alerts(after, finalise=True) == batch
