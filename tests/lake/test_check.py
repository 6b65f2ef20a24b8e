from __future__ import annotations

from pathlib import Path

import pytest

from seawall.errors import StorageError
from seawall.lake import Lake
from tests.lake.worlds import account, clean, commit


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    with Lake.create(tmp_path) as lake:
        for number in (1, 2):
            rows = [{"message_id": f"club:{number}:{place}", "text": "prune the roses"} for place in range(50)]
            acts = [{"interaction_id": f"{number}:{place}", "parent": place} for place in range(50)]
            commit(lake, clean(rows, acts, quarantine=[{"field": "date", "reason": "no such day"}]), number=number)
    return tmp_path


def problems(folder: Path) -> list[str]:
    with Lake.open(folder) as lake:
        return [problem.what for problem in lake.check()]


def data_file(folder: Path, table: str) -> Path:
    return sorted((folder / "lake" / table).glob("part-*.parquet"))[0]


def test_a_whole_lake_has_no_problems(filled: Path):
    """The check finds nothing where nothing is wrong."""
    assert problems(filled) == []


@pytest.mark.parametrize("table", ["messages", "interactions", "quarantine", "batches"])
def test_a_missing_file_is_found(filled: Path, table: str):
    """A data file that the log names and the disk lacks is told."""
    data_file(filled, table).unlink()
    assert problems(filled)[0] in {"A data file is missing.", "A file of the lake is missing."}


@pytest.mark.parametrize("place", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_changed_byte_is_found(filled: Path, place: float):
    """One flipped bit anywhere in the data is told, though the size is right."""
    path = data_file(filled, "messages")
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 4
    path.write_bytes(content)
    assert problems(filled)


def test_a_truncated_file_is_found(filled: Path):
    """A file that lost its end is told by its size."""
    path = data_file(filled, "messages")
    path.write_bytes(path.read_bytes()[:-1])
    assert problems(filled) == ["A data file has another size than the log tells."]


def test_rows_that_the_log_lost_are_found(filled: Path):
    """A table that was put back to an older state lacks acknowledged rows."""
    log = filled / "lake" / "messages" / "_delta_log"
    (log / f"{2:020d}.json").unlink()
    assert "50 acknowledged rows are not there." in problems(filled)


def test_a_damaged_log_is_told_and_stops_nobody_from_checking_the_rest(filled: Path):
    """A log entry that cannot be read is a problem of its table, not a traceback."""
    (filled / "lake" / "accounts" / "_delta_log" / f"{0:020d}.json").write_text("{")
    found = problems(filled)
    assert found
    with Lake.open(filled) as lake, pytest.raises(StorageError):
        lake.count("accounts")


def test_a_lost_and_a_damaged_index_file_are_found_and_mended(filled: Path):
    """The check tells both; the next writer builds what is missing anew."""
    lost, damaged = sorted((filled / "index" / "runs").iterdir())
    lost.unlink()
    content = bytearray(damaged.read_bytes())
    content[70] ^= 1
    damaged.write_bytes(content)
    found = problems(filled)
    assert "The duplicate index lacks 1 batches." in found
    assert "A file of the duplicate index is damaged." in found
    damaged.unlink()
    Lake.open(filled, write=True).close()
    assert problems(filled) == []


def test_spill_files_are_told_as_a_waste_only(filled: Path):
    """What a killed statement has left is no loss."""
    (filled / "tmp" / "left.tmp").write_text("x")
    with Lake.open(filled) as lake:
        assert [problem.severe for problem in lake.check()] == [False]


def test_a_damaged_list_of_erased_accounts_stops_the_writer(filled: Path):
    """Without the list, erased accounts could come back: so nothing is written until it is mended."""
    with Lake.open(filled, write=True) as lake:
        lake.erase([account(5)])
    (filled / "index" / "erased.json").write_text("{}")
    with pytest.raises(StorageError, match="erased accounts"):
        Lake.open(filled, write=True)
    assert "The list of erased accounts is damaged." in problems(filled)
