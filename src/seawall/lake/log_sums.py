"""Checksums of a Delta log: Delta keeps none, and a flipped bit in a statistic would hide rows from readers.

An entry that the lake writes tells the CRC-32 of its content in its first line. What ``deltalake`` writes (the
first entry, checkpoints) is summed in a file beside the table's data files.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from seawall.errors import StorageError
from seawall.lake.disk import disk_errors, write_durably
from seawall.lake.sums import with_check, without_check

SUMS = "seawall-log-sums.json"
"""The file in a table's folder; it is no data file."""

_FIELD = "seawallSum"


def entry(information: dict[str, Any], actions: Sequence[dict[str, Any]]) -> bytes:
    """A log entry: its commit information with the sum of all, and its actions, a line each."""
    lines = b"".join(json.dumps(action).encode() + b"\n" for action in actions)
    told = {**information, _FIELD: _sum(json.dumps(information).encode() + lines)}
    return json.dumps({"commitInfo": told}).encode() + b"\n" + lines


def keep_sums(folder: Path, files: Iterable[Path]) -> None:
    """Remember the sums of these files of the log, durably, and forget those of files that are gone.

    Raises:
        StorageError: the disk refused, or the sums are damaged.
    """
    with disk_errors(folder):
        sums = {name: value for name, value in _readable(folder).items() if (folder / "_delta_log" / name).exists()}
        sums |= {path.name: _sum(path.read_bytes()) for path in files}
        _write(folder, sums)


def forget_sums(folder: Path, names: Collection[str]) -> None:
    """Files of these names are about to be written anew: after a power cut in between, their sums would be wrong.

    Raises:
        StorageError: the disk refused, or the sums are damaged.
    """
    with disk_errors(folder):
        sums = _readable(folder)
        if not sums.keys().isdisjoint(names):
            _write(folder, {name: value for name, value in sums.items() if name not in names})


def damaged(folder: Path) -> Iterator[Path]:
    """The files of a table's log that are not what was written.

    Raises:
        StorageError: the disk refused.
    """
    with disk_errors(folder):
        try:
            sums = _kept(folder)
        except (ValueError, KeyError, TypeError, AttributeError):
            sums = {}
            yield folder / SUMS
        for path in sorted((folder / "_delta_log").iterdir()):
            if path.name in sums:
                whole = _sum(path.read_bytes()) == sums[path.name]
            else:
                whole = path.suffix != ".json" or whole_entry(path.read_bytes())
            if not whole:
                yield path


def _write(folder: Path, sums: Mapping[str, int]) -> None:
    write_durably(folder / SUMS, json.dumps(with_check({"files": sums})).encode())


def _readable(folder: Path) -> dict[str, int]:
    try:
        return _kept(folder)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StorageError(
            "The checksums of a table's log are damaged.",
            where=str(folder / SUMS),
            mend="Run seawall doctor; if it names this file alone, remove it.",
        ) from None


def _kept(folder: Path) -> dict[str, int]:
    path = folder / SUMS
    if not path.exists():
        return {}
    sums: dict[str, int] = without_check(json.loads(path.read_bytes()))["files"]
    return sums


def whole_entry(content: bytes) -> bool:
    """Whether an entry's sum is that of its lines; an older Seawall, or another writer, told none."""
    first, _, lines = content.partition(b"\n")
    try:
        information = json.loads(first)["commitInfo"]
        told = information.pop(_FIELD, None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return told is None or told == _sum(json.dumps(information).encode() + lines)


def _sum(content: bytes) -> int:
    return zlib.crc32(content)
