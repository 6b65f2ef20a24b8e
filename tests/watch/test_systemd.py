from __future__ import annotations

import configparser
import socket
from pathlib import Path

import pytest

from seawall.watch.systemd import notify, unit


def test_the_unit_names_the_workspace_and_its_options() -> None:
    """The unit reads as an ini file, compiles the kernels, watches this workspace, and may write there alone."""
    text = unit(Path("/srv/my club 100%"), ["--listen", "127.0.0.1:7392"], also_writes=[Path("/srv/logs")])
    told = configparser.ConfigParser(interpolation=None, strict=False)
    told.optionxform = str  # type: ignore[assignment,method-assign]
    told.read_string(text)
    assert told["Service"]["ExecStart"].endswith("watch '/srv/my club 100%%' --listen 127.0.0.1:7392")
    assert told["Service"]["ExecStartPre"].split()[-1] == "warm"
    assert told["Service"]["ReadWritePaths"] == "'/srv/my club 100%%' /srv/logs"
    assert told["Service"]["Environment"] == "NUMBA_CACHE_DIR=%C/%N"
    assert told["Service"]["UMask"] == "0077"


def test_systemd_is_told_where_it_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told arrives at the socket that systemd names; without one nothing happens."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify("READY=1")
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(address))
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        assert notify("READY=1")
        assert listening.recv(100) == b"READY=1"
    assert not notify("WATCHDOG=1"), "nobody listens any more"
