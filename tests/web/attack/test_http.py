"""Requests that no browser makes, to the console as people run it: a clear answer, never a fault, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import seawall
from seawall.casebook import Role
from seawall.casebook.sessions import csrf_of
from tests.web.conftest import NAMES

PATIENCE_SECONDS = 20
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"


@dataclass
class Wire:
    """A console that listens on 127.0.0.1, and a session of a reviewer in it."""

    port: int
    token: str
    process: subprocess.Popen[str]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def send(self, raw: bytes, *, end: bool = False) -> bytes:
        """Everything that comes back for these bytes; ``end``: say that no more will come."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as line:
            heard = b""
            try:
                line.sendall(raw)
                if end:
                    line.shutdown(socket.SHUT_WR)
                while part := line.recv(65536):
                    heard += part
            except (BrokenPipeError, ConnectionResetError):  # it need not listen to the end of what it refuses
                pass
            return heard

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        """Status and text of the answer to one request of the reviewer; underscores in names stand for hyphens."""
        told = {
            "host": self.host,
            "origin": f"http://{self.host}",
            "cookie": f"seawall={self.token}",
            "connection": "close",
        }
        if body or method == "POST":
            told |= {"content-type": FORM, "content-length": str(len(body))}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
        return answered(self.send(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body))


def answered(heard: bytes) -> tuple[int, str]:
    """Status and text of what was heard; status 0 where the line was cut without a word."""
    if not heard:
        return 0, ""
    return int(heard.split(b" ", 2)[1]), heard.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def wire(club_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """The command ``seawall serve``; it is alive at the end, and has told of no fault."""
    folder = tmp_path_factory.mktemp("wire") / "club"
    shutil.copytree(club_folder, folder)
    token = seawall.open(folder).open_session(NAMES[Role.REVIEWER], "passkey")
    process = subprocess.Popen(
        [sys.executable, "-m", "seawall", "serve", str(folder), "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert process.stdout is not None
    address = urlsplit(json.loads(process.stdout.readline())["address"])
    yield Wire(int(address.port or 0), token, process)
    alive = process.poll() is None
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=PATIENCE_SECONDS)
    assert (alive, told) == (True, ("", ""))


def assert_clear(answer: tuple[int, str], *allowed: int) -> None:
    """The answer has one of these statuses, and tells nothing of the inside."""
    status, text = answer
    assert status in allowed, text[:400]
    for inside in ("Traceback", "site-packages", 'File "', "starlette", "uvicorn"):
        assert inside not in text


BROKEN_PARTS = {
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "empty boundary": ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    "another boundary": ("multipart/form-data; boundary=bed", b"--weed\r\n\r\n1\r\n--weed--"),
    "cut off": (
        "multipart/form-data; boundary=bed",
        b'--bed\r\nContent-Disposition: form-data; name="against"\r\n\r\nhalf',
    ),
    "no name": (
        "multipart/form-data; boundary=bed",
        b"--bed\r\nContent-Disposition: form-data\r\n\r\n1\r\n--bed--\r\n",
    ),
    "no head": ("multipart/form-data; boundary=bed", b"--bed\r\n\r\n1\r\n--bed--\r\n"),
    "binary boundary": ("multipart/form-data; boundary=\xff\xfe", b"\xff\xfe\x00"),
    "long boundary": ("multipart/form-data; boundary=" + "b" * 5000, b"--b"),
    "unknown charset": ("application/x-www-form-urlencoded; charset=garden", b"csrf=\xff\xfe"),
    "charset of a part": (
        "multipart/form-data; boundary=bed; charset=garden",
        b'--bed\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--bed--\r\n',
    ),
    "header without colon": ("multipart/form-data; boundary=bed", b"--bed\r\nweed\r\n\r\n1\r\n--bed--\r\n"),
    "thousand files": (
        "multipart/form-data; boundary=bed",
        b'--bed\r\nContent-Disposition: form-data; name="f"; filename="=1+1.csv"\r\n\r\n1\r\n' * 1000 + b"--bed--\r\n",
    ),
    "path as file name": (
        "multipart/form-data; boundary=bed",
        b'--bed\r\nContent-Disposition: form-data; name="keyfile"; filename="../\x00.key"\r\n\r\n1\r\n--bed--\r\n',
    ),
}


@pytest.mark.parametrize("kind", BROKEN_PARTS, ids=str)
@pytest.mark.parametrize("path", ["/you", "/requests/R-0000/key", "/sign-in/password"], ids=str)
def test_a_broken_form_is_refused(wire: Wire, kind: str, path: str) -> None:
    """A form that cannot be read, or that lacks its token, is refused; nothing is done."""
    content_type, body = BROKEN_PARTS[kind]
    # a form that can be read is a form without its token: 403; for signing in: wrong name or password, 422 or 429
    assert_clear(wire.ask("POST", path, body, content_type=content_type), 400, 403, 422, 429)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, b'{"csrf": "x"}'),
        (JSON, b"[" * 50_000),
        ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>"),
        ("text/plain", b"\x00\xff" * 100),
        ("", b"csrf=1"),
        ("a" * 3000, b"x"),
        (FORM, b"&".join(b"f%d=1" % n for n in range(1000))),
        (FORM, b"&=&=&;%%%zz%u202e=%ff%fe&csrf=%00"),
        (FORM, b"csrf=" + b"%F0%9F" * 1000),
    ],
    ids=[
        "json",
        "deep json",
        "xml",
        "binary",
        "no type",
        "long type",
        "thousand fields",
        "odd escapes",
        "half letters",
    ],
)
def test_another_kind_of_body_is_no_form(wire: Wire, content_type: str, body: bytes) -> None:
    """Whatever kind of body is sent, without the session's token nothing is done."""
    assert_clear(wire.ask("POST", "/you", body, content_type=content_type), 400, 403, 422)


def test_passkeys_that_are_none(wire: Wire) -> None:
    """The two places that take JSON refuse what is none, too deep, or of the wrong shape."""
    csrf = csrf_of(wire.token)
    for path in ("/sign-in/passkey", "/you/sign-in/passkey"):
        for body in (
            b"",
            b"\xff",
            b"[" * 50_000,
            b"null",
            b"[]",
            b'{"id": {}}',
            b'{"id": 1e999}',
            b'{"id": "\\ud83d"}',
        ):
            answer = wire.ask("POST", path, body, content_type=JSON, x_csrf_token=csrf)
            assert_clear(answer, 400, 401, 403, 409, 422, 429)


def test_more_than_it_takes(wire: Wire) -> None:
    """A body that is too large is refused, whether its length is told, told wrongly, or comes in chunks."""
    much = b"x" * ((1 << 20) + 1)
    assert_clear(wire.ask("POST", "/you", much), 413)
    assert_clear(wire.ask("POST", "/you", b"x", content_length=str(1 << 40)), 413)
    chunks = b"".join(b"10000\r\n" + b"x" * 65536 + b"\r\n" for _ in range(20)) + b"0\r\n\r\n"
    assert_clear(wire.ask("POST", "/you", chunks, content_length="", transfer_encoding="chunked"), 413)
    for length in ("-1", "x", "1, 2", "0x10", "٣", "1" * 400):
        answer = wire.send(f"POST /you HTTP/1.1\r\nhost: {wire.host}\r\ncontent-length: {length}\r\n\r\n".encode())
        assert_clear(answered(answer), 400, 413)


def test_two_lengths_are_refused(wire: Wire) -> None:
    """What could be read as one request or as two is refused or read as chunks, with the rest of the line given up."""
    smuggled = b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n"
    for extra in (f"content-length: 3\r\ncontent-length: {len(smuggled)}", "transfer-encoding: gzip, chunked"):
        raw = f"POST /you HTTP/1.1\r\nhost: {wire.host}\r\n{extra}\r\n\r\n".encode()
        heard = wire.send(raw + smuggled)
        assert_clear(answered(heard), 400, 501)
        assert heard.count(b"HTTP/1.1 ") == 1


def test_heads_that_are_too_long(wire: Wire) -> None:
    """A head beyond its bound is refused; hundreds of cookies within it are read."""
    assert_clear(wire.ask("GET", "/you", x_garden="b" * 200_000), 0, 400, 431)
    assert_clear(wire.ask("GET", "/" + "b" * 200_000), 0, 400, 414, 431)
    cookies = "; ".join(f'bed{n}="<script>{n}' for n in range(400))
    assert_clear(wire.ask("GET", "/you", cookie=f"{cookies}; seawall={wire.token}"), 200)
    assert_clear(wire.ask("GET", "/you", cookie=cookies), 303)


@pytest.mark.parametrize(
    "cookie",
    [
        "seawall",
        "seawall=",
        'seawall="\\054\\377"',
        "seawall=\xff\xfe",
        "seawall_exposure=....",
        "seawall_done=x.y.z",
        "seawall_kept=../..",
        "seawall_language=../../en",
        "seawall=" + "a" * 9000,
    ],
    ids=["no value", "empty", "octal", "binary", "exposure", "done", "kept", "language", "long"],
)
def test_cookies_that_are_none(wire: Wire, cookie: str) -> None:
    """A cookie that nobody was given opens nothing and breaks nothing."""
    assert_clear(wire.ask("GET", "/queue", cookie=cookie), 303)
    if not cookie.startswith("seawall="):
        assert_clear(wire.ask("GET", "/queue", cookie=f"seawall={wire.token}; {cookie}"), 200)
        assert_clear(wire.ask("GET", "/kept", cookie=f"seawall={wire.token}; {cookie}"), 200, 303, 404)


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "127.0.0.1.example.org",
        "127.0.0.1@example.org",
        "[::1",
        "",
        "\xff",
        "a" * 3000,
        "127.0.0.1, example.org",
    ],
    ids=["another", "below another", "user", "half a bracket", "none", "binary", "long", "two"],
)
def test_another_host_is_not_answered(wire: Wire, host: str) -> None:
    """Names that are not the console's get no page, and nothing that leads there."""
    status, text = wire.ask("GET", "/sign-in", host=host)
    assert_clear((status, text), 400, 421)
    assert "example.org" not in text


def test_no_header_changes_who_or_what_is_asked(wire: Wire) -> None:
    """Override headers of proxies and frameworks move neither method, path, host nor address."""
    for name, value in (
        ("x_http_method_override", "POST"),
        ("x_http_method", "DELETE"),
        ("x_original_url", "/metrics"),
        ("x_rewrite_url", "/metrics"),
        ("x_forwarded_host", "example.org"),
        ("x_forwarded_proto", "https"),
        ("x_forwarded_for", "192.0.2.1"),
        ("forwarded", "host=example.org;proto=https"),
        ("x_forwarded_prefix", "//example.org"),
    ):
        status, text = wire.ask("GET", "/sign-in", b"", cookie="", **{name: value})
        assert_clear((status, text), 200)
        assert "example.org" not in text
        assert_clear(wire.ask("GET", "/queue?_method=POST", b"", cookie="", **{name: value}), 303)


@pytest.mark.parametrize(
    "method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "\xff"]
)
def test_other_methods(wire: Wire, method: str) -> None:
    """What no route declares is not there."""
    for path in ("/queue", "/static/brief.css", "/static/app.css", "/sign-in"):
        assert_clear(wire.ask(method, path), 200, 400, 404, 405) if method == "HEAD" else assert_clear(
            wire.ask(method, path), 400, 404, 405
        )


OUTSIDE = (
    "/static/../../../../../../etc/hostname",
    "/static/..%2f..%2f..%2f..%2fetc/hostname",
    "/static/%2e%2e/%2e%2e/templates/base.html",
    "/static/..\\..\\templates\\base.html",
    "/static/..%5c..%5ctemplates%5cbase.html",
    "/static//etc/hostname",
    "/static/%00",
    "/static/app.css%00.html",
    "/static/%c0%ae%c0%ae/%c0%ae%c0%ae/app.py",
    "/static/" + "a" * 5000,
    "/static/" + "a/" * 2000,
    "/static/.",
    "/static/..",
    "/static",
    "/static/",
    "/static/__init__.py",
    "/static/../templates/base.html",
    "/static/%252e%252e/templates/base.html",
    "/static/\xff",
    "/static/CON",
    "/static/app.css/",
)


@pytest.mark.parametrize("place", range(len(OUTSIDE)))
def test_nothing_outside_of_the_files_is_read(wire: Wire, place: int) -> None:
    """Paths that lead out of the console's own files, or that no file can have, are not there."""
    status, text = wire.ask("GET", OUTSIDE[place])
    assert_clear((status, text), 307, 400, 404)
    assert "{% block" not in text


@pytest.mark.parametrize(
    "target",
    [
        "/queue?severity=%00",
        "/queue?after=%00&severity=%ff",
        "/explore?text=%00&view=table",
        "/explore?start=99999-99-99",
        "/explore?start=0000-00-00&end=-1",
        "/explore?view=table&page=999999999999999999999",
        "/cases/%00",
        "/cases/%ff%fe",
        "/cases/C-1?around=%00",
        "/accounts/%00",
        "/channels/%2e%2e/%2e%2e",
        "/channels/%00",
        "/campaigns/%F0%9F",
        "/indicators?text=%00&page=0",
        "/indicators/%00",
        "/requests?account=%00&kind=%00",
        "/requests/%00",
        "/appeals/%00",
        "/overview?start=%00",
        "/overview/cases?start=%00&end=%00",
        "/overview/timeline.json?start=%00",
        "/explore/timeline.json?start=%00",
        "/explore/network.json?window=1e999&least=%00",
        "/explore/edge?source=%00&target=1",
        "/quality/blind/%00",
        "/sign-in?next=%00//example.org",
        "/sign-in/link/%00",
        "/queue/together?case=%00&alike=%00",
        "/audit?before=99999999999999999999999&person=%00",
        "/?" + "a=1&" * 2000,
        "/queue?" + "&".join(["severity=high"] * 900),
        "/explore?text=%ED%A0%80",
        "/queue?%00=%00",
        "//example.org/%2e%2e",
        "/\\example.org",
        "http://example.org/sign-in",
        "*",
        "/cases/" + "C" * 9000,
    ],
    ids=lambda target: target[:40],
)
def test_odd_addresses(wire: Wire, target: str) -> None:
    """An address with what no address holds is shown as an empty page or as one that is not there."""
    status, text = wire.ask("GET", target)
    assert_clear((status, text), 200, 202, 303, 307, 400, 404, 422)
    assert "location: //" not in text
    assert "location: http" not in text


def test_lines_that_are_no_http(wire: Wire) -> None:
    """What is no request at all gets 400 or nothing."""
    for raw in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\n folded: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: a\x00b\r\n\r\n",
        b"\r\n" * 500,
        b"",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ):
        assert_clear(answered(wire.send(raw, end=True)), 0, 400, 421, 505)
