"""The command that serves the console, as people run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

import seawall
from seawall.errors import ConfigurationError
from seawall.web.serving import listening

COMMAND = [sys.executable, "-m", "seawall", "serve"]


def started(folder: Path, *options: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    process = subprocess.Popen(
        [*COMMAND, str(folder), "--port", "0", "--json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def test_it_serves_a_new_workspace_and_ends_when_asked(tmp_path: Path) -> None:
    """On a machine where nobody is enrolled it prints a link that signs in once; SIGTERM ends it with 0, in silence."""
    seawall.create(tmp_path / "club").close()
    process, told = started(tmp_path / "club")
    try:
        with httpx.Client(base_url=told["address"], headers={"origin": told["address"]}) as client:
            assert client.get("/livez").json() == {"status": "ok"}
            assert client.get("/readyz").status_code == 200
            assert client.get("/you").headers["location"].startswith("/sign-in")
            token = told["sign_in"].rpartition("/")[2]
            assert token in client.get(told["sign_in"]).text
            entered = client.post("/sign-in/link", data={"token": token})
            assert (entered.status_code, entered.headers["location"]) == (303, "/you/sign-in")
            cookie = entered.headers["set-cookie"].lower()
            assert "httponly" in cookie
            assert "samesite=strict" in cookie
            assert client.get("/you").status_code == 200
            assert client.post("/sign-in/link", data={"token": token}).status_code == 422
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_no_link_goes_into_a_file_or_a_pipe(tmp_path: Path) -> None:
    """Where nobody reads along, it says where it is, prints no link and enrols nobody."""
    seawall.create(tmp_path / "club").close()
    command = [*COMMAND, str(tmp_path / "club"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert httpx.get(f"{first.split()[-1]}/livez").status_code == 200
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert "http://localhost:" in first
    assert "/sign-in/" not in first + out + err
    assert process.returncode == 0
    assert seawall.open(tmp_path / "club").casebook.people.all() == []


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)


def test_it_refuses_other_machines_without_tls(tmp_path: Path) -> None:
    """Listening for other machines needs the https address of a proxy."""
    seawall.create(tmp_path / "club").close()
    done = run(tmp_path / "club", "--host", "192.0.2.1", "--port", "0")
    assert done.returncode == ConfigurationError.exit_code
    assert "Without TLS" in done.stderr


def test_it_says_where_there_is_no_workspace(tmp_path: Path) -> None:
    """A folder without a workspace is told as such, with how to make one."""
    done = run(tmp_path, "--port", "0")
    assert done.returncode == 3
    assert "no workspace here" in done.stderr


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    """A port on which something listens already is refused in a sentence."""
    with listening("127.0.0.1", 0) as taken, pytest.raises(ConfigurationError, match="cannot be listened on"):
        listening("127.0.0.1", taken.getsockname()[1])
