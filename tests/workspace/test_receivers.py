from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import seawall
from seawall.errors import ConfigurationError, ConnectError, StorageError
from seawall.model import Severity
from seawall.notices import Notice
from seawall.protocols import Connection, ReadOptions
from seawall.workspace.receivers import deliver
from tests.casebook.builders import accounts, alert


@dataclass
class Remembering:
    """Takes notices, or fails as often as it is told to."""

    name: str = "team"
    failures: int = 0
    taken: list[tuple[str, bool]] = field(default_factory=list)

    def send(self, notice: Notice, *, again: bool) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectError("It is away.")
        self.taken.append((notice.case_id, again))


@pytest.fixture
def workspace(tmp_path: Path) -> seawall.Workspace:
    return seawall.create(tmp_path / "club", reviewer="rosa")


def opened(workspace: seawall.Workspace, number: int, severity: Severity = Severity.LOW) -> str:
    one = alert(accounts([number]), severity=severity)
    return workspace.casebook.propose([one], lake_version="v1").opened[0]


def test_each_case_is_told_once(workspace: seawall.Workspace) -> None:
    """However often notices are delivered, each receiver hears of each case once."""
    team, other = Remembering("team"), Remembering("other")
    cases = [opened(workspace, number) for number in range(3)]
    for _ in range(3):
        deliver(workspace, [(team, Severity.LOW), (other, Severity.LOW)])
    assert sorted(case for case, _ in team.taken) == sorted(case for case, _ in other.taken) == sorted(cases)
    acts = [entry["act"] for entry in workspace.audit_entries()]
    assert acts.count("tell") == 6
    assert workspace.verify_audit()[0] == []


def test_a_receiver_that_fails_hears_later_and_keeps_nobody_waiting(workspace: seawall.Workspace) -> None:
    """What did not arrive is sent again, marked as a repetition; the others hear at once."""
    team, other = Remembering("team", failures=1), Remembering("other")
    case = opened(workspace, 1)
    arrived, failed = deliver(workspace, [(team, Severity.LOW), (other, Severity.LOW)])
    assert [notice.receiver for notice in arrived] == ["other"]
    assert [str(error) for error in failed] == ["It is away."]
    deliver(workspace, [(team, Severity.LOW), (other, Severity.LOW)])
    assert team.taken == [(case, True)]
    assert other.taken == [(case, False)]


def test_a_case_is_told_once_it_is_grave_enough(workspace: seawall.Workspace) -> None:
    """A receiver of grave cases hears of one that becomes grave, and of none that stays small or is decided."""
    team = Remembering()
    case, small = opened(workspace, 1), opened(workspace, 2)
    deliver(workspace, [(team, Severity.HIGH)])
    assert team.taken == []
    workspace.casebook.propose([alert(accounts([1]), severity=Severity.HIGH)], lake_version="v2")
    workspace.decide(small, "no_action", "A garden club's news.")
    deliver(workspace, [(team, Severity.HIGH)])
    assert team.taken == [(case, False)]


def test_a_new_receiver_is_not_told_of_old_cases(workspace: seawall.Workspace, tmp_path: Path) -> None:
    """Who is added today hears of what opens from now on."""
    opened(workspace, 1)
    told = workspace.receivers.add("log", str(tmp_path / "cases.jsonl"))
    case = opened(workspace, 2)
    deliver(workspace, [(told.receiver(), Severity(told.least))])
    lines = (tmp_path / "cases.jsonl").read_text().splitlines()
    assert [json.loads(line)["case_id"] for line in lines] == [case]


@pytest.mark.parametrize(
    ("kind", "to", "settings"),
    [
        ("pigeon", "roof", {}),
        ("webhook", "http://chat.example.org/hook", {}),
        ("webhook", "https://rosa:tulip@chat.example.org/hook", {}),
        ("webhook", "not an address", {}),
        ("mail", "nobody", {}),
        ("mail", "a@b\nBcc: c@d", {}),
        ("mail", "rosa@example.org", {"port": "x"}),
    ],
)
def test_a_receiver_that_cannot_work_is_refused(
    workspace: seawall.Workspace, kind: str, to: str, settings: dict[str, str]
) -> None:
    """An address without encryption, with a password in it, or that is none, is refused before it is kept."""
    with pytest.raises(ConfigurationError) as caught:
        workspace.receivers.add(kind, to, **settings)
    assert "tulip" not in str(caught.value)
    assert workspace.receivers.all() == []


def test_connections_are_kept_with_their_secrets_out_of_sight(workspace: seawall.Workspace) -> None:
    """A connection comes back as it was put; its secret stands in a file of the owner alone, and nowhere else."""
    one = Connection(
        "club-chat",
        "rocketchat",
        "https://chat.example.org",
        ReadOptions(visibility="public", mapping={"text": "body"}),
        {"rooms": "general"},
        {"token": "tulip-7731"},
        "The club's rules, 4",
    )
    workspace.connect(one)
    assert workspace.connections.all() == [one]
    assert workspace.connections.named("club-chat") == one
    assert "tulip" not in repr(one)
    holding = [path for path in workspace.path.rglob("*") if path.is_file() and b"tulip-7731" in path.read_bytes()]
    assert [path.name for path in holding] == ["connections.json"]
    assert holding[0].stat().st_mode & 0o777 == 0o600
    workspace.disconnect("club-chat")
    assert workspace.connections.all() == []
    assert b"tulip-7731" not in holding[0].read_bytes()


@pytest.mark.parametrize(
    "damage", [lambda raw: raw.replace(b"general", b"generam"), lambda raw: raw[:-9], lambda _: b""]
)
def test_a_damaged_file_of_connections_is_said_to_be_damaged(
    workspace: seawall.Workspace, damage: Callable[[bytes], bytes]
) -> None:
    """A changed byte, a cut file and an empty one are found, and nothing is read from them."""
    workspace.connect(Connection("club", "rocketchat", "https://chat.example.org", settings={"rooms": "general"}))
    path = workspace.path / "keys" / "connections.json"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StorageError, match="damaged"):
        workspace.connections.all()


def test_a_name_belongs_to_one_connection(workspace: seawall.Workspace) -> None:
    """A name that another source has, or that cannot be one, is refused; the same one again is changed."""
    workspace.connect(Connection("club", "rocketchat", "https://one.example.org"))
    workspace.connect(Connection("club", "rocketchat", "https://two.example.org"))
    assert workspace.connections.named("club").url == "https://two.example.org"
    for wrong in (Connection("club", "matrix", ""), Connection("../club", "matrix", ""), Connection("", "matrix", "")):
        with pytest.raises(ConfigurationError):
            workspace.connect(wrong)
    with pytest.raises(ConfigurationError, match="no connection"):
        workspace.disconnect("garden")
