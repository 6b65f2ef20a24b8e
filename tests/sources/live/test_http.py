"""The client of live sources against servers that misbehave."""

from __future__ import annotations

import asyncio
import datetime
import gzip
import ipaddress
import ssl
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.sources.live.http import Client
from tests.sources.live.raw_server import Behaviour, answering, pouring, serving

TOKEN = "plot-nine-secret"  # noqa: S105 - of a server that is not there


def asked(behaviour: Behaviour, tls: ssl.SSLContext | None = None, path: str = "api/v1/me", **more: Any) -> Any:
    """What the client makes of a behaviour."""

    async def ask() -> Any:
        async with asyncio.timeout(20), serving(behaviour, tls) as url:
            told = {"headers": {"X-Auth-Token": TOKEN}, "where": "connection club", "product": "Rocket.Chat"} | more
            async with Client(url, **told) as client:
                return await client.get(path, {"roomId": "garden-room"})

    return asyncio.run(ask())


def refused(behaviour: Behaviour, kind: type[ConnectError] = ConnectError, **more: Any) -> ConnectError:
    """The error that a behaviour leads to; it names the place, and nothing that is private."""
    with pytest.raises(kind) as caught:
        asked(behaviour, **more)
    assert "connection club, 127.0.0.1/api/v1/me" in str(caught.value)
    assert caught.value.mend
    for private in (TOKEN, "garden-room", "beans"):
        assert private not in str(caught.value)
    return caught.value


def test_an_answer_is_decoded() -> None:
    """JSON comes as it is, also packed with gzip and after a redirect within the server."""
    assert asked(answering(b'{"beans": 7}')) == {"beans": 7}
    assert asked(answering(gzip.compress(b'{"beans": 7}'), "200 OK", "content-encoding: gzip")) == {"beans": 7}

    async def redirecting() -> Any:
        count = 0

        async def behave(writer: asyncio.StreamWriter) -> None:
            nonlocal count
            count += 1
            first = answering(b"", "302 Found", "location: /api/v2/me")
            await (first if count == 1 else answering(b"[1]"))(writer)

        async with serving(behave) as url, Client(url, headers={}, where="connection club") as client:
            return await client.get("api/v1/me")

    assert asyncio.run(redirecting()) == [1]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (answering(b"<!doctype html><title>beans</title>"), "does not look like a Rocket.Chat server"),
        (answering(b'{"a":' * 100_000), "does not look like a Rocket.Chat server"),
        (answering(b"[" + b"[]," * 1_000_000 + b"[]]"), "too many values"),
        (answering(b'{"error": "beans"}', "404 Not Found"), "nothing at this address"),
        (answering(b"beans", "500 Oops"), "a fault of its own (500)"),
        (answering(b"", "302 Found", "location: http://10.0.0.7/api/v1/me"), "leads to another server"),
        (answering(b"", "301 Moved", "location: https://127.0.0.1/api/v1/me"), "leads to another server"),
        (answering(b"", "302 Found", "location: /api/v1/me"), "in a circle"),
        (answering(b"beans", "200 OK", "content-encoding: br"), "packed in a way"),
        (answering(b"beans", "200 OK", "content-encoding: gzip"), "damaged"),
        (answering(b'{"beans": 7}', "200 OK", "content-length: 400"), "broke off"),
    ],
)
def test_a_wrong_answer_is_named(behaviour: Behaviour, words: str) -> None:
    """Each way in which an answer can be wrong has a plain message, which quotes nothing of it."""
    assert words in str(refused(behaviour))


def test_a_refused_token_is_told_from_a_refused_right() -> None:
    """401 and 403 are errors of access, with their status and the server's code for the source to go by."""
    error = refused(answering(b'{"status": "error"}', "401 Unauthorized"), AccessError)
    assert (error.status, error.code) == (401, None)
    body = b'{"success": false, "error": "not beans [x]", "errorType": "error-not-allowed"}'
    error = refused(answering(body, "403 Forbidden"), AccessError)
    assert (error.status, error.code) == (403, "error-not-allowed")


def test_the_server_says_how_long_to_wait() -> None:
    """429 and 503 tell the wait that the server asks for."""
    assert refused(answering(b"", "429 Slow down", "retry-after: 17")).retry_after == 17.0
    assert refused(answering(b"", "503 Busy")).retry_after is None


@pytest.mark.parametrize(
    "behaviour",
    [
        pouring(b" " * (1 << 20), 100),
        pouring(gzip.compress(b" " * (400 << 20), 9), 1, head="content-encoding: gzip"),
        pouring(b"[", 10**9),
    ],
    ids=["100 MB", "a gzip bomb", "never ends"],
)
def test_too_much_is_cut_off(behaviour: Behaviour) -> None:
    """An answer that is too long, or never ends, costs neither memory nor time beyond the limits."""
    tracemalloc.start()
    start = time.monotonic()
    error = refused(behaviour, timeout_s=3.0, limit_bytes=4 << 20)
    assert time.monotonic() - start < 15
    assert tracemalloc.get_traced_memory()[1] < 32 << 20
    tracemalloc.stop()
    assert "cut off" in str(error) or "in time" in str(error)


def test_a_slow_answer_ends_in_time() -> None:
    """A byte now and then does not hold the client beyond its time."""
    error = refused(pouring(b" ", 1_000, 0.05), timeout_s=0.5)
    assert "did not answer in time" in str(error)


def test_silence_and_a_lost_connection_are_told() -> None:
    """A server that accepts and says nothing, and one that is not there."""

    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    assert "did not answer in time" in str(refused(silent, timeout_s=0.3))

    async def ask_nobody() -> None:
        async with Client("http://127.0.0.1:9", headers={}, where="connection club") as client:
            await client.get("api/v1/me")

    with pytest.raises(ConnectError, match="Nothing listens"):
        asyncio.run(ask_nobody())


def certificate(folder: Path, days: int) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for 127.0.0.1 that ends in so many days, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "garden club")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=10))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "garden.pem", folder / "garden.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def test_certificates_are_checked(tmp_path: Path) -> None:
    """A certificate of unknown origin is refused, unless the operator names its authority; an expired one always."""
    public, context = certificate(tmp_path, days=10)
    told = refused(answering(b"{}"), tls=context)
    assert "is not trusted" in str(told)
    assert "ca_file" in str(told)
    assert asked(answering(b"[1]"), tls=context, settings={"ca_file": str(public)}) == [1]
    public, context = certificate(tmp_path, days=-1)
    assert "has expired" in str(refused(answering(b"{}"), tls=context, settings={"ca_file": str(public)}))
    with pytest.raises(ConfigurationError, match="authority"):
        asked(answering(b"{}"), tls=context, settings={"ca_file": str(tmp_path / "none.pem")})


@pytest.mark.parametrize(
    "url", ["https://bea:secret@chat.example", "ftp://chat.example", "chat.example", "https://chat.example/?a=b", ""]
)
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    """An address with a password, of another kind or without a server is refused before anything is sent."""
    with pytest.raises(ConfigurationError) as caught:
        Client(url, headers={}, where="connection club")
    assert "secret" not in str(caught.value)


def test_a_token_is_not_sent_in_clear_over_the_internet() -> None:
    """http to a public address is refused, unless the operator says that it is meant; a broken token always."""

    async def enter(settings: dict[str, str]) -> None:
        async with Client("http://192.88.99.1", headers={}, where="connection club", settings=settings):
            pass

    with pytest.raises(ConfigurationError, match="not encrypted"):
        asyncio.run(enter({}))
    asyncio.run(enter({"insecure": "yes"}))
    with pytest.raises(ConfigurationError, match="characters"):
        Client("https://chat.example", headers={"X-Auth-Token": "a\nb"}, where="connection club")


def test_lines_come_as_they_are_sent() -> None:
    """A stream is cut into lines wherever its pieces end; silence and a line that is too long are errors."""

    async def lines(behaviour: Behaviour, **more: Any) -> list[bytes]:
        async with (
            asyncio.timeout(20),
            serving(behaviour) as url,
            Client(url, headers={}, where="connection club", **more) as client,
        ):
            return [line async for line in client.lines("stream")]

    assert asyncio.run(lines(pouring(b"one\r\n\ntw", 2))) == [b"one", b"", b"twone", b"", b"tw"]
    with pytest.raises(ConnectError, match="cut off"):
        asyncio.run(lines(pouring(b"a" * 50_000, 100), limit_bytes=1 << 20))
    with pytest.raises(ConnectError, match="in time"):
        asyncio.run(lines(pouring(b"one\n", 2, pause=5.0), timeout_s=0.3))
