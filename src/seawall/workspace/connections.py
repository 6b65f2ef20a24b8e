"""The live sources that a workspace reads, with their secrets in a file that its owner alone can read."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from seawall.errors import ConfigurationError
from seawall.protocols import Connection, ReadOptions
from seawall.workspace.checked_file import read_checked, write_checked

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


class Connections:
    """The connections in ``keys/connections.json`` (0600); secrets stand nowhere else.

    Args:
        folder: the workspace.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keys" / "connections.json"

    def all(self) -> list[Connection]:
        """Every connection, by name.

        Raises:
            StorageError: the file cannot be read, or is damaged.
        """
        return [_made(row) for row in read_checked(self._path, [])]

    def named(self, name: str) -> Connection:
        """The connection of that name.

        Raises:
            ConfigurationError: there is none.
        """
        for connection in self.all():
            if connection.name == name:
                return connection
        raise ConfigurationError(
            "There is no connection of that name.", where=name, mend="List them with: seawall connect DIR"
        )

    def put(self, connection: Connection) -> None:
        """Add a connection, or change the one of its name.

        Raises:
            ConfigurationError: the name cannot be one, or another source has it.
            StorageError: the disk refused.
        """
        if not NAME.fullmatch(connection.name):
            raise ConfigurationError(
                "A connection's name has up to 40 small letters, digits, dots, hyphens and underscores.",
                where="--name",
                mend="As in: --name garden-chat",
            )
        others = {one.name: one for one in self.all()}
        known = others.get(connection.name)
        if known is not None and known.source != connection.source:
            raise ConfigurationError(
                "A connection of this name reads another source.", where="--name", mend="Choose another name."
            )
        others[connection.name] = connection
        self._write(others)

    def remove(self, name: str) -> None:
        """Forget a connection with its secrets; what was read from it stays.

        Raises:
            ConfigurationError: there is none of that name.
        """
        self.named(name)
        self._write({one.name: one for one in self.all() if one.name != name})

    def _write(self, connections: dict[str, Connection]) -> None:
        write_checked(self._path, [_row(connections[name]) for name in sorted(connections)])


def _row(connection: Connection) -> dict[str, Any]:
    plain = replace(connection, settings=dict(connection.settings), secrets=dict(connection.secrets))
    plain = replace(plain, options=replace(connection.options, mapping=dict(connection.options.mapping)))
    return asdict(plain)


def _made(row: dict[str, Any]) -> Connection:
    return Connection(**{**row, "options": ReadOptions(**row["options"])})
