"""A watch of a workspace from its opening to its end, for the command line and for scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from seawall.detectors import WATCHING
from seawall.engine.live import LiveEngine
from seawall.model import Severity
from seawall.notices import Receiver
from seawall.protocols import Connection, Detector, LiveSource
from seawall.sources.live import live_by_name
from seawall.sources.live.push import PushSource
from seawall.watch.watcher import FLUSH_SECONDS, Told, Watcher
from seawall.workspace.desk import Desk

if TYPE_CHECKING:
    from seawall.workspace import Workspace


LATER = "Campaign candidates rest on weeks of messages: they are looked for when seawall detect runs."
"""What a watch says that it does not do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a watch looks.

    Args:
        detectors: what is looked for.
        horizon: how late an edit, a deletion or a message may come and still revise what was computed.
        keep: how far back detectors look; None: as far as the lake does.
        flush_s: seconds between two looks.
    """

    detectors: Sequence[Detector] = WATCHING
    horizon: timedelta = timedelta(days=1)
    keep: timedelta | None = timedelta(days=90)
    flush_s: float = FLUSH_SECONDS


@asynccontextmanager
async def watching(
    workspace: Workspace,
    *,
    settings: Settings | None = None,
    told: Told | None = None,
    also: Sequence[tuple[Receiver, Severity]] = (),
    connections: Sequence[Connection] | None = None,
    sources: Callable[[str], LiveSource] = live_by_name,
) -> AsyncIterator[Watcher]:
    """A watcher of a workspace, ready to ``run``.

    Args:
        workspace: where records go, and cases are opened.
        settings: how it looks.
        told: who hears what happens.
        also: receivers besides those of the workspace.
        connections: what to read; the workspace's own where None.
        sources: gives the live source of a name.

    Raises:
        WorkspaceError: another process watches, or writes.
        ConfigurationError: a connection names a source that does not exist.
        StorageError: the disk refused, or a file is damaged.
    """
    chosen = settings or Settings()
    followed = workspace.connections.all() if connections is None else connections
    pushed = [one for one in followed if one.source == PushSource.name]
    workspace.assume_history(but={one.options.platform or one.name for one in pushed})
    receivers = [(one.receiver(), Severity(one.least)) for one in workspace.receivers.all()]
    engine = LiveEngine(chosen.detectors, horizon=chosen.horizon, keep=chosen.keep)
    ingest = workspace.ingest()
    try:
        desk = Desk(workspace, ingest, engine, [*receivers, *also])
        opened = desk.open()
        workspace.casebook.audit.append(workspace.reviewer, "watch", {"connections": len(followed)})
        heard = told or Told()
        heard.remark(f"{opened} {LATER}")
        yield Watcher(
            ingest,
            desk,
            followed,
            heard,
            sources=sources,
            flush_s=chosen.flush_s,
        )
    finally:
        ingest.close()
