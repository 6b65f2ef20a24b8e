"""How the watch runs as a service: the unit file, and what it tells the system's manager."""

from __future__ import annotations

import os
import shlex
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

_UNIT = """\
[Unit]
Description=Seawall watches {name}
Documentation=man:systemd.service(5)
After=network-online.target time-sync.target
Wants=network-online.target time-sync.target

[Service]
Type=notify
TimeoutStartSec=600
ExecStartPre={program} warm
ExecStart={command}
WorkingDirectory={parent}
Restart=on-failure
RestartSec=10
WatchdogSec=120
TimeoutStopSec=60
KillSignal=SIGTERM
UMask=0077
MemoryMax=2G
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writes}
CacheDirectory=%N
CacheDirectoryMode=0700
Environment=NUMBA_CACHE_DIR=%C/%N
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
LockPersonality=yes

[Install]
WantedBy=multi-user.target
"""


def unit(folder: Path, options: list[str], *, also_writes: Sequence[Path] = ()) -> str:
    """A systemd unit that watches a workspace as the user who installs it, once the kernels are compiled.

    Args:
        folder: the workspace.
        options: of ``seawall watch``.
        also_writes: folders besides, in which it writes logs of notices.

    >>> "ExecStart" in unit(Path("/srv/club"), [])
    True
    """
    folder = folder.absolute()
    program = Path(sys.argv[0]).absolute() if Path(sys.argv[0]).name == "seawall" else Path(sys.executable)
    start = [str(program)] if program.name == "seawall" else [str(program), "-m", "seawall"]
    program_words, command = (
        " ".join(_quoted(part) for part in parts) for parts in (start, [*start, "watch", str(folder), *options])
    )
    writes = dict.fromkeys(_quoted(str(one.absolute())) for one in (folder, *also_writes))
    return _UNIT.format(
        name=_escaped(folder.name),
        program=program_words,
        command=command,
        parent=_escaped(str(folder.parent)),
        writes=" ".join(writes),
    )


def notify(state: str) -> bool:
    """Tell systemd how the service stands ("READY=1", "WATCHDOG=1", "STATUS=...", "STOPPING=1").

    Returns:
        Whether there was anybody to tell: outside systemd it does nothing.

    Source: the protocol of sd_notify(3).
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    target = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
            told.sendto(state.encode(), target)
    except OSError:
        return False
    return True


def _escaped(text: str) -> str:
    """Percent signs would be read as specifiers."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    return _escaped(shlex.quote(text)).replace("$", "$$")
