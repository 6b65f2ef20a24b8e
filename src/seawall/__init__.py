"""Seawall shows a coordinated campaign while it builds, and lets people decide what to do about it.

>>> import seawall, tempfile
>>> with seawall.create(tempfile.mkdtemp() + "/club") as club:
...     club.messages().num_rows
0
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seawall.protocols import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.protocols import Engine
    from seawall.workspace import Workspace

__version__ = "0.1.0"

__all__ = ["ReadOptions", "__version__", "create", "open"]


def open(  # noqa: A001 - reads as seawall.open(path)
    path: str | Path,
    *,
    reviewer: str | None = None,
    engine: str | Engine | None = None,
    engine_options: Mapping[str, str] | None = None,
) -> Workspace:
    """Open a workspace.

    Args:
        path: its folder.
        reviewer: who acts; otherwise the name you are signed in with.
        engine: what runs measures over the lake: this machine (None or ``local``), Spark at an address (``local[*]``,
            ``spark://HOST:PORT``, ``sc://HOST:PORT``; one session for each act), or an engine that you opened.
        engine_options: settings of Spark's own, as ``spark.executor.memory``.

    Raises:
        WorkspaceError: there is no workspace, or a newer Seawall wrote it.
    """
    from seawall.workspace import Workspace  # the kernels' libraries are loaded when they are needed

    return Workspace(Path(path), reviewer=reviewer, engine=engine, engine_options=engine_options)


def create(
    path: str | Path,
    *,
    identities: str = "drop",
    reviewer_keys: Sequence[str] = (),
    reviewer: str | None = None,
    casebook: str | None = None,
    lake: str | None = None,
    storage_options: Mapping[str, object] | None = None,
) -> Workspace:
    """Make a workspace in a new or empty folder; see ``Workspace.create``."""
    from seawall.workspace import Workspace

    return Workspace.create(
        path,
        identities=identities,
        reviewer_keys=reviewer_keys,
        reviewer=reviewer,
        casebook=casebook,
        lake=lake,
        storage_options=storage_options,
    )
