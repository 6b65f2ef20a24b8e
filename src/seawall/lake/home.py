"""Where a lake lies: its folder on this machine, and the place of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from seawall.lake.delta import DeltaFolder
from seawall.lake.folder_place import FolderPlace
from seawall.lake.place import Place
from seawall.model import TABLES


@dataclass(frozen=True, slots=True)
class Home:
    """The folder holds the lock, DIR/index and DIR/tmp; the tables lie in DIR/lake or in a bucket."""

    folder: Path
    tables: Place

    @classmethod
    def of(cls, folder: Path, tables: Place | None = None) -> Home:
        """The home of a workspace's lake; its tables lie in its folder where no other place is told."""
        return cls(folder, FolderPlace(folder / "lake") if tables is None else tables)

    def table(self, name: str) -> DeltaFolder:
        """One of the tables."""
        return DeltaFolder(self.tables.inside(name), name)

    @property
    def index(self) -> Path:
        """The folder of the duplicate index, of the salt and of the list of what was erased."""
        return self.folder / "index"

    @property
    def tmp(self) -> Path:
        """Room to spill."""
        return self.folder / "tmp"


def make_tables(tables: Place) -> None:
    """Make the empty tables in a place; those that are there stay as they are.

    Raises:
        StorageError: the place refused.
    """
    for name in TABLES:
        DeltaFolder(tables.inside(name), name).create()
