from __future__ import annotations

import json
from pathlib import Path

import pytest

from seawall.watch.session import LATER
from tests.cli.running import run

TOKEN = "7" * 40


@pytest.fixture
def club(tmp_path: Path) -> Path:
    assert run("init", tmp_path / "club").code == 0
    return tmp_path / "club"


def test_a_watch_without_connections_says_what_to_do(club: Path) -> None:
    """Nothing to watch is a wrong configuration, and the message names the command that mends it."""
    done = run("watch", club)
    assert done.code == 2
    assert "seawall connect" in done.err


def test_an_unknown_platform_is_told_with_the_nearest(club: Path) -> None:
    """A misspelt source is answered with the one that was probably meant."""
    done = run("connect", club, "rocketcat", "https://chat.example.org")
    assert done.code == 2
    assert "Did you mean rocketchat?" in done.err


def test_a_secret_is_never_taken_from_the_command_line(club: Path) -> None:
    """Where nobody can be asked, the message names the variable; a secret among the settings is refused."""
    done = run("connect", club, "rocketchat", "https://127.0.0.1:1", "--set", "user_id=abc")
    assert done.code == 2
    assert "SEAWALL_SECRET_TOKEN" in done.err
    refused = run("connect", club, "rocketchat", "https://127.0.0.1:1", "--set", f"token={TOKEN}")
    assert refused.code == 2
    assert TOKEN not in refused.err + refused.out


def test_a_server_that_does_not_answer_is_not_connected(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be reached is said with its address, and nothing is kept, the token least of all."""
    monkeypatch.setenv("SEAWALL_SECRET_TOKEN", TOKEN)
    done = run("connect", club, "rocketchat", "https://127.0.0.1:1", "--set", "user_id=abc")
    assert done.code == 7
    assert "127.0.0.1" in done.err
    assert TOKEN not in done.err + done.out
    assert json.loads(run("connect", club, "--json").out) == []
    assert not any(TOKEN.encode() in path.read_bytes() for path in club.rglob("*") if path.is_file())


def test_a_connection_is_listed_tried_and_forgotten(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """connect, list, test, watch for a moment, remove: each says what it did, none shows the token."""
    monkeypatch.setenv("SEAWALL_SECRET_TOKEN", TOKEN)
    made = run("connect", club, "push", "--name", "events", "--visibility", "public")
    assert made.code == 0, made.err
    assert "seawall watch" in made.out
    (row,) = json.loads(run("connect", club, "--json").out)
    assert (row["name"], row["source"], row["secrets kept"]) == ("events", "push", "token")
    assert "/v1/events/events" in run("connect", club, "--test", "events").out
    watched = run("watch", club, "--for", "0.2", "--listen", "127.0.0.1:0", "--json")
    events = [json.loads(line) for line in watched.out.splitlines()]
    assert [event["event"] for event in events] == ["remark", "watching", "summary"]
    assert events[0]["sentence"] == f"Built the detectors' state from the lake. {LATER}"
    assert run("connect", club, "--remove", "events").code == 0
    assert json.loads(run("connect", club, "--json").out) == []
    assert TOKEN not in "".join([made.out, made.err, watched.out, watched.err])


def test_receivers_are_named_listed_and_removed(club: Path, tmp_path: Path) -> None:
    """A log and a webhook are told of new cases until they are removed; the webhook's secret is shown once."""
    assert run("tell", club, "log", tmp_path / "cases.jsonl").code == 0
    secret = json.loads(run("tell", club, "webhook", "https://chat.example.org/hook", "--json").out)["secret"]
    listed = run("tell", club, "--json").out
    assert [row["kind"] for row in json.loads(listed)] == ["log", "webhook"]
    assert secret.startswith("whsec_")
    assert secret not in listed
    assert run("tell", club, "--remove", "log").code == 0
    assert [row["kind"] for row in json.loads(run("tell", club, "--json").out)] == ["webhook"]


def test_a_replay_tells_what_would_have_been_told_and_leaves_nothing(club: Path) -> None:
    """The past of a workspace is played into a private one, which is gone afterwards unless it is kept."""
    export = club.parent / "export.csv"
    rows = [f"m{n},rosa{n % 5},2026-05-03T14:{n % 60:02}:00Z,about roses {n}" for n in range(50)]
    rows.append("c1,rosa1,2026-05-03T15:30:00Z,seawall canary: the greenhouse door is open")
    export.write_text("\n".join(["id,author,time,text", *rows]), encoding="utf-8")
    assert run("add", club, export, "--visibility", "public").code == 0
    done = run("watch", club, "--replay", club, "--speed", "0", "--json")
    assert done.code == 0, done.err
    case, summary = (json.loads(line) for line in done.out.splitlines())
    assert (case["event"], summary["messages"], summary["cases"]) == ("case", 51, 1)
    assert list((club / "tmp").iterdir()) == []
    assert json.loads(run("cases", club, "--json").out) == []
    kept = run("watch", club, "--replay", club, "--speed", "0", "--keep", club.parent / "trial")
    assert kept.code == 0, kept.err
    assert len(json.loads(run("cases", club.parent / "trial", "--json").out)) == 1


def test_the_unit_is_printed(club: Path) -> None:
    """--unit prints a systemd unit and watches nothing."""
    done = run("watch", club, "--unit")
    assert done.code == 0
    assert f"watch {club}" in done.out
