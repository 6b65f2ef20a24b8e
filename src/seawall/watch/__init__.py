"""Watching platforms while it happens: the loop, and the small server beside it."""

from __future__ import annotations

from seawall.watch.serving import serving
from seawall.watch.session import Settings, watching
from seawall.watch.standing import ConnectionState, Status
from seawall.watch.systemd import notify
from seawall.watch.systemd import unit as systemd_unit
from seawall.watch.watcher import Told, Watcher

__all__ = ["ConnectionState", "Settings", "Status", "Told", "Watcher", "notify", "serving", "systemd_unit", "watching"]
