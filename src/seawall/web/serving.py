"""Puts the console on the wire, on a socket that is there already, until somebody ends it."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import threading
from collections.abc import Generator

import uvicorn
from fastapi import FastAPI

from seawall.errors import ConfigurationError

STOP_SECONDS = 10
"""How long requests that are under way have when the console ends."""
MOST_CONNECTIONS = 512
_HEAD_BYTES = 16 << 10


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0: any that is free.

    Raises:
        ConfigurationError: the address cannot be listened on.
    """
    made = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)  # told, so that asyncio sends small answers without delay
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(128)
    except (OSError, OverflowError) as error:
        if made is not None:
            made.close()
        raise ConfigurationError(
            "This address cannot be listened on.",
            where=f"{host}:{port}",
            mend="Choose another port, or end what listens there.",
        ) from error
    made.setblocking(False)
    return made


def serve(app: FastAPI, at: socket.socket, *, behind_proxy: bool) -> None:
    """Answer until SIGINT or SIGTERM; what is under way is finished first.

    Args:
        app: the console.
        at: where it listens.
        behind_proxy: whether a proxy on this machine tells where requests come from.
    """
    for talkative in ("uvicorn", "python_multipart"):  # their lines hold addresses and bytes of what strangers send
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        http="h11",
        ws="none",
        lifespan="off",
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    _Server(config).run(sockets=[at])


def wait_for_readers() -> None:
    """Let everything that is read beside the answers come to its end.

    Native code that is cut off by the interpreter's end aborts the process.
    """
    for thread in threading.enumerate():
        if thread.name.startswith("seawall-"):
            thread.join()


class _Server(uvicorn.Server):
    """uvicorn that takes a signal as the usual end, not as something that went wrong."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
