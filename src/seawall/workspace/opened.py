"""A workspace's folder, opened: its casebook, and its lake for as long as one act takes."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from seawall.workspace.casebook_place import open_casebook
from seawall.workspace.settings import load_settings

if TYPE_CHECKING:
    from seawall.casebook import Act, Casebook
    from seawall.lake import Lake
    from seawall.protocols import Engine, Progress
    from seawall.vault import Vault


class OpenedFolder:
    """What every act on a workspace stands on; ``Workspace`` has the acts."""

    def __init__(
        self,
        path: Path,
        *,
        reviewer: str | None = None,
        engine: str | Engine | None = None,
        engine_options: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self.settings = load_settings(path)
        self.reviewer = reviewer or getpass.getuser()
        self._chosen_engine = engine
        self._engine_options = dict(engine_options or {})

    @cached_property
    def casebook(self) -> Casebook:
        """Alerts, cases, decisions and the audit."""
        return open_casebook(self.path, self.settings)

    def permit(self, act: Act) -> None:
        """Refuse what your role does not allow; where nobody is enrolled, the workspace is yours.

        Raises:
            RuleError: people are enrolled, and you are not or may not.
        """
        self.casebook.people.permit(self.reviewer, act)

    @contextmanager
    def engine(self, progress: Progress | None = None) -> Iterator[Engine]:
        """What runs measures over the lake, for one act.

        Raises:
            ConfigurationError: PySpark or Java is missing, the address is none, or settings are given to an engine
                that takes none.
            ConnectError: nobody answers at the address.
        """
        from seawall.engine.opening import opened

        tmp = self.path / "tmp"
        with opened(self._chosen_engine, self._engine_options, spill_dir=tmp, progress=progress) as engine:
            yield engine

    @contextmanager
    def reading(self) -> Iterator[Lake]:
        """The lake, for reading."""
        from seawall.workspace.lake_place import open_lake  # here and below: acts on the casebook do not wait for it

        lake = open_lake(self.path)
        try:
            yield lake
        finally:
            lake.close()

    @contextmanager
    def writing(self) -> Iterator[Lake]:
        """The lake, for writing: the one writer's lock is held inside.

        A running watch gives way; what one that ended has left in the journal is brought into the lake first.

        Raises:
            WorkspaceError: another process writes and does not give way.
        """
        from seawall.lake import lock
        from seawall.workspace.lake_place import open_lake
        from seawall.workspace.settling import settle_left_over

        lake = open_lake(self.path, write=True, patience=lock.PATIENCE_SECONDS)
        try:
            settle_left_over(self.path, lake, self._vault)
            yield lake
        finally:
            lake.close()

    def settle(self) -> None:
        """Bring into the lake what live sources have told and is still in the journal.

        Raises:
            WorkspaceError: another process writes and does not give way.
            StorageError: the disk refused, or the journal is damaged.
        """
        from seawall.workspace.settling import has_left_over

        if has_left_over(self.path):
            with self.writing():
                pass

    def _vault(self) -> Vault | None:
        if self.settings.identities != "vault":
            return None
        from seawall.vault import Vault

        return Vault.open(self.path / "vault")

    def close(self) -> None:
        """Nothing is held open between two acts; this is here for ``with``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
