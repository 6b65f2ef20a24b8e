"""What a disk may hold after the power went: built from what ``recorder.c`` has logged, for a cut at any place.

What was synced stays. Each write that was not synced may be there, missing, or torn at sectors of 512 bytes, whatever
became of those before it; where it is missing, the file may have grown nevertheless, by zeros. Each creation, renaming
or removal of a name may be there or not, unless the folder was synced after it; one renaming happens as a whole.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_HEAD = struct.Struct("<cQQII")

Keep = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call that succeeded."""

    kind: str
    inode: int
    number: int  # offset of a write, size of a truncation
    a: bytes
    b: bytes


def read_log(path: Path) -> list[Operation]:
    """The operations in the order in which they happened."""
    content, at, found = path.read_bytes(), 0, []
    while at < len(content):
        kind, inode, number, a, b = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        found.append(Operation(kind.decode(), inode, number, content[at : at + a], content[at + a : at + a + b]))
        at += a + b
    return found


@dataclass(slots=True)
class File:
    """Content that is on the disk for certain, and what was done to it since."""

    content: bytearray = field(default_factory=bytearray)
    unsynced: list[Operation] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.unsynced:
            _apply(self.content, change)
        self.unsynced.clear()

    def found(self, keep: Keep, chance: random.Random) -> bytes:
        """The content after a cut."""
        content = bytearray(self.content)
        for change in self.unsynced:
            if keep():
                _apply(content, change)
            elif change.kind == "W" and keep():
                _tear(content, change, chance)
        return bytes(content)


@dataclass(slots=True)
class Folder:
    """Names that are on the disk for certain, and how they were changed since."""

    names: dict[str, Node] = field(default_factory=dict)
    unsynced: list[tuple[Change, ...]] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.unsynced:
            _rename(self.names, change)
        self.unsynced.clear()

    def found(self, keep: Keep) -> dict[str, Node]:
        """The names after a cut."""
        names = dict(self.names)
        for change in self.unsynced:
            if keep():
                _rename(names, change)
        return names


Node = File | Folder
Change = tuple[str, Node | None]
"""A name in a folder, and what it names from now on."""


def _apply(content: bytearray, change: Operation) -> None:
    if change.kind == "T":
        del content[change.number :]
        content.extend(bytes(change.number - len(content)))
    else:
        content.extend(bytes(max(0, change.number - len(content))))
        content[change.number : change.number + len(change.a)] = change.a


def _tear(content: bytearray, write: Operation, chance: random.Random) -> None:
    """Some sectors of a write, each with its chance; the others hold what was there, or zeros where nothing was."""
    start, end = write.number, write.number + len(write.a)
    content.extend(bytes(max(0, end - len(content))))
    share = chance.choice((0.0, 0.5, 0.9))
    for sector in range(start - start % SECTOR, end, SECTOR):
        low, high = max(start, sector), min(end, sector + SECTOR)
        if chance.random() < share:
            content[low:high] = write.a[low - start : high - start]


def _rename(names: dict[str, Node], change: tuple[Change, ...]) -> None:
    for name, node in change:
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


class Disk:
    """The folder ``root`` and all below it, as operations come.

    Args:
        root: as the recorder knew it; nothing was in it before the first operation.
    """

    def __init__(self, root: Path) -> None:
        self._top = Folder()
        self._nodes: dict[int, Node] = {root.stat().st_ino: self._top}  # a number that is used again: the newer one
        self._places: dict[Path, Node] = {root: self._top}  # as the process sees it
        self.mapped: set[Path] = set()  # written past all calls

    def operate(self, one: Operation) -> None:
        """The next operation."""
        if one.kind in "WT":
            self._file(one.inode).unsynced.append(one)
            return
        if one.kind == "S":
            self._nodes[one.inode].sync()
            return
        a, b = Path(one.a.decode()), Path(one.b.decode())
        if one.kind in "CM":
            self._nodes[one.inode] = self._places[a] = File() if one.kind == "C" else Folder()
            self._named(a)
        elif one.kind in "UD":
            del self._places[a]
            self._folder(a).unsynced.append(((a.name, None),))
        elif one.kind == "L":
            self._places[b] = self._places[a]
            self._named(b)
        elif one.kind == "R":
            self._moved(a, b)
        else:
            self.mapped.add(a)

    def _file(self, inode: int) -> File:
        found = self._nodes[inode]
        assert isinstance(found, File)
        return found

    def _folder(self, path: Path) -> Folder:
        """That in which something lies."""
        found = self._places[path.parent]
        assert isinstance(found, Folder)
        return found

    def _named(self, path: Path) -> None:
        self._folder(path).unsynced.append(((path.name, self._places[path]),))

    def _moved(self, a: Path, b: Path) -> None:
        moved = [path for path in self._places if path == a or a in path.parents]
        nodes = {b / path.relative_to(a): self._places.pop(path) for path in moved}
        self._places.update(nodes)
        gone: Change = (a.name, None)
        new: Change = (b.name, nodes[b])
        if a.parent == b.parent:
            self._folder(a).unsynced.append((gone, new))
        else:
            self._folder(b).unsynced.append((new,))
            self._folder(a).unsynced.append((gone,))

    def seen(self, path: Path) -> bytes:
        """A file as the process sees it."""
        file = self._places.get(path)
        return file.found(lambda: True, random.Random()) if isinstance(file, File) else b""

    def find(self, target: Path, chance: random.Random, kept: float) -> None:
        """Write what may be found after a cut here.

        Args:
            target: a new folder.
            chance: decides.
            kept: the share of what was not synced that is there nevertheless; 1: all of it, as after a kill.
        """
        self._lay(self._top, target, lambda: chance.random() < kept, chance)

    def _lay(self, folder: Folder, target: Path, keep: Keep, chance: random.Random) -> None:
        target.mkdir(mode=0o700)
        for name, node in folder.found(keep).items():
            if isinstance(node, Folder):
                self._lay(node, target / name, keep, chance)
            else:
                (target / name).write_bytes(node.found(keep, chance))
                (target / name).chmod(0o600)
