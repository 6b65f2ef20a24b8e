"""An ASGI application served on 127.0.0.1 by a thread of the test, at a free port, until it is told to stop."""

from __future__ import annotations

import socket
import threading
import time
from types import TracebackType
from typing import Any

import uvicorn

_DEADLINE = 20.0


class Served:
    """Use it with ``with``; ``url`` is where it answers. Serving again at the same port: ``port=one.port``."""

    def __init__(self, app: Any, port: int = 0, **more: Any) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if 'ssl_certfile' in more else 'http'}://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app, log_level="critical", lifespan="off", date_header=False, timeout_graceful_shutdown=1, **more
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Served:
        self._thread.start()
        deadline = time.monotonic() + _DEADLINE
        while not self._server.started:
            assert self._thread.is_alive(), "the server ended while it started"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(_DEADLINE)
        self._socket.close()
        assert not self._thread.is_alive(), "the server did not stop"
