"""What the live engine knows, on disk: whole generations, each checked before it is used.

DIR/watch/00000007/ holds the files of generation 7 and, written last, what they must be. It gets its name when all of
it is on the disk; older ones go after that. Files are private (0600).
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from seawall.lake.disk import disk_errors, make_folder, sync_folder, write_durably

FORMAT = 3
"""Rises when a generation of before cannot be read any more."""

UNFINISHED = ".unfinished"
MANIFEST = "manifest.json"
COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")

Tables = Mapping[str, pa.Table]
Written = Mapping[str, pa.Table | pa.RecordBatchReader]


@dataclass(frozen=True, slots=True)
class Generation:
    """What was saved.

    ``identity`` is who may use it: detectors with versions and parameters, settings, epoch. ``facts`` is small and of
    JSON; ``tables`` part -> name -> rows, which are written as they are read.
    """

    identity: Mapping[str, Any]
    facts: Mapping[str, Any]
    tables: Mapping[str, Mapping[str, Any]]


class DamagedError(Exception):
    """A file of a generation is not what was written."""


def write(folder: Path, generation: Generation) -> None:
    """Save a generation; when this returns, it is on the disk, and older ones are gone.

    Raises:
        StorageError: the disk refused; the generation before is as it was.
    """
    with disk_errors(folder):
        make_folder(folder, mode=0o700)
        work = folder / UNFINISHED
        shutil.rmtree(work, ignore_errors=True)
        older = _numbers(folder)
        try:
            work.mkdir(mode=0o700)
            files = {part: _write_part(work / f"{part}.arrow", tables) for part, tables in generation.tables.items()}
            told = {"identity": generation.identity, "facts": generation.facts, "files": files}
            write_durably(work / MANIFEST, _sealed(told), mode=0o600)
            work.rename(folder / f"{max(older, default=0) + 1:08d}")
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        sync_folder(folder)
        for number in older:
            shutil.rmtree(folder / f"{number:08d}")


def read(folder: Path) -> Generation | None:
    """The newest generation; None where there is none.

    Raises:
        DamagedError: it is not what was written.
        StorageError: the disk refused.
    """
    numbers = _numbers(folder)
    if not numbers:
        return None
    place = folder / f"{max(numbers):08d}"
    with disk_errors(place):
        try:
            told = _unsealed((place / MANIFEST).read_bytes())
            tables = {part: _read_part(place / f"{part}.arrow", file) for part, file in told["files"].items()}
            return Generation(told["identity"], told["facts"], tables)
        except (FileNotFoundError, pa.ArrowInvalid, KeyError, ValueError) as error:
            raise DamagedError from error


def damaged_state(folder: Path) -> bool:
    """Whether what was saved is not what was written.

    Raises:
        StorageError: the disk refused.
    """
    try:
        read(folder)
    except DamagedError:
        return True
    return False


def discard(folder: Path) -> None:
    """Remove every generation: what it holds must be forgotten (erasure, expiry) or is of no use.

    Raises:
        StorageError: the disk refused.
    """
    with disk_errors(folder):
        if folder.exists():
            shutil.rmtree(folder)
            sync_folder(folder.parent)


def _numbers(folder: Path) -> list[int]:
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(name) for name in names if len(name) == 8 and name.isascii() and name.isdigit())


def _write_part(path: Path, tables: Written) -> dict[str, Any]:
    """The tables of a part one after another; where each lies, and the sum of all."""
    places = {}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for name, table in tables.items():
            begin = file.tell()
            with pa.ipc.new_stream(file, table.schema, options=COMPRESSED) as writer:
                for batch in table.to_batches() if isinstance(table, pa.Table) else table:
                    writer.write_batch(batch)
            places[name] = [begin, file.tell() - begin]
        file.flush()
        os.fsync(file.fileno())
    return {"tables": places, "bytes": path.stat().st_size, "crc32": _sum_of(path)}


def _read_part(path: Path, told: Mapping[str, Any]) -> dict[str, pa.Table]:
    if path.stat().st_size != told["bytes"] or _sum_of(path) != told["crc32"]:
        raise DamagedError
    whole = pa.memory_map(str(path)).read_buffer() if told["bytes"] else pa.py_buffer(b"")
    return {name: pa.ipc.open_stream(whole.slice(*place)).read_all() for name, place in told["tables"].items()}


def _sum_of(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            total = zlib.crc32(part, total)
    return total


def _sealed(told: Mapping[str, Any]) -> bytes:
    text = json.dumps(told, sort_keys=True).encode()
    return text + f"\n{zlib.crc32(text):08x}\n".encode()


def _unsealed(content: bytes) -> dict[str, Any]:
    text, _, seal = content.partition(b"\n")
    if seal != f"{zlib.crc32(text):08x}\n".encode():
        raise DamagedError
    told: dict[str, Any] = json.loads(text)
    return told
