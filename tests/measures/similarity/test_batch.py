"""The batch measure, against every pair of every bucket in plain Python."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import near_duplicates
from seawall.measures.similarity import batch as module
from tests.measures.similarity import reference, worlds

thresholds = st.sampled_from([0.5, 0.6, 0.8, 0.9, 1.0])


def found(texts: list[str | None], threshold: float, at: list[int] | None = None) -> list[tuple[str, float] | None]:
    columns = {"id": pa.array(range(len(texts))), "text": pa.array(texts, pa.string())}
    table = near_duplicates(
        pa.table(columns | ({} if at is None else {"at": pa.array(at, pa.int64())})), threshold=threshold
    )
    assert table["id"].to_pylist() == list(range(len(texts)))
    rows = zip(table["cluster"].to_pylist(), table["similarity"].to_pylist(), strict=True)
    return [None if cluster is None else (cluster, similarity) for cluster, similarity in rows]


@given(worlds.rows, thresholds, st.data())
def test_clusters_are_those_of_the_plain_form(texts: list[str], threshold: float, data: st.DataObject) -> None:
    """Clusters, their names and the similarities are those of the plain form, with times and without."""
    assert found(texts, threshold) == reference.near_duplicates(texts, threshold)
    at = data.draw(st.lists(st.integers(0, 3), min_size=len(texts), max_size=len(texts)))
    assert found(texts, threshold, at) == reference.near_duplicates(texts, threshold, at)


@given(worlds.rows, st.randoms())
def test_the_order_of_rows_changes_nothing(texts: list[str], fate: random.Random) -> None:
    """Each text keeps its cluster and its similarity wherever its row stands."""
    order = list(range(len(texts)))
    fate.shuffle(order)
    before, after = found(texts, 0.8), found([texts[row] for row in order], 0.8)
    assert after == [before[row] for row in order]


def test_many_blocks_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows in blocks of three, on several threads, give what one block gives."""
    texts = [f"{base} and plant {number // 2} more tulips" for base in worlds.BASES[:2] for number in range(40)]
    whole = found(texts, 0.8)
    monkeypatch.setattr(module, "BLOCK", 3)
    assert found(texts, 0.8) == whole
    assert len({row[0] for row in whole if row}) < 80


def test_on_real_tweets(shared_data: Path) -> None:
    """On 1,000 real tweets the kernels give what the plain form gives."""
    column = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=["content"])["content"]
    texts = column.slice(900_000, 1_000).to_pylist()
    expected = reference.near_duplicates(texts, 0.7)
    assert found(texts, 0.7) == expected
    assert len({row[0] for row in expected if row}) < len({text for text in texts if text}) - 10


def test_empty_texts_belong_to_no_cluster() -> None:
    """A null, an empty text, and one without letters or numbers have neither cluster nor similarity."""
    assert found([None, "", "🌷🌷", "@anna", "https://t.co/1"], 0.8) == [None] * 5


def test_a_text_alone_is_its_own_cluster() -> None:
    """A text that resembles no other has a cluster named by its own key."""
    (row,) = found(["Plant tulips in May"], 0.8)
    assert row == (f"{666350646918162236:016x}", 1.0)


@pytest.mark.parametrize("texts", [["tulips", "tulips now"], ["red tulips", "red roses"], ["花园", "花圃"]])
def test_short_texts_resemble_only_their_equals(texts: list[str]) -> None:
    """One or two words, or fewer than five letters of Chinese, have copies and no near-copies."""
    one, other, again = found([*texts, texts[0].upper()], 0.5)
    assert one != other
    assert one == again


def test_a_chain_is_one_cluster() -> None:
    """What is near to a near-copy is in the cluster, with its own lower similarity to the earliest."""
    words = [f"word{number}" for number in range(60)]
    texts = [" ".join(words[start : start + 40]) for start in (0, 4, 8)]
    rows = found(texts, 0.8, [1, 2, 3])
    assert [row[0] for row in rows if row] == [rows[0][0]] * 3  # type: ignore[index]
    assert [round(row[1], 3) for row in rows if row] == [1.0, round(34 / 42, 3), round(30 / 46, 3)]


def test_any_data_frame_will_do() -> None:
    """A frame of polars, several chunks and an empty table are taken."""
    frame = pl.DataFrame({"id": ["a", "b"], "text": ["Plant tulips in May", "plant TULIPS in May"]})
    table = near_duplicates(frame)
    assert table["cluster"][0] == table["cluster"][1]
    chunks = near_duplicates(
        pa.concat_tables([table.select(["id"]).append_column("text", frame.to_arrow()["text"])] * 2)
    )
    assert chunks["cluster"].to_pylist() == table["cluster"].to_pylist() * 2
    assert near_duplicates(frame.clear()).schema.names == ["id", "cluster", "similarity"]


@pytest.mark.parametrize("threshold", [0.0, 0.49, 1.01, float("nan")])
def test_a_threshold_out_of_reach_is_refused(threshold: float) -> None:
    """A threshold below 0.5 or above 1 is refused."""
    with pytest.raises(MeasureError, match="threshold"):
        near_duplicates(pa.table({"id": [1], "text": ["tulips"]}), threshold=threshold)


def test_a_missing_column_is_named() -> None:
    """The error names the missing column and the nearest one."""
    with pytest.raises(MeasureError, match="the nearest is texts"):
        near_duplicates(pa.table({"id": [1], "texts": ["tulips"]}))


def test_a_million_identical_messages_cost_one_key() -> None:
    """A million copies are one sketch, and take no more memory than their row numbers."""
    copies = pa.array(["Plant tulips in the garden of the club in May"] * 1_000_000)
    slots = module.Slots()
    numbers, sketches = module.sketched_rows(copies, slots)
    assert len(slots) == len(sketches.keys) == 1
    assert sketches.nbytes < 1_000
    assert slots.nbytes <= 64 * module.BLOCK
    assert not np.any(numbers)
