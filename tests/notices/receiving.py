"""Real receivers on this machine: a web server that answers as it is told, and a mail server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class WebServer:
    """What was posted, and what is answered."""

    answers: list[int] = field(default_factory=list)  # statuses of the next answers; 200 afterwards
    headers: dict[str, str] = field(default_factory=dict)
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def web_server() -> Iterator[WebServer]:
    told = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.posted.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(told.answers.pop(0) if told.answers else 200)
            for key, value in told.headers.items():
                self.send_header(key, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *parts: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailServer:
    """Which mails came, and what is answered instead of taking one."""

    refusal: str | None = None
    mails: list[Message] = field(default_factory=list)
    port: int = 0


@contextmanager
def mail_server() -> Iterator[MailServer]:
    told = MailServer()

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
            if told.refusal is not None:
                return told.refusal
            told.mails.append(message_from_bytes(envelope.content))
            return "250 OK"

    class FreePort(Controller):
        def _trigger_server(self) -> None:
            self.port = told.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    controller = FreePort(Handler(), hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield told
    finally:
        controller.stop()
