from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from seawall.errors import MeasureError
from seawall.measures import HashIndex
from tests.measures.hashes.clustered import as_column, as_hex, clustered
from tests.measures.hashes.reference import SlowIndex

POOL = as_hex(clustered(40, group=8, flips=36, seed=7))
IDS = [f"bed {number}" for number in range(8)]
PAIRS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(POOL)), max_size=12)


def rows_of(table: pa.Table) -> list[tuple[int, str, int]]:
    """A table of matches as tuples."""
    return list(zip(*(table[name].to_pylist() for name in ("query", "id", "distance")), strict=True))


class Beside(RuleBasedStateMachine):
    """The same acts on the index and on the slow one."""

    def __init__(self) -> None:
        super().__init__()
        self.index, self.slow = HashIndex(), SlowIndex()

    @rule(pairs=PAIRS)
    def add(self, pairs: list[tuple[str, str]]) -> None:
        ids, hashes = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        self.index.add(ids, hashes)
        self.slow.add(ids, hashes)

    @rule(ids=st.lists(st.sampled_from(IDS), max_size=3))
    def remove(self, ids: list[str]) -> None:
        assert self.index.remove(ids) == self.slow.remove(ids)

    @rule()
    def save_and_open(self) -> None:
        self.index = HashIndex(self.index.save())

    @rule(hashes=st.lists(st.sampled_from(POOL), max_size=4), distance=st.sampled_from([0, 5, 31, 33, 60, 200, 256]))
    def query(self, hashes: list[str], distance: int) -> None:
        assert rows_of(self.index.query(hashes, distance)) == self.slow.query(hashes, distance)

    @invariant()
    def as_many(self) -> None:
        assert len(self.index) == len(self.slow.pairs)


class TestBesideTheSlowIndex(Beside.TestCase):  # type: ignore[misc, name-defined]
    """Whatever is added, removed, saved and asked in whatever order: the answers are those of the slow index."""

    settings = settings(max_examples=25, stateful_step_count=25)


def test_a_large_bank_answers_as_brute_force_does_after_many_changes() -> None:
    """6,000 clustered hashes, added in pieces, half removed (so that the bank is laid out anew), some added again: the
    pairs within 31 bits are those of a comparison with all."""
    words = clustered(6_000, seed=3)
    names = np.array([f"image {number // 2}" for number in range(len(words))])
    index = HashIndex()
    for start in (0, 4_000, 5_000):
        stop = min(start + (4_000 if start == 0 else 1_000), len(words))
        index.add(names[start:stop].tolist(), as_column(words[start:stop]))
    gone = np.unique(names)[::2]
    assert index.remove(gone.tolist()) == int(np.isin(names, gone).sum())
    index.add(names[:100].tolist(), as_column(words[:100]))
    held = ~np.isin(names, gone)
    held[:100] = True
    queries = clustered(6_000, seed=3)[::37]
    apart = np.bitwise_count(queries[:, None, :] ^ words[None, :, :]).sum(axis=2)
    expected = {
        (int(query), str(names[row]), int(apart[query, row]))
        for query, row in zip(*np.nonzero((apart <= 31) & held), strict=True)
    }
    assert set(rows_of(index.query(as_hex(queries)))) == expected
    assert len(expected) > len(queries)


def test_an_index_that_is_emptied_and_filled_again_and_again_does_not_grow() -> None:
    """After 30 rounds in which everything is replaced, it takes no more memory than after the second."""
    index, sizes = HashIndex(), []
    for generation in range(30):
        words = clustered(5_000, seed=generation)
        index.add([f"{generation} {row}" for row in range(len(words))], as_column(words))
        index.remove([f"{generation - 1} {row}" for row in range(len(words))])
        sizes.append(index.nbytes)
    assert max(sizes) <= 1.1 * max(sizes[:3])
    assert len(index) == 5_000


def test_what_is_malformed_is_told_by_its_line_and_the_rest_is_held() -> None:
    """Bad hashes and missing ids are listed with line and reason, never with a value; nothing is raised."""
    index = HashIndex()
    index.add(
        ["a", "b", "c", None, "e", "f", ""],  # type: ignore[list-item]
        ["0" * 64, "0" * 63, "g" * 64, "1" * 64, None, "F" * 64, "2" * 64],  # type: ignore[list-item]
    )
    assert index.rejected.to_pylist() == [
        {"line": 2, "reason": "it is not 64 characters long"},
        {"line": 3, "reason": "a character is no hexadecimal digit"},
        {"line": 4, "reason": "there is no id"},
        {"line": 5, "reason": "there is no hash"},
        {"line": 7, "reason": "there is no id"},
    ]
    assert rows_of(index.query(["garden", "f" * 64, "é" * 32])) == [(1, "f", 0)]
    assert index.rejected["line"].to_pylist() == [1, 3]


@given(lines=st.lists(st.one_of(st.text(max_size=70), st.sampled_from(POOL), st.none(), st.integers()), max_size=20))
def test_no_line_raises_and_each_is_held_or_rejected(lines: list[object]) -> None:
    """Whatever a line is, it is held if it is a hash and told if it is none."""
    index = HashIndex()
    index.add([str(number) for number in range(len(lines))], lines)  # type: ignore[arg-type]
    sound = [isinstance(line, str) and len(line) == 64 and set(line) <= set("0123456789abcdefABCDEF") for line in lines]
    assert len(index) == sum(sound)
    assert index.rejected["line"].to_pylist() == [k for k, good in enumerate(sound, 1) if not good]


def test_columns_of_any_layout_are_read() -> None:
    """Lists, arrays, slices and chunks of strings of both widths give the same index."""
    names, hashes = IDS[:6], POOL[:6]
    expected = HashIndex()
    expected.add(names, hashes)
    for column in (
        pa.array(["skip", *hashes]).slice(1),
        pa.chunked_array([hashes[:2], [], hashes[2:]]),
        pa.array(hashes, pa.large_string()),
        pa.array(hashes, pa.string_view()),
        pa.array(hashes).dictionary_encode(),
    ):
        index = HashIndex()
        index.add(pa.array(names), column)
        assert index.save().equals(expected.save())


def test_wrong_use_is_explained() -> None:
    """Unequal lengths, a text instead of a list, numbers, a distance that is none, a table that is no saved index."""
    index = HashIndex()
    for wrong in (
        lambda: index.add(["a"], []),
        lambda: index.add(["a"], "0" * 64),
        lambda: index.add(["a"], pa.array([[1]])),
        lambda: index.query(["0" * 64], distance=-1),
        lambda: index.query(["0" * 64], distance=257),
        lambda: HashIndex(pa.table({"id": ["a"]})),
        lambda: HashIndex(pa.table({"id": ["a"], "hash": ["0" * 64]})),
    ):
        with pytest.raises(MeasureError):
            wrong()  # type: ignore[no-untyped-call]


def test_published_needles_are_found_in_the_published_haystack(shared_data: Path) -> None:
    """The sample hashes of PDQ's makers: what the index finds is what a comparison of all pairs finds."""
    haystack, needles = (
        (shared_data / "content" / name).read_text(encoding="ascii").split()
        for name in ("pdq_haystack.txt", "pdq_needles.txt")
    )
    names = [f"line {number}" for number in range(len(haystack))]
    index, slow = HashIndex(), SlowIndex()
    index.add(names, haystack)
    slow.add(names, haystack)
    found = rows_of(index.query(needles))
    assert found == slow.query(needles, 31)
    assert found
