"""Tables in a folder on the local disk, written so that a power cut loses nothing that was acknowledged.

``deltalake`` creates a table, reads its log and writes its checkpoints. Data files and log entries are written here,
because the library syncs neither: each is complete on the disk before its name appears. The writer holds the
workspace's lock, so a log entry needs no other protection against a second writer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable

from seawall.errors import WorkspaceError
from seawall.lake import log_sums
from seawall.lake.disk import disk_errors, make_folder, sync_file, sync_folder, write_durably
from seawall.lake.place import HINT, LOG, Found, TakenError, crc, needed

_BESIDE = ".checkpoint"
"""The folder in a table's folder in which a checkpoint is made."""


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A folder on the local disk; see ``Place``."""

    folder: Path

    def __reduce__(self) -> tuple[Any, ...]:
        return FolderPlace, (self.folder.absolute(),)  # whoever unpickles it may work in another folder

    @property
    def where(self) -> str:
        """Its path."""
        return str(self.folder)

    def inside(self, name: str) -> FolderPlace:
        """A folder in it."""
        return FolderPlace(self.folder / name)

    def refusals(self) -> AbstractContextManager[None]:
        """See ``disk_errors``."""
        return disk_errors(self.folder)

    def require(self) -> None:
        """See ``Place.require``."""
        if not (self.folder / "batches" / LOG).is_dir():
            raise WorkspaceError(
                "There is no lake here.", where=str(self.folder.parent), mend="Make a workspace with seawall init."
            )

    def files(self, folder: str = "") -> list[Found]:
        """See ``Place.files``; sums of the log are no file of the table."""
        with self.refusals():
            return [
                Found(path.name, told.st_size, told.st_mtime)
                for path in (self.folder / folder).iterdir()
                if path.is_file() and path.name != log_sums.SUMS
                for told in (path.stat(),)
            ]

    def read(self, path: str) -> bytes:
        """See ``Place.read``."""
        return (self.folder / path).read_bytes()

    def whole(self, path: str) -> pa.NativeFile:
        """See ``Place.whole``."""
        return pa.OSFile(str(self.folder / path))

    def write_new(self, path: str, content: bytes) -> None:
        """See ``Place.write_new``."""
        target = self.folder / path
        temporary = target.with_name(f".{target.stem}.tmp")
        with self.refusals():
            if target.exists():
                raise TakenError
            try:
                with temporary.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.rename(target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            sync_folder(target.parent)

    def write_rows(self, name: str, write: Callable[[Any], bool]) -> Found | None:
        """See ``Place.write_rows``."""
        temporary = self.folder / f".{name}.tmp"
        with self.refusals():
            try:
                if not write(temporary):
                    temporary.unlink()
                    return None
                sync_file(temporary)
                with temporary.open("rb", buffering=0) as file:
                    path = self.folder / f"{name}-{crc(file)}.parquet"
                temporary.rename(path)
                sync_folder(self.folder)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            told = path.stat()
        return Found(path.name, told.st_size, told.st_mtime)

    def retire(self, paths: Sequence[str]) -> None:
        """The time of change of a retired file tells a later sweep since when no new reader wants it."""
        with self.refusals():
            for path in paths:
                if (self.folder / path).exists():
                    os.utime(self.folder / path)

    def retired_since(self, moment: float) -> set[str]:
        """None: the files' own times tell it."""
        return set()

    def remove(self, names: Sequence[str], folder: str = "") -> None:
        """See ``Place.remove``."""
        with self.refusals():
            for name in names:
                (self.folder / folder / name).unlink()
            sync_folder(self.folder / folder)  # also where a killed try has removed them all

    def keeps_removed(self) -> bool:
        """No: a file that is removed is gone."""
        return False

    def create(self, schema: pa.Schema, configuration: Mapping[str, str | None]) -> None:
        """See ``Place.create``."""
        log = self.folder / LOG
        with self.refusals():
            make_folder(self.folder)
            DeltaTable.create(self.folder, schema=schema, mode="ignore", configuration=configuration)
            for entry in log.iterdir():
                sync_file(entry)
            if not (self.folder / log_sums.SUMS).exists():
                log_sums.keep_sums(self.folder, log.glob("*.json"))
            for folder in (log, self.folder, self.folder.parent):
                sync_folder(folder)

    def delta(self) -> DeltaTable:
        """See ``Place.delta``."""
        return DeltaTable(self.folder)

    def checkpoint(self, version: int) -> None:
        """``deltalake`` syncs nothing: it sums up a copy of the log, whose sum gets its name when it is on the disk."""
        log, beside = self.folder / LOG, self.folder / _BESIDE / LOG
        hint = Path(HINT).name
        name = f"{version:020d}.checkpoint.parquet"
        with self.refusals():
            self._copy_log(beside, version)
            DeltaTable(beside.parent).create_checkpoint()
            log_sums.forget_sums(self.folder, (name, hint))
            sync_file(beside / name)
            (beside / name).replace(log / name)
            sync_folder(log)
            write_durably(log / hint, (beside / hint).read_bytes())
            log_sums.keep_sums(self.folder, (log / name, log / hint))
            shutil.rmtree(beside.parent)
            sync_folder(self.folder)

    def _copy_log(self, target: Path, version: int) -> None:
        """The end of the log from the last checkpoint before a version on, anew in another folder."""
        shutil.rmtree(target.parent, ignore_errors=True)
        target.mkdir(parents=True)
        names = [entry.name for entry in (self.folder / LOG).iterdir()]
        before = {int(name[:20]) for name in names if ".checkpoint." in name} - {version}
        for name in names:
            again = name.startswith(f"{version:020d}.checkpoint")
            if not again and needed(name, max(before, default=-1)):
                (target / name).write_bytes((self.folder / LOG / name).read_bytes())

    def damaged(self) -> Iterator[str]:
        """See ``log_sums.damaged``."""
        for path in log_sums.damaged(self.folder):
            yield str(path)

    def dataset(self, paths: Sequence[str], schema: pa.Schema) -> ds.Dataset:
        """See ``Place.dataset``."""
        return ds.dataset([str(self.folder / path) for path in paths], schema=schema, format="parquet")
