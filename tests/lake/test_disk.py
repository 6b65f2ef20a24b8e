from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from deltalake.exceptions import DeltaError

from seawall.errors import StorageError
from seawall.lake import Lake
from seawall.lake.disk import disk_errors, write_durably
from tests.lake.worlds import clean, commit, ids


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "secretfile"), "full"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only"),
        (PermissionError(errno.EACCES, "Permission denied"), "permit"),
        (OSError(errno.EIO, "Input/output error"), "error"),
        (DeltaError("Generic LocalFileSystem error: ... (os error 28) secretvalue"), "full"),
        (pa.ArrowInvalid("secretvalue is not valid"), "cannot be read"),
        (duckdb.IOException("No space left on device: secretvalue"), "full"),
    ],
)
def test_every_refusal_says_what_where_and_how_to_mend_it(error: Exception, what: str):
    """Each library's error becomes a StorageError without its words, which may hold values."""
    with pytest.raises(StorageError, match=what) as caught, disk_errors("lake/messages"):
        raise error
    assert "lake/messages" in str(caught.value)
    assert caught.value.mend
    assert "secret" not in str(caught.value)


def test_a_durable_write_leaves_the_old_content_or_the_new(tmp_path: Path):
    """A write that fails leaves the file as it was and nothing beside it."""
    path = tmp_path / "held.json"
    write_durably(path, b"old")
    with pytest.raises(TypeError):
        write_durably(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    )
    if not mounted:
        pytest.skip("a full disk needs the right to mount a small one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_loses_nothing_and_the_batch_commits_when_there_is_room(small_disk: Path):
    """The error says that the disk is full; what was acknowledged stays readable; then the same batch commits."""
    with Lake.create(small_disk) as lake:
        commit(lake, clean([{"message_id": "club:0", "text": "sow peas"}]))
        ballast = small_disk / "ballast"
        big = clean([{"message_id": f"club:{place}", "text": os.urandom(400).hex()} for place in range(1, 400)])
        for room in (0, 30_000, 100_000):
            _leave(ballast, room)
            with pytest.raises(StorageError, match="disk is full"):
                commit(lake, big, number=2)
            assert ids(lake) == ["club:0"]
        ballast.unlink()
        assert commit(lake, big, number=2).kept == 399
        assert len(ids(lake)) == 400
        assert [problem for problem in lake.check() if problem.severe] == []


def _leave(ballast: Path, room: int) -> None:
    """Fill the disk up to some bytes of room."""
    ballast.unlink(missing_ok=True)
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096) == 4096:
                pass
        except OSError:
            pass
        file.truncate(max(file.tell() - room, 0))
