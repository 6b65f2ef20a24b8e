"""Keeps what pages need of each lake in memory, once for the whole process, and fresh."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from seawall.lake import Lake
from seawall.workspace.lake_place import open_lake
from seawall.workspace.looking_held import HeldLake, read_lake

LARGE = 200_000
"""A lake with more messages is read anew beside the pages, which meanwhile say as of when they are."""


@dataclass
class _Place:
    held: HeldLake | None = None
    reading: threading.Lock = field(default_factory=threading.Lock)
    beside: threading.Thread | None = None


_places: dict[Path, _Place] = {}
_changing = threading.Lock()


def held_lake(folder: Path) -> HeldLake:
    """The lake of a workspace as pages see it.

    It is read again where it has changed. Of a large lake an earlier state is given meanwhile, but never one from
    before an erasure.

    Raises:
        StorageError: the disk refused, or the lake is damaged.
    """
    key = folder.resolve()
    with _changing:
        place = _places.setdefault(key, _Place())
    with open_lake(folder) as lake:
        version, epoch = lake.version(), lake.erasure_epoch
        held = place.held
        if held is not None and held.version == version:
            return held
        if held is not None and held.epoch == epoch and len(held.messages) > LARGE:
            _read_beside(folder, place)
            return held
        return _read(lake, place, lambda one: one.version == version)


def forget(folder: Path) -> None:
    """Let go of what is held of a workspace."""
    with _changing:
        _places.pop(folder.resolve(), None)


def _read(lake: Lake, place: _Place, fresh: Callable[[HeldLake], bool]) -> HeldLake:
    """One reads, the others wait for it and take what it has read."""
    with place.reading:
        if place.held is None or not fresh(place.held):
            place.held = read_lake(lake)
        return place.held


def _read_beside(folder: Path, place: _Place) -> None:
    def read() -> None:
        with open_lake(folder) as lake:
            version = lake.version()
            _read(lake, place, lambda one: one.version == version)

    with _changing:
        if place.beside is None or not place.beside.is_alive():
            place.beside = threading.Thread(target=read, name="seawall-looking", daemon=True)
            place.beside.start()
