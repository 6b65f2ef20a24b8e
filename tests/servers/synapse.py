"""A real Synapse on 127.0.0.1, and people who use it by plain HTTP, without anything of Seawall.

Synapse lives in a virtual environment of its own (``make servers``) and is only ever run as a process.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "club.example"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
_PLENTY = {"per_second": 100_000, "burst_count": 100_000}
_SECRET = "rides and beans"  # noqa: S105 - of a server that lives for a test
_PAGE = 500


def servers_python() -> Path:
    """The interpreter that has the servers, or a skip with the reason."""
    python = Path(os.environ.get("SEAWALL_SERVERS", ROOT / ".venv" / "servers")) / "bin" / "python"
    installed = python.exists() and any((python.parent.parent / "lib").glob("python*/site-packages/synapse/app"))
    if not installed:
        pytest.skip("Synapse is not installed: run make servers, or set SEAWALL_SERVERS to its virtual environment")
    return python


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def running_synapse(folder: Path) -> Iterator[Synapse]:
    """A Synapse with its data in ``folder``; a skip where it is not installed."""
    server = Synapse(servers_python(), folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Synapse:
    """One homeserver that keeps its port and its data over restarts."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python = python
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._names = itertools.count(1)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "homeserver.yaml").write_text(json.dumps(self._settings()))
        (folder / "log.yaml").write_text(json.dumps(_log_to(folder / "homeserver.log")))
        seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        (folder / "signing.key").write_text(f"ed25519 a_test {seed}\n")

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def running(self) -> bool:
        """Whether its process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until it answers."""
        if self.running:
            return
        with (self._folder / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [self._python, "-m", "synapse.app.homeserver", "-c", self._folder / "homeserver.yaml"],
                cwd=self._folder,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.url}/_matrix/client/versions", timeout=2, trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        last = (self._folder / "output.txt").read_text(errors="replace")[-2000:]
        self.kill()
        pytest.fail(f"Synapse did not start within {START_SECONDS:.0f} s:\n{last}")

    def stop(self) -> None:
        """Let it end by itself, as a service manager does."""
        self._end(by_force=False)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._end(by_force=True)

    def restart(self, *, by_force: bool = False) -> None:
        """End it, and start it again on the same data."""
        self._end(by_force=by_force)
        self.start()

    def _end(self, *, by_force: bool) -> None:
        if self._process is None:
            return
        if self.running:
            self._process.kill() if by_force else self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_SECONDS)
        self._process = None

    def member(self, name: str | None = None, *, admin: bool = False) -> Member:
        """A new account; its name is made unique where none is given."""
        name = name or f"rider{next(self._names)}"
        with httpx.Client(base_url=self.url, trust_env=False, timeout=30) as http:
            nonce = http.get("/_synapse/admin/v1/register").json()["nonce"]
            password = secrets.token_hex(8)
            told = "\0".join([nonce, name, password, "admin" if admin else "notadmin"])
            mac = hmac.new(_SECRET.encode(), told.encode(), hashlib.sha1).hexdigest()
            body = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
            answer = http.post("/_synapse/admin/v1/register", json=body).raise_for_status().json()
        return Member(self.url, answer["user_id"], answer["access_token"], password)

    def _settings(self) -> dict[str, Any]:
        folder = self._folder
        return {
            "server_name": NAME,
            "public_baseurl": self.url,
            "pid_file": str(folder / "homeserver.pid"),
            "listeners": [
                {
                    "port": self._port,
                    "bind_addresses": ["127.0.0.1"],
                    "type": "http",
                    "tls": False,
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
            "log_config": str(folder / "log.yaml"),
            "media_store_path": str(folder / "media"),
            "signing_key_path": str(folder / "signing.key"),
            "registration_shared_secret": _SECRET,
            "macaroon_secret_key": "beans",
            "form_secret": "peas",
            "report_stats": False,
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            "presence": {"enabled": False},
            "bcrypt_rounds": 4,
            **_no_limits(),
        }


def _log_to(path: Path) -> dict[str, Any]:
    return {
        "version": 1,
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"file": {"class": "logging.FileHandler", "formatter": "plain", "filename": str(path)}},
        "root": {"level": "WARNING", "handlers": ["file"]},
        "disable_existing_loggers": False,
    }


def _no_limits() -> dict[str, Any]:
    """Everything that slows down a server's clients, raised until it does not."""
    grouped = {
        "rc_login": ("address", "account", "failed_attempts"),
        "rc_joins": ("local", "remote"),
        "rc_invites": ("per_room", "per_user", "per_issuer"),
    }
    single = (
        *("message", "registration", "registration_token_validity", "admin_redaction", "joins_per_room"),
        *("3pid_validation", "third_party_invite", "media_create", "delayed_event_mgmt", "room_creation"),
        *("reports", "user_directory", "profile"),
    )
    limits: dict[str, Any] = {f"rc_{name}": _PLENTY for name in single}
    return limits | {name: dict.fromkeys(parts, _PLENTY) for name, parts in grouped.items()}


@dataclass
class Member:
    """Somebody with an account, who acts through the client-server API alone."""

    url: str
    user_id: str
    token: str = field(repr=False)
    password: str = field(repr=False)
    _http: httpx.Client | None = field(default=None, repr=False)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON that answers a request; an error where the server refuses it."""
        if self._http is None:
            self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=60)
        response = self._http.request(
            method, path, json=body, params=query, headers={"authorization": f"Bearer {self.token}"}
        )
        if not response.is_success:
            message = f"{method} {path}: {response.status_code} {response.text}"
            raise RuntimeError(message)
        return response.json()

    def client(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """A call below /_matrix/client/v3."""
        return self.call(method, f"/_matrix/client/v3{path}", body, **query)

    def create_room(self, *, public: bool = True, version: str | None = None, **more: Any) -> str:
        """A new room: one that anybody may join, or one by invitation."""
        body = {"preset": "public_chat" if public else "private_chat", **more}
        if version is not None:
            body["room_version"] = version
        return str(self.client("POST", "/createRoom", body)["room_id"])

    def join(self, room: str) -> None:
        """Join a room that is open, or to which one is invited."""
        self.client("POST", f"/rooms/{quote(room)}/join", {})

    def leave(self, room: str) -> None:
        """Leave a room."""
        self.client("POST", f"/rooms/{quote(room)}/leave", {})

    def invite(self, room: str, who: str) -> None:
        """Invite an account."""
        self.client("POST", f"/rooms/{quote(room)}/invite", {"user_id": who})

    def ban(self, room: str, who: str) -> None:
        """Ban an account."""
        self.client("POST", f"/rooms/{quote(room)}/ban", {"user_id": who})

    def send_event(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """Send any event; its id."""
        path = f"/rooms/{quote(room)}/send/{kind}/{secrets.token_hex(8)}"
        return str(self.client("PUT", path, content)["event_id"])

    def send(self, room: str, text: str, **content: Any) -> str:
        """Write a message; its id."""
        return self.send_event(room, "m.room.message", {"msgtype": "m.text", "body": text, **content})

    def reply(self, room: str, event: str, text: str) -> str:
        """Reply to a message; the id of the reply."""
        return self.send(room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": event}}})

    def edit(self, room: str, event: str, text: str) -> str:
        """Replace the text of a message; the id of the edit."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        return self.send(room, f"* {text}", **{"m.new_content": new, "m.relates_to": relation})

    def redact(self, room: str, event: str) -> str:
        """Delete an event; the id of the redaction."""
        path = f"/rooms/{quote(room)}/redact/{quote(event)}/{secrets.token_hex(8)}"
        return str(self.client("PUT", path, {})["event_id"])

    def react(self, room: str, event: str, key: str = "👍") -> str:
        """React to a message; the id of the reaction."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return self.send_event(room, "m.reaction", {"m.relates_to": relation})

    def report(self, room: str, event: str) -> None:
        """Report an event to the server's administrators."""
        self.client("POST", f"/rooms/{quote(room)}/report/{quote(event)}", {"reason": "rude about tomatoes"})

    def set_state(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """Set the state of a room; the id of the event."""
        return str(self.client("PUT", f"/rooms/{quote(room)}/state/{kind}", content)["event_id"])

    def upgrade(self, room: str, version: str) -> str:
        """Replace a room by one of another version; the id of the new one."""
        body = {"new_version": version}
        return str(self.client("POST", f"/rooms/{quote(room)}/upgrade", body)["replacement_room"])

    def log_out(self) -> None:
        """Make the token worthless."""
        self.client("POST", "/logout", {})

    def history(self, room: str) -> list[dict[str, Any]]:
        """Every event of a room that this member may see, from the first to the last."""
        events: list[dict[str, Any]] = []
        start: str | None = None
        while True:
            query = {"dir": "b", "limit": _PAGE} | ({"from": start} if start else {})
            answer = self.client("GET", f"/rooms/{quote(room)}/messages", **query)
            events += answer["chunk"]
            start = answer.get("end")
            if start is None or not answer["chunk"]:
                return events[::-1]

    def reports(self) -> list[dict[str, Any]]:
        """Every report that the server holds; for an administrator."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.call("GET", "/_synapse/admin/v1/event_reports", dir="f", **{"from": len(found)})
            found += answer["event_reports"]
            if "next_token" not in answer:
                return found
