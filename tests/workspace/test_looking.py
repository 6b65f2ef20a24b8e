"""What pages see of a workspace is what its records say."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import seawall
from seawall.casebook import Role
from seawall.errors import InputError, RuleError
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_jobs import NetworkAsked
from seawall.workspace.looking_shelf import held_lake
from tests.workspace.looked_at import BEGIN, make_club

LONG = 120.0
ALIKE = NetworkAsked(least=5)


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_club(tmp_path_factory.mktemp("looking"))


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A club that a test may change."""
    return make_club(tmp_path)


def acts(workspace: Workspace) -> Counter[str]:
    return Counter(entry["act"] for entry in workspace.audit_entries())


def test_counts_are_those_of_the_records(club: Workspace) -> None:
    """The bins of a timeline hold every message of the filter, each in the bin of its time."""
    channel = club.messages(["channel_id"])["channel_id"][0].as_py()
    seen = club.look(MessageFilter(channel=channel))
    assert seen is not None
    table = club.messages(["channel_id", "sent_at"]).to_pylist()
    times = [row["sent_at"] for row in table if row["channel_id"] == channel]
    wanted = [float(sum(at <= one < at + seen.line.bin for one in times)) for at in seen.line.at]
    assert list(seen.line.observed) == wanted
    assert seen.messages == len(times) == sum(wanted)


def test_a_page_of_messages_is_the_latest_first(club: Workspace) -> None:
    """Pages hold every message that fits once, with its text, the latest first; no page has more than 200."""
    pages = [club.message_page(MessageFilter(), page=number) for number in (1, 2)]
    rows = [row for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [200, 70]
    assert [row.sent_at for row in rows] == sorted((row.sent_at for row in rows), reverse=True)
    texts = dict(
        zip(*(club.messages(["message_id", "text"])[name].to_pylist() for name in ("message_id", "text")), strict=True)
    )
    assert {row.message_id: row.text for row in rows} == texts
    assert club.message_page(MessageFilter(), page=99).page == 2


def test_copies_are_found_by_the_name_of_their_text(club: Workspace) -> None:
    """The name that a message gives its words leads to all messages with these words."""
    vote = next(
        row
        for row in club.message_page(MessageFilter(start=BEGIN + timedelta(days=9, hours=9))).rows
        if "Vote" in str(row.text)
    )
    found = club.message_page(MessageFilter(text=vote.text_name))
    assert {row.text for row in found.rows} == {vote.text}
    assert found.total == 3


def test_an_account_in_counts(club: Workspace) -> None:
    """Messages by hour, weekday, kind and channel, and interactions both ways, are those of the records."""
    account = club.messages(["account_id"])["account_id"][0].as_py()
    seen = club.account_seen(account)
    mine = [
        row
        for row in club.messages(["account_id", "sent_at", "channel_id"]).to_pylist()
        if row["account_id"] == account
    ]
    assert seen.messages == len(mine) == sum(seen.hours) == sum(seen.weekdays)
    assert list(seen.hours) == [sum(row["sent_at"].hour == hour for row in mine) for hour in range(24)]
    assert list(seen.weekdays) == [sum(row["sent_at"].weekday() == day for row in mine) for day in range(7)]
    assert dict(seen.channels) == Counter(row["channel_id"] for row in mine)
    told = club.interactions(["kind", "source_account", "target_account"]).to_pylist()
    for one in seen.acts:
        near, far = ("source_account", "target_account") if one.outwards else ("target_account", "source_account")
        same = [row for row in told if row["kind"] == one.kind and row[near] == account]
        assert (one.count, one.others) == (len(same), len({row[far] for row in same if row[far]}))
    assert {one.kind for one in seen.acts} >= {"mention"}


def test_a_channel_in_counts(club: Workspace) -> None:
    """Who wrote how much in a channel is what the records say."""
    rows = club.messages(["channel_id", "account_id"]).to_pylist()
    channel = rows[0]["channel_id"]
    seen = club.channel_seen(channel)
    assert dict(seen.accounts) == Counter(row["account_id"] for row in rows if row["channel_id"] == channel)


def test_nothing_is_known_of_strangers(club: Workspace) -> None:
    """A pseudonym or a channel that nothing is known of is refused, whatever it looks like."""
    for strange in ("h000", "'; DROP TABLE messages", "", "a/b?c#d"):
        with pytest.raises(InputError, match="Nothing is known"):
            club.account_seen(strange)
        with pytest.raises(InputError, match="Nothing is known"):
            club.channel_seen(strange)


def test_each_look_at_an_account_is_audited(own: Workspace) -> None:
    """Looking at an account, its messages or its timeline is in the audit, under a commitment, never the pseudonym."""
    account = own.messages(["account_id"])["account_id"][0].as_py()
    before = acts(own)
    own.account_seen(account)
    own.look(MessageFilter(account=account))
    own.message_page(MessageFilter(account=account))
    after = acts(own) - before
    assert (after["read account"], after["read"]) == (2, 1)
    assert account not in str(own.audit_entries())


def test_a_network_and_the_messages_behind_it(club: Workspace) -> None:
    """The three who write alike are found, with a place each; behind their pair stand both messages and the lag."""
    seen = club.network_seen(ALIKE, patience=LONG)
    assert (seen.state, seen.accounts, seen.pairs, seen.groups_total) == ("ready", 3, 3, 1)
    told = club.network_drawn(ALIKE)
    assert sorted(node[0] for node in told["nodes"]) == sorted(
        {one for pair in seen.listed for one in (pair.source, pair.target)}
    )
    assert all(len({*edge[:2]}) == 2 and edge[2] > 0 for edge in told["edges"])
    assert told["whole_groups"] is False
    pair = seen.listed[0]
    edge = club.edge_seen(ALIKE, pair.source, pair.target)
    assert edge.total == len(edge.meetings) == pair.weight == 10
    for meeting in edge.meetings:
        assert meeting.source.text == meeting.target.text
        assert meeting.lag_s == (meeting.target.sent_at - meeting.source.sent_at).total_seconds()
        assert (meeting.source.account_id, meeting.target.account_id) == (pair.source, pair.target)


def test_a_network_of_a_part(club: Workspace) -> None:
    """A network of a filter knows only its messages; where none stand out it is empty, and says so."""
    tools = next(one for one in club.messages(["channel_id", "text"]).to_pylist() if "Bed 1 " in one["text"])[
        "channel_id"
    ]
    assert club.network_seen(NetworkAsked(MessageFilter(channel=tools)), patience=LONG).accounts == 0


def test_a_network_that_cannot_be_is_told(club: Workspace) -> None:
    """What stops a network is told as a sentence, not as a fault, and not computed over and over."""
    asked = NetworkAsked(window=-1.0)
    seen = club.network_seen(asked, patience=LONG)
    assert (seen.state, bool(seen.problem)) == ("failed", True)
    assert club.network_drawn(asked)["state"] == "failed"


def test_what_is_new_is_seen_at_once(own: Workspace, tmp_path: Path) -> None:
    """A page after an import shows what was imported; nobody needs to start anything anew."""
    before = own.message_page(MessageFilter()).total
    with (tmp_path / "more.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerows([("id", "author", "created_at", "text"), ("x1", "zoe", "2026-05-20T10:00:00Z", "Late beans.")])
    own.add(tmp_path / "more.csv", options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
    page = own.message_page(MessageFilter())
    assert (page.total, page.rows[0].text) == (before + 1, "Late beans.")
    assert [name for name, _ in own.platforms_seen()] == ["rocketchat", "forum"]


def test_what_was_erased_is_never_shown_again(own: Workspace) -> None:
    """After an erasure neither pages nor networks that were computed before know the account."""
    first = own.network_seen(ALIKE, patience=LONG)
    account = first.listed[0].source
    own.erase(account, "They asked for it.")
    with pytest.raises(InputError):
        own.account_seen(account)
    after = own.network_seen(ALIKE, patience=LONG)
    assert account not in {one for pair in after.listed for one in (pair.source, pair.target)}
    assert not any(node[0] == account for node in own.network_drawn(ALIKE).get("nodes", ()))


def test_gaps_are_not_silence(own: Workspace) -> None:
    """Time that was not collected is told as a gap, and its empty bins have no count."""
    start = datetime(2026, 5, 16, tzinfo=UTC)
    own.state_coverage(platform="rocketchat", start=BEGIN, end=start + timedelta(days=4), complete=True)
    own.state_coverage(platform="rocketchat", start=start, end=start + timedelta(days=2), complete=False)
    seen = own.look(MessageFilter(BEGIN, start + timedelta(days=4), "rocketchat"))
    assert seen is not None
    assert seen.gaps == ((start, start + timedelta(days=2)),)
    inside = [
        count
        for at, count in zip(seen.line.at, seen.line.observed, strict=True)
        if start <= at < start + timedelta(days=2)
    ]
    assert inside
    assert set(inside) == {None}
    assert 0.0 in seen.line.observed
    sources = own.sources_seen()
    assert [(gap.start, gap.stated) for gap in sources.gaps] == [(start, True)]
    assert sources.coverage[0].told


def test_the_overview_counts_what_waits(own: Workspace) -> None:
    """The first page tells the platform, its messages, and that nothing waits where nothing does."""
    seen = own.overview()
    assert (seen.platform, seen.messages, seen.waiting.total) == ("rocketchat", 270, 0)
    assert seen.timeline is not None
    assert own.overview(platform="nonsense").platform == "rocketchat"


def test_an_empty_workspace_has_pages_too(tmp_path: Path) -> None:
    """Where nothing was read there is nothing to draw, and nothing breaks."""
    workspace = seawall.create(tmp_path / "empty", reviewer="Rosa")
    assert workspace.overview().timeline is None
    assert workspace.look(MessageFilter()) is None
    assert workspace.message_page(MessageFilter()).rows == ()
    assert workspace.sources_seen().inputs == ()
    assert workspace.network_seen(NetworkAsked(), patience=LONG).accounts == 0


def test_roles_hold_below_the_pages(own: Workspace) -> None:
    """Where people are enrolled, a role that may not read something gets nothing of it through Python either."""
    for name, role in (("Ada", Role.ADMINISTRATOR), ("Rosa", Role.REVIEWER), ("Uma", Role.AUDITOR)):
        seawall.open(own.path, reviewer="Ada").enrol(name, role)
    auditor, keeper = seawall.open(own.path, reviewer="Uma"), seawall.open(own.path, reviewer="Ada")
    account = held_lake(own.path).messages.account.names[0].as_py()
    for refused in (
        lambda: auditor.account_seen(account),
        lambda: auditor.message_page(MessageFilter()),
        lambda: auditor.network_seen(NetworkAsked()),
        lambda: keeper.channel_seen("beds"),
        lambda: keeper.look(MessageFilter()),
    ):
        with pytest.raises(RuleError):
            refused()
    assert own.account_seen(account).messages
