"""The real console in a process of its own, and people who ask it over HTTP as browsers do."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import seawall
from seawall.casebook.sessions import csrf_of

_BUCKET = re.compile(r'seawall_console_request_seconds_bucket\{le="([^"]+)",route="([^"]+)"\} (\S+)')
_IDLE_SECONDS = 8
"""After so long a connection is opened anew, before the console ends it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long that took as the person sees it (seconds)."""

    status: int
    place: str  # where a redirect leads
    text: str
    seconds: float


class Person:
    """One browser: a connection that stays open, with one session's cookie or with none.

    Args:
        port: of the console on this machine.
        token: of the session; "" = a stranger.
    """

    def __init__(self, port: int, token: str = "") -> None:
        self._host = f"localhost:{port}"
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._token = token
        self.signed_in = bool(token)
        self._used = time.monotonic()

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def send(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode({"csrf": csrf_of(self._token), **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"host": self._host, "origin": f"http://{self._host}"}
        if self._token:
            headers["cookie"] = f"seawall={self._token}"
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self._used > _IDLE_SECONDS:
            self._connection.close()
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self._used = time.monotonic()
        return Answer(answer.status, answer.headers.get("location", ""), text, time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Served:
    """A console that runs."""

    folder: Path
    port: int
    process: int
    started: float  # seconds until it told its address

    def person(self, name: str) -> Person:
        """Somebody who is signed in."""
        return Person(self.port, self.token(name))

    def token(self, name: str) -> str:
        """A new session of an enrolled person."""
        return seawall.open(self.folder).open_session(name, "passkey")

    def stranger(self) -> Person:
        """Somebody who is not."""
        return Person(self.port)

    def processor_seconds(self) -> float:
        """The processor time that it took so far, all threads together."""
        told = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def peak_bytes(self) -> int:
        """The most memory that it held so far."""
        told = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8")
        return int(told.partition("VmHWM:")[2].split()[0]) * 1024

    def within(self, seconds: float) -> dict[str, tuple[int, int]]:
        """Route -> how many answers began within a time, and how many there were, at the server's own edge."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for bound, route, value in _BUCKET.findall(self.stranger().get("/metrics").text):
            counts[route][bound] = int(float(value))
        return {route: (one[f"{seconds:g}"], one["+Inf"]) for route, one in counts.items()}


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """``seawall serve`` on a free port, until the end of the block."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "seawall", "serve", str(folder), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = urlsplit(json.loads(process.stdout.readline())["address"])
            assert address.port is not None
            yield Served(folder, address.port, process.pid, time.perf_counter() - began)
        finally:
            process.terminate()
