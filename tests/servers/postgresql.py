"""A real PostgreSQL on 127.0.0.1, of Debian's package: ``apt-get install postgresql``. It refuses to run as root."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pg8000
import pytest

from tests.servers.process import START_SECONDS, ServerProcess
from tests.servers.synapse import free_port

ROLE = "seawall"
PASSWORD = "rides and beans"  # noqa: S105 - of a server that lives for a test
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 60
shared_buffers = 32MB
fsync = off
full_page_writes = off
autovacuum = off
log_min_messages = fatal
"""


@contextmanager
def running_postgresql() -> Iterator[PostgresServer]:
    """A server with its data in a temporary folder; a skip where it is not installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with TemporaryDirectory(prefix="seawall-postgresql-") as folder:
        server = PostgresServer(programs[-1].parent, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


class PostgresServer(ServerProcess):
    """One server; each test has a database of its own, which belongs to a role without rights beyond it."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.data = folder / "data"
        port = free_port()
        super().__init__("PostgreSQL", [*_as_somebody(), programs / "postgres", "-D", self.data], folder, port)
        self._numbers = count()
        (folder / "password").write_text(PASSWORD)
        self.data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            for path in (folder, self.data, folder / "password"):
                shutil.chown(path, "postgres", "postgres")
        made = subprocess.run(
            [
                *_as_somebody(),
                programs / "initdb",
                f"--pgdata={self.data}",
                "--username=postgres",
                f"--pwfile={folder / 'password'}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--locale-provider=icu",
                "--icu-locale=en",
                "--data-checksums",
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
        if made.returncode:
            pytest.fail(f"initdb failed:\n{made.stderr}")
        (self.data / "postgresql.conf").write_text(_SETTINGS.format(port=port))

    def start(self) -> None:
        """Start it and wait until it lets people in: it listens before that."""
        super().start()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.administer("SELECT 1")
            except pg8000.DatabaseError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Let it end without waiting for those who are connected."""
        self._end(signal.SIGINT)

    def administer(
        self, *statements: str, database: str = "postgres", given: tuple[object, ...] = ()
    ) -> list[tuple[object, ...]]:
        """Run statements as the superuser, the last one with what is given; its rows."""
        connection = pg8000.connect(
            "postgres", host="127.0.0.1", port=self.port, database=database, password=PASSWORD, ssl_context=False
        )
        try:
            connection.autocommit = True
            cursor = connection.cursor()
            for statement in statements[:-1]:
                cursor.execute(statement)
            cursor.execute(statements[-1], given)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            connection.close()

    def prepare(self) -> None:
        """Make the role to which the databases belong."""
        self.administer(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'")

    def new_database(self, template: str = "template0") -> str:
        """The name of a new database, a copy of another one."""
        name = f"casebook_{next(self._numbers)}"
        self.administer(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self.administer(f"DROP DATABASE {name} WITH (FORCE)")

    def address(self, name: str, password: str | None = PASSWORD) -> str:
        """The address of a database."""
        secret = "" if password is None else ":" + password.replace(" ", "%20")
        return f"postgresql+pg8000://{ROLE}{secret}@127.0.0.1:{self.port}/{name}"


def _as_somebody() -> list[str]:
    """What runs a program as somebody else than root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
