"""Where a workspace's casebook is: a file in its folder, or a database on a server, whose password is kept apart."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from seawall.casebook import Casebook
from seawall.casebook.store_opening import server_address
from seawall.errors import ConfigurationError, WorkspaceError
from seawall.workspace.settings import Settings, disk_refused

PASSWORD = "SEAWALL_CASEBOOK_PASSWORD"  # noqa: S105 - the name of a variable
PASSWORD_FILE = Path("keys") / "casebook.password"


def open_casebook(folder: Path, settings: Settings) -> Casebook:
    """The casebook of a workspace.

    Raises:
        ConfigurationError: others can read the file with its password.
        StorageError: the disk or the server refuses.
    """
    if settings.casebook is None:
        return Casebook.open(folder / "casebook.sqlite")
    return Casebook.open(settings.casebook, password=_password(folder / PASSWORD_FILE))


def free_address(address: str) -> str:
    """The address of a database whose casebook no workspace uses yet, as it may stand in readable settings.

    Raises:
        ConfigurationError: it is of another kind, or holds a password.
        WorkspaceError: another workspace's casebook is there.
        StorageError: the server refuses.
    """
    readable = server_address(address)
    if Casebook.open(readable, password=os.environ.get(PASSWORD)).audit.head().count:
        raise WorkspaceError(
            "Another workspace keeps its casebook in this database.",
            where="option casebook",
            mend="Make a database for each workspace.",
        )
    return readable


def _password(path: Path) -> str | None:
    given = os.environ.get(PASSWORD)
    if given is not None or not path.exists():
        return given
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigurationError(
                "Others can read the password of the casebook's database.",
                where=str(path),
                mend=f"Change it, then: chmod 600 {path}",
            )
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise disk_refused(error if isinstance(error, OSError) else OSError("no text"), path) from None
