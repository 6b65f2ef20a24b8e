"""Near-duplicates over rows in parts, against the measure that sees all rows at once."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.engine import LocalEngine
from seawall.engine.local_parts import LocalParts
from seawall.engine.spark import SparkEngine
from seawall.errors import MeasureError
from seawall.measures import near_duplicates
from seawall.measures.similarity import NearDuplicates, near_links, near_texts
from seawall.measures.similarity import near as module
from seawall.parts import TableRows
from tests.measures.similarity import reference, worlds

TIME = pa.timestamp("us", "UTC")

thresholds = st.sampled_from([0.5, 0.6, 0.8, 1.0])
counts = st.integers(1, 7)
messages = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 8)),
        st.one_of(st.none(), worlds.texts(), st.sampled_from(["", "🌷", "tulips", "TULIPS!", "two words"])),
        st.one_of(st.none(), st.integers(0, 3)),
    ),
    max_size=14,
)


def table(rows: list[tuple[int | None, str | None, int | None]], *, timed: bool = True) -> pa.Table:
    ids, texts, at = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {"id": pa.array(ids, pa.uint64()), "text": pa.array(texts, pa.string()), "at": pa.array(at, TIME)}
    return pa.table(columns if timed else {name: columns[name] for name in ("id", "text")})


def over(rows: pa.Table, count: int, threshold: float = 0.8) -> pa.Table:
    return NearDuplicates(threshold).over(LocalParts.of(TableRows(rows), count))


@given(messages, counts, thresholds, st.booleans())
def test_parts_give_what_all_rows_at_once_give(
    rows: list[tuple[int | None, str | None, int | None]], count: int, threshold: float, timed: bool
) -> None:
    """However rows are cut, ids, clusters, similarities and times are those of all rows at once."""
    whole = table(rows, timed=timed)
    expected = LocalEngine().run(NearDuplicates(threshold), TableRows(whole))
    found = over(whole, count, threshold)
    assert found.schema == expected.schema
    assert found.to_pylist() == expected.to_pylist()


@given(messages, thresholds)
def test_clusters_are_those_of_the_plain_form(
    rows: list[tuple[int | None, str | None, int | None]], threshold: float
) -> None:
    """Of each id the smallest text and the earliest time, clustered in plain Python; ids alone are left out."""
    texts: dict[int, tuple[list[str], list[int]]] = {}
    for id_, text, at in rows:
        if id_ is not None:
            held = texts.setdefault(id_, ([], []))
            held[0].extend([] if text is None else [text])
            held[1].extend([] if at is None else [at])
    told = sorted(id_ for id_, (written, _) in texts.items() if written)
    first = [min(texts[id_][1], default=10**9) for id_ in told]
    plain = reference.near_duplicates([min(texts[id_][0]) for id_ in told], threshold, first)
    clusters = [row[0] for row in plain if row]
    expected = [
        (id_, *row) for id_, row in zip(told, plain, strict=True) if row is not None and clusters.count(row[0]) > 1
    ]
    found = NearDuplicates(threshold).at_once(table(rows).to_reader())
    assert [(row["id"], row["cluster"], row["similarity"]) for row in found.to_pylist()] == expected


def template(variants: int, seed: int) -> list[str]:
    """Texts of one template, and some of another."""
    fate = random.Random(seed)
    words = [f"word{number}" for number in range(30)]
    texts = []
    for number in range(variants):
        chosen = words.copy() if number % 5 else words[::-1]
        for place in fate.sample(range(30), fate.randrange(3)):
            chosen[place] = f"other{fate.randrange(variants)}"
        texts.append(" ".join(chosen))
    return texts


@settings(max_examples=10)
@given(st.integers(0, 1 << 30), counts)
def test_a_template_of_many_variants_is_compared_as_at_once(seed: int, count: int) -> None:
    """Buckets of more texts than are compared with one another, in chunks of three, link what they do in one piece."""
    texts = template(150, seed)
    rows = table([(number, text, number % 7) for number, text in enumerate(texts)])
    expected = NearDuplicates(0.7).at_once(rows.to_reader())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_links, "CHUNK", 3)
        patch.setattr(near_texts, "ATTACHED", 5)
        patch.setattr(module, "MET_BYTES", 1 << 10)
        assert over(rows, count, 0.7).to_pylist() == expected.to_pylist()


def weighed(monkeypatch: pytest.MonkeyPatch, variants: int, templates: int) -> list[int]:
    """The bytes of each part in which texts meet, of so many templates with so many variants."""
    parts: list[int] = []

    def counted(rows: pa.Table, threshold: float) -> pa.Table:
        parts.append(rows.nbytes)
        return near_links.linked(rows, threshold)

    monkeypatch.setattr(module, "linked", counted)
    texts = [f"{text} club{club}" for club in range(templates) for text in template(variants, club)]
    over(table([(number, text, number) for number, text in enumerate(texts)]), 2)
    return [size for size in parts if size]


def test_what_is_sent_to_meetings_is_cut_by_its_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the texts, with more copies each, make more parts and no heavier ones."""
    monkeypatch.setattr(near_links, "CHUNK", 64)
    monkeypatch.setattr(module, "MET_BYTES", 1 << 16)
    few, many = weighed(monkeypatch, 20, 20), weighed(monkeypatch, 40, 40)
    assert sum(many) > 4 * sum(few)
    assert len(many) > 3 * len(few)
    assert max(few + many) < 4 * module.MET_BYTES


def test_many_batches_are_held_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of one id are put together again and again while they come, with the same result."""
    rows = table([(number % 40, f"plant {number % 40 // 2} tulips in the garden", number) for number in range(400)])
    expected = NearDuplicates().at_once(rows.to_reader())
    monkeypatch.setattr(module, "WAITING", 30)
    assert NearDuplicates().at_once(rows.to_reader(max_chunksize=7)).to_pylist() == expected.to_pylist()
    assert len(expected) == 40


def test_ids_that_are_their_own_are_those_of_the_batch() -> None:
    """With an id for each row the clusters are those of ``near_duplicates``, without those that are alone."""
    texts = [*template(60, 5), "The club meets at the bridge", "🌷"]
    rows = table([(number, text, number) for number, text in enumerate(texts)])
    whole = near_duplicates(rows)
    clusters = whole["cluster"].to_pylist()
    expected = [row for row in whole.to_pylist() if row["cluster"] and clusters.count(row["cluster"]) > 1]
    assert over(rows, 3).select(["id", "cluster", "similarity"]).to_pylist() == expected


def test_ids_may_be_strings() -> None:
    """Ids of messages are as good as numbers."""
    rows = pa.table({"id": ["m2", "m1", "m3"], "text": ["plant tulips", "PLANT tulips", "ride"]})
    assert over(rows, 2)["id"].to_pylist() == ["m1", "m2"]


def test_a_missing_column_is_named() -> None:
    """The error names the missing column, on any engine."""
    rows = TableRows(pa.table({"id": [1], "texts": ["tulips"]}))
    with pytest.raises(MeasureError, match="the nearest is texts"):
        LocalEngine().run(NearDuplicates(), rows)
    with pytest.raises(MeasureError, match="the nearest is texts"):
        over(rows.table, 2)


def test_a_threshold_out_of_reach_is_refused() -> None:
    """Below 0.5 most pairs would be missed."""
    with pytest.raises(MeasureError, match="threshold"):
        NearDuplicates(0.4)


def test_spark_gives_what_the_local_engine_gives(spark_engine: SparkEngine) -> None:
    """On a real Spark clusters, similarities and times are those of the local engine."""
    texts = template(150, 3)
    rows = TableRows(table([(number // 2, text, number % 7) for number, text in enumerate([*texts, *texts])]))
    expected = LocalEngine().run(NearDuplicates(0.7), rows)
    assert spark_engine.run(NearDuplicates(0.7), rows).equals(expected)
    assert len(expected) > 100
