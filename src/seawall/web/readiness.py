"""Whether the parts that the console stands on can be used."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from seawall.errors import SeawallError
from seawall.web.marking import _
from seawall.workspace import Workspace

LEAST_FREE_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Check:
    """One part."""

    what: str  # English; the key of its translation
    well: bool
    told: str = ""  # what is wrong, or a number


def readiness(workspace: Workspace) -> list[Check]:
    """The parts, each tried by a small read."""
    return [_casebook(workspace), _lake(workspace), _disk(workspace)]


def _casebook(workspace: Workspace) -> Check:
    what = _("The casebook can be read")
    try:
        count = workspace.casebook.audit.head().count
    except SeawallError as error:
        return Check(what, False, error.what)
    return Check(what, True, f"{count:,}")


def _lake(workspace: Workspace) -> Check:
    what = _("The records can be read")
    try:
        with workspace.reading() as lake:
            version = lake.version()
    except SeawallError as error:
        return Check(what, False, error.what)
    return Check(what, True, str(version))


def _disk(workspace: Workspace) -> Check:
    what = _("There is room on the disk")
    try:
        free = shutil.disk_usage(workspace.path).free
    except OSError as error:
        return Check(what, False, error.strerror or "")
    return Check(what, free >= LEAST_FREE_BYTES, f"{free / 1e9:,.1f} GB")
