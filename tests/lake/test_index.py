from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import StorageError
from seawall.lake import index as index_module
from seawall.lake.index import DuplicateIndex
from seawall.lake.runs import BLOCK, Entries, Run, write_run


def entries(ids: list[int] | np.ndarray) -> Entries:
    array = np.asarray(ids, np.uint64)
    return Entries(array, np.arange(len(array)), array ^ np.uint64(5))


@given(
    st.lists(st.integers(0, 2**64 - 1), max_size=50),
    st.lists(st.integers(0, 2**64 - 1), max_size=50),
    st.integers(0, 20),
)
def test_a_run_finds_every_entry_of_an_id_and_nothing_else(tmp_path_factory, held, others, repeats):
    """Look-ups give each entry whose id is wanted, as often as it stands there."""
    ids = sorted(held + held[:repeats])
    run = write_run(tmp_path_factory.mktemp("run") / "a.run", entries(ids), np.array([1]))
    wanted = np.unique(np.array(held[::2] + others, np.uint64))
    owners, found = run.find(wanted)
    run.close()
    assert found.ids.tolist() == [value for value in ids if value in set(wanted.tolist())]
    assert wanted[owners].tolist() == found.ids.tolist()
    assert (found.contents == found.ids ^ np.uint64(5)).all()


def test_an_id_that_spans_blocks_is_found_whole(tmp_path: Path):
    """Entries of one id are found even where they fill several blocks."""
    ids = np.sort(np.concatenate([np.arange(3), np.full(3 * BLOCK, 7), np.arange(9, 12)])).astype(np.uint64)
    run = write_run(tmp_path / "a.run", entries(ids), np.array([1]))
    owners, found = run.find(np.array([2, 7, 9], np.uint64))
    assert np.bincount(owners).tolist() == [1, 3 * BLOCK, 1]
    assert sorted(found.edited[owners == 1].tolist()) == list(range(3, 3 + 3 * BLOCK))
    run.close()


def test_merging_keeps_every_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Hundreds of batches, merged over levels in small slices, are found as before, also after opening anew."""
    monkeypatch.setattr(index_module, "SLICE", 1000)
    generator = np.random.default_rng(4)
    ids = generator.integers(0, 2**64 - 1, 30_000, np.uint64)
    index = DuplicateIndex(tmp_path / "runs", ())
    for number, part in enumerate(np.array_split(ids, 150)):
        index.admit(index.prepare(number, entries(part)))
    assert len(list((tmp_path / "runs").iterdir())) < 25
    index.close()
    index = DuplicateIndex(tmp_path / "runs", set(range(150)))
    owners, found = index.find(np.unique(ids))
    assert index.rows == len(ids)
    assert np.array_equal(np.unique(found.ids), np.unique(ids))
    assert len(owners) == len(ids)
    assert list(index.verify()) == []
    index.close()


def test_a_batch_that_was_never_acknowledged_is_not_known(tmp_path: Path):
    """A run whose batch is not committed does not count, and the retry's run takes its place."""
    index = DuplicateIndex(tmp_path / "runs", ())
    index.prepare(3, entries([1, 2]))
    index.close()
    index = DuplicateIndex(tmp_path / "runs", ())
    assert index.rows == 0
    index.admit(index.prepare(3, entries([5])))
    assert index.find(np.array([1, 5], np.uint64))[1].ids.tolist() == [5]
    index.close()


def test_parts_that_outlive_their_merging_do_not_count_twice(tmp_path: Path):
    """After a kill between a merge and the removal of its parts, every entry still counts once."""
    folder = tmp_path / "runs"
    index = DuplicateIndex(folder, ())
    parts = []
    for number in range(index_module.FAN):
        path = index.prepare(number, entries([number]))
        parts.append((path, path.read_bytes()))
        index.admit(path)
    index.close()
    for path, content in parts:
        path.write_bytes(content)
    index = DuplicateIndex(folder, set(range(index_module.FAN)))
    assert index.rows == index_module.FAN
    assert len(index.leftovers()) == index_module.FAN
    index.close()


def test_forgotten_ids_are_in_no_file(tmp_path: Path):
    """Forgetting an id leaves none of its bytes in the folder."""
    secret = 0x1122334455667788
    index = DuplicateIndex(tmp_path / "runs", ())
    for number in range(11):
        index.admit(index.prepare(number, entries([secret, number])))
    index.forget(np.array([secret], np.uint64))
    assert index.rows == 11
    index.close()
    for path in (tmp_path / "runs").iterdir():
        assert secret.to_bytes(8, "little") not in path.read_bytes()


@pytest.mark.parametrize("place", [0, 3, 70, 64 + 8 * 100, -1])
def test_a_damaged_run_is_noticed(tmp_path: Path, place: int):
    """A changed byte in the header, the ids, the contents or the tail is told, with the file's path."""
    path = tmp_path / "a.run"
    write_run(path, entries(np.arange(200)), np.array([1])).close()
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"a\.run"):
        Run(path).verify()


def test_a_truncated_run_is_not_opened(tmp_path: Path):
    """A run that lost its end is refused, not read as a shorter one."""
    path = tmp_path / "a.run"
    write_run(path, entries(np.arange(200)), np.array([1])).close()
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(StorageError):
        Run(path)
