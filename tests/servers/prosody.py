"""A real Prosody on 127.0.0.1, and people who talk in its rooms with clients of their own (slixmpp).

Two services have rooms: one with an archive, one without. Prosody is Debian's: ``apt-get install prosody``.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.etree import ElementTree as ET

import pytest
import slixmpp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from slixmpp.xmlstream.stanzabase import ET as STANZA

from tests.servers.process import ServerProcess
from tests.servers.synapse import free_port

HOST = "club.example"
ARCHIVED = "rooms.club.example"
BARE = "bare.club.example"
PASSWORD = "rides and beans"  # noqa: S105 - of accounts that live for a test
PATIENCE = 40.0

_CONFIG = """
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
log = {{ {{ levels = {{ min = "info" }}, to = "file", filename = "{folder}/prosody.log" }} }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{}}
modules_enabled = {{ "disco", "roster", "saslauth", "ping", "tls" }}
modules_disabled = {{ "s2s", "offline"{without_tls} }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
{tls}
VirtualHost "{host}"
Component "{archived}" "muc"
  modules_enabled = {{ "muc_mam" }}
  muc_log_by_default = true
  muc_room_default_persistent = true
  muc_room_locking = false
  max_archive_query_results = 20
Component "{bare}" "muc"
  muc_room_default_persistent = true
  muc_room_locking = false
"""


@contextmanager
def running_prosody(folder: Path, people: Sequence[str], *, certified: bool = False) -> Iterator[Prosody]:
    """A server with its data in ``folder`` and these accounts; a skip where it is not installed.

    ``certified``: it offers encryption, with a certificate of its own in ``folder / "own.crt"``.
    """
    binary = shutil.which("prosody")
    if binary is None:
        pytest.skip("Prosody is not installed: apt-get install prosody")
    server = Prosody(binary, folder, people, certified=certified)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Prosody(ServerProcess):
    """One server with its accounts, rooms and archives in its folder."""

    def __init__(self, binary: str, folder: Path, people: Sequence[str], *, certified: bool) -> None:
        super().__init__("Prosody", [binary, "--config", folder / "prosody.cfg.lua", "-F"], folder, free_port())
        accounts = folder / "data" / HOST.replace(".", "%2e") / "accounts"
        accounts.mkdir(parents=True)
        for name in people:
            (accounts / f"{name}.dat").write_text(f'return {{ ["password"] = "{PASSWORD}"; }};\n')
        (folder / "prosody.cfg.lua").write_text(
            _CONFIG.format(
                folder=folder,
                port=self.port,
                host=HOST,
                archived=ARCHIVED,
                bare=BARE,
                without_tls="" if certified else ', "tls"',
                tls=f'ssl = {{ key = "{folder}/own.key", certificate = "{folder}/own.crt" }}' if certified else "",
            )
        )
        if certified:
            _certify(folder)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"xmpp://127.0.0.1:{self.port}"

    def forget_archive(self, room: str) -> None:
        """Lose a room's archive, as retention does; only while the server is down."""
        name, _, host = room.partition("@")
        for path in (self.folder / "data" / host.replace(".", "%2e") / "muc_log").glob(f"{name}.*"):
            path.unlink()


def _certify(folder: Path) -> None:
    """A certificate that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "own.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "own.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


class Person:
    """Somebody who talks in rooms. Use it with ``async with``."""

    def __init__(self, server: Prosody, name: str) -> None:
        self.server, self.name = server, name
        self.jid = f"{name}@{HOST}"
        self.seen: list[tuple[str, str, str]] = []  # room, nick, what: "joined", "left" or a body
        self._acks: dict[str, asyncio.Future[str]] = {}

    async def __aenter__(self) -> Self:
        client = slixmpp.ClientXMPP(
            f"{self.jid}/club", PASSWORD, plugin_config={"feature_mechanisms": {"unencrypted_plain": True}}
        )
        client.enable_direct_tls = client.enable_starttls = False
        client.enable_plaintext = True
        client.add_filter("in", self._heard)
        self._client = client
        started = asyncio.get_running_loop().create_future()
        client.add_event_handler("session_start", lambda _: started.done() or started.set_result(None))
        client.connect("127.0.0.1", self.server.port)
        async with asyncio.timeout(PATIENCE):
            await started
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.cancel_connection_attempt()
        self._client.abort()
        self._client._run_out_filters.cancel()

    def _heard(self, stanza: Any) -> Any:
        room, _, nick = (stanza.xml.get("from") or "").partition("/")
        tag = stanza.xml.tag.rpartition("}")[2]
        if tag == "presence":
            self.seen.append((room, nick, {"": "joined", "unavailable": "left"}.get(stanza.xml.get("type", ""), "?")))
        if tag == "message":
            body = stanza.xml.find("{jabber:client}body")
            self.seen.append((room, nick, "" if body is None else body.text or ""))
            given = stanza.xml.find(f"{{urn:xmpp:sid:0}}stanza-id[@by='{room}']")
            ack = self._acks.pop(stanza.xml.get("id", ""), None)
            if ack is not None and not ack.done():
                ack.set_result("" if given is None else given.get("id"))
        return stanza

    async def join(self, room: str, nick: str | None = None) -> None:
        """Come into a room, and make it if it is not there."""
        nick = nick or self.name
        self._presence(f"{room}/{nick}", '<x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x>')
        await self.until(lambda: (room, nick, "joined") in self.seen)

    async def leave(self, room: str, nick: str | None = None) -> None:
        """Go out of a room."""
        self._presence(f"{room}/{nick or self.name}", kind="unavailable")
        await self.until(lambda: (room, nick or self.name, "left") in self.seen)

    def _presence(self, to: str, payload: str = "", kind: str | None = None) -> None:
        presence = self._client.make_presence(pto=to, ptype=kind)
        if payload:
            presence.append(STANZA.fromstring(payload))
        presence.send()

    async def say(self, room: str, body: str | None, *payloads: str, own_id: str | None = None) -> tuple[str, str]:
        """Say something; (the id that its author gave it, the id that the room gave it)."""
        message = self._client.make_message(mto=room, mtype="groupchat")
        message["id"] = own_id or self._client.new_id()
        if body is not None:
            message["body"] = body
        for payload in payloads:
            message.append(STANZA.fromstring(payload))
        ack = asyncio.get_running_loop().create_future()
        self._acks[message["id"]] = ack
        message.send()
        async with asyncio.timeout(PATIENCE):
            return message["id"], await ack

    async def correct(self, room: str, own_id: str, body: str) -> tuple[str, str]:
        """Change what was said (XEP-0308)."""
        return await self.say(room, body, f'<replace xmlns="urn:xmpp:message-correct:0" id="{own_id}"/>')

    async def retract(self, room: str, room_id: str) -> None:
        """Take back what was said (XEP-0424)."""
        await self.say(
            room,
            "This person took back a message.",
            f'<retract xmlns="urn:xmpp:message-retract:1" id="{room_id}"/>',
            '<fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:message-retract:1"/>',
            '<store xmlns="urn:xmpp:hints"/>',
        )

    async def configure(self, room: str, **fields: str) -> None:
        """Set a room's configuration; underscores stand for nothing: ``membersonly="1"``."""
        form = "".join(
            f'<field var="muc#roomconfig_{name}"><value>{value}</value></field>' for name, value in fields.items()
        )
        iq = self._client.make_iq_set(ito=room)
        iq.append(
            STANZA.fromstring(
                '<query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit">'
                '<field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field>'
                f"{form}</x></query>"
            )
        )
        await iq.send(timeout=PATIENCE)

    async def admin(self, room: str, item: str) -> None:
        """Change somebody's role or affiliation: ``item`` is the XML of an item."""
        iq = self._client.make_iq_set(ito=room)
        iq.append(STANZA.fromstring(f'<query xmlns="http://jabber.org/protocol/muc#admin">{item}</query>'))
        await iq.send(timeout=PATIENCE)

    async def until(self, true: Any, seconds: float = PATIENCE) -> None:
        """Wait until something is true."""
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.01)


def element(xml: str) -> ET.Element:
    """A stanza as a client would hear it."""
    return STANZA.fromstring(xml)
