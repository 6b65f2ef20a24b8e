"""Prepared rows on disk, cut by the hash of their key: files of one run, private, and gone when it ends."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from seawall.errors import StorageError

PREFIX = "spill-"


class Spill:
    """A folder of one file a part. Use it as a context: the folder is removed at its end, whatever happens.

    Args:
        parent: where the folder is made; None = the system's folder for temporary files.
        parts: how many files.

    Raises:
        StorageError: the disk refuses.
    """

    def __init__(self, parent: Path | None, parts: int) -> None:
        self.parent = Path(tempfile.gettempdir()) if parent is None else parent
        self.parts = parts
        self.folder = self.parent / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        self._files: dict[int, pa.OSFile] = {}
        self._writers: dict[int, pa.ipc.RecordBatchStreamWriter] = {}
        self._written: set[int] = set()

    def __enter__(self) -> Self:
        with _disk(self.parent):
            self.parent.mkdir(parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handle in (*self._writers.values(), *self._files.values()):
            try:
                handle.close()
            except OSError:
                continue  # the folder is removed anyway, and the error that matters is on its way
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, pieces: list[pa.Table]) -> None:
        """Append to each part its piece."""
        with _disk(self.parent):
            for number, piece in enumerate(pieces):
                if len(piece):
                    self._writer(number, piece.schema).write_table(piece)

    def close_files(self) -> None:
        """All is written: make it readable."""
        with _disk(self.parent):
            for handle in (*self._writers.values(), *self._files.values()):
                handle.close()
        self._written = set(self._writers)
        self._writers.clear()
        self._files.clear()

    def read(self, number: int) -> pa.Table | None:
        """The rows of a part; None = it has none. Its file is removed."""
        if number not in self._written:
            return None
        path = self.folder / f"{number}.arrow"
        with _disk(self.parent):
            with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
                rows = reader.read_all()
            path.unlink()
        return rows

    def _writer(self, number: int, schema: pa.Schema) -> pa.ipc.RecordBatchStreamWriter:
        if number not in self._writers:
            path = self.folder / f"{number}.arrow"
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._files[number] = pa.OSFile(str(path), "wb")
            self._writers[number] = pa.ipc.new_stream(self._files[number], schema)
        return self._writers[number]


def sweep_up(parent: Path) -> int:
    """Remove what killed runs left in a folder; returns how many folders that was. Living runs are left alone."""
    removed = 0
    for folder in parent.glob(f"{PREFIX}*-*") if parent.is_dir() else ():
        process = folder.name.removeprefix(PREFIX).partition("-")[0]
        if folder.is_dir() and process.isdigit() and not _alive(int(process)):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@contextmanager
def _disk(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "for an unknown reason"
        raise StorageError(
            f"The disk refused a file of intermediate results: {reason}.",
            where=str(where),
            mend="Free some space there, or give the engine more memory or another spill_dir.",
        ) from None
