from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import seawall
from seawall.errors import RuleError
from seawall.model import Subject, Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace
from seawall.workspace.case_page import MOST_GROUPS, case_page
from tests.casebook.builders import account, alert

LEAFLET = "Come to the seed swap by the long bed on Saturday and bring tulips and compost"


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    """A workspace with a few messages: a leaflet three times, a changed copy, one without words."""
    texts = [LEAFLET, "Nothing alike", LEAFLET, LEAFLET.replace("tulips", "beans"), "", LEAFLET]
    lines = ["id,author,created_at,channel,text"]
    lines += [f"m{n},gardener{n},2026-05-03T10:0{n}:00Z,beds,{text}" for n, text in enumerate(texts)]
    (tmp_path / "club.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    workspace = seawall.create(tmp_path / "club", reviewer="rosa")
    workspace.add(tmp_path / "club.csv", options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
    return workspace


def opened(club: Workspace, **fields: object) -> str:
    """A case that rests on all messages."""
    ids = club.messages(["message_id", "sent_at"]).sort_by("sent_at")["message_id"].to_pylist()
    (case_id,) = club.casebook.propose([alert(evidence=(*ids, "forum:gone"), **fields)], lake_version="1").opened
    return case_id


def test_messages_grouped(club: Workspace) -> None:
    """The same words are one group with its accounts; copies stand beside the first message; no text is counted."""
    (page,) = case_page(club, opened(club)).alerts
    assert [(one.copy.kind, one.copy.messages) for one in page.groups] == [
        ("first", 3),
        ("edited", 1),
        ("different", 1),
    ]
    assert len(page.groups[0].accounts) == 3
    assert page.groups[0].last == datetime(2026, 5, 3, 10, 5, tzinfo=UTC)
    assert (page.read, page.without_text, page.total) == (5, 1, 7)


def test_network_around_an_account(club: Workspace) -> None:
    """An alert with pairs brings its network around the most active account, or the one that is asked for."""
    names = [account(number) for number in range(3)]
    edges = [{"source": names[0], "target": other, "weight": 3.0} for other in names[1:]]
    details = {"edges": edges, "per_account": [{"account": names[0], "messages": 9}], "core": [names[0]]}
    subjects = [Subject("account", name) for name in names]
    case_id = opened(club, subjects=subjects, details=details)
    (page,) = case_page(club, case_id).alerts
    assert page.ego == names[0]
    assert set(page.accounts) == set(names)
    assert 'class="wide net' in page.pictures
    (other,) = case_page(club, case_id, around=names[2]).alerts
    assert other.ego == names[2]
    (unknown,) = case_page(club, case_id, around="nobody").alerts
    assert unknown.ego == names[0]


def test_policy_is_optional(club: Workspace) -> None:
    """The policy is what stands in the workspace's policy.md, cut where it is endless; none is none."""
    case_id = opened(club)
    assert case_page(club, case_id).policy is None
    (club.path / "policy.md").write_text("No shouting. " * 10_000, encoding="utf-8")
    policy = case_page(club, case_id).policy
    assert policy is not None
    assert policy.startswith("No shouting.")
    assert len(policy) == 40_000


def test_many_different_words(tmp_path: Path) -> None:
    """Of very many different texts so many groups are shown as a page bears."""
    lines = ["id,author,created_at,channel,text"]
    lines += [f"m{n},gardener{n},2026-05-03T10:{n:02}:00Z,beds,Bed number {n} has {n} beans" for n in range(60)]
    (tmp_path / "club.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with seawall.create(tmp_path / "club", reviewer="rosa") as workspace:
        workspace.add(tmp_path / "club.csv", options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
        (page,) = case_page(workspace, opened(workspace)).alerts
        assert len(page.groups) == MOST_GROUPS
        assert page.read == 60


def test_the_read_is_audited_first(club: Workspace) -> None:
    """Whoever looks at a case stands in the audit; a case that is not there is refused."""
    case_id = opened(club)
    case_page(club, case_id)
    assert any(case_id in str(entry["detail"]) and entry["actor"] == "rosa" for entry in club.audit_entries())
    with pytest.raises(RuleError, match="no such case"):
        case_page(club, "C-0000")
