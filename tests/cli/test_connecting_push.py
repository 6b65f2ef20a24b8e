"""Connecting a platform that pushes: the token is made by Seawall, shown once, and kept where its owner alone reads."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.cli.running import run


def test_the_token_is_made_and_shown_once(tmp_path: Path) -> None:
    """Connecting shows a token of its own making; trying and listing the connection never show it again."""
    club = tmp_path / "club"
    run("init", club)
    said = run("connect", club, "push", "--name", "forum", "--visibility", "public", "--json")
    token = said.json["made"]["token"]
    assert (said.code, len(token)) == (0, 64)
    assert "/v1/events/forum" in said.json["identity"]
    again = run("connect", club, "--test", "forum")
    listed = run("connect", club, "--json")
    assert again.code == listed.code == 0
    assert token not in again.out + again.err + listed.out + listed.err
    holding = [path for path in club.rglob("*") if path.is_file() and token.encode() in path.read_bytes()]
    assert [stat.S_IMODE(path.stat().st_mode) for path in holding] == [0o600]


def test_a_token_that_is_told_is_taken_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEAWALL_SECRET_TOKEN is used as it is, and refused where it is short."""
    club = tmp_path / "club"
    run("init", club)
    monkeypatch.setenv("SEAWALL_SECRET_TOKEN", "k" * 40)
    said = run("connect", club, "push", "--json")
    assert (said.code, "made" in said.json) == (0, False)
    assert "k" * 40 not in said.out + said.err
    monkeypatch.setenv("SEAWALL_SECRET_TOKEN", "short")
    refused = run("connect", club, "push", "--name", "other")
    assert refused.code == 2
    assert "could be guessed" in refused.err


@pytest.mark.parametrize("port", ["²", "x", "99999", ""])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    """Where a watch listens, and where a mail server is."""
    club = tmp_path / "club"
    run("init", club)
    run("connect", club, "push", "--name", "forum", "--visibility", "public")
    listening = run("watch", club, "--for", "0.1", "--listen", f"127.0.0.1:{port}")
    mailing = run("tell", club, "mail", "team@example.org", "--smtp", f"mail.example.org:{port}")
    assert (listening.code, mailing.code) == (2, 2)
    assert "no address to listen on" in listening.err
    assert "port is a number" in mailing.err
