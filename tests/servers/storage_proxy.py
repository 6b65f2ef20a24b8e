"""A storage that misbehaves: an HTTP server before another one, which passes requests on or does something else."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Rule = Callable[[str, str], str | None]
"""Method and path -> what happens: "403 AccessDenied" (status and code of S3's answer), "hang", "lose the answer",
"break off", "ignore conditions", or None: passed on."""


class StorageProxy(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1.

    Args:
        port: of the storage behind it.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = port
        self.rule: Rule = lambda method, path: None
        self.delay = 0.0
        self.asked: list[tuple[str, str]] = []
        self.ending = threading.Event()

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error here."""


@contextmanager
def running_proxy(port: int) -> Iterator[StorageProxy]:
    """One before the storage that listens on this port."""
    proxy = StorageProxy(port)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.ending.set()
        proxy.shutdown()
        proxy.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StorageProxy

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path))
        time.sleep(self.server.delay)
        said = self.server.rule(self.command, self.path)
        if said == "hang":
            self.server.ending.wait(60)
            self.close_connection = True
        elif said == "break off":
            self.close_connection = True
        elif said is not None and said[0].isdigit():
            status, code = said.split()
            self._send(int(status), {}, f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode())
        else:
            self._pass_on(body, said)

    def _pass_on(self, body: bytes, said: str | None) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        left_out = {"connection", *(["if-none-match"] if said == "ignore conditions" else [])}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in left_out}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if said == "lose the answer":
            self.close_connection = True
            return
        told = {name: value for name, value in answer.getheaders() if name.lower() not in _OURS}
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        self._send(answer.status, told, content, length)

    def _send(self, status: int, headers: dict[str, str], content: bytes, length: str | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _answer  # noqa: N815 - names of the library

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is said."""


_OURS = ("content-length", "connection", "transfer-encoding", "server", "date", "keep-alive")
