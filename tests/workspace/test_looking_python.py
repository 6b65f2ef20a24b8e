"""The Python that a page offers runs as it is, and gives what the page shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seawall.workspace import Workspace
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_jobs import NetworkAsked
from seawall.workspace.looking_python import network_python, table_python, timeline_python
from tests.workspace.looked_at import BEGIN, make_club


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_club(tmp_path_factory.mktemp("python"))


def run(club: Workspace, text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the text defines, run beside the folder."""
    monkeypatch.chdir(club.path.parent)
    names: dict[str, Any] = {}
    exec(compile(text, "copied", "exec"), names)  # noqa: S102 - what is tested is that it runs
    return names


def filters(club: Workspace) -> list[MessageFilter]:
    row = club.message_page(MessageFilter()).rows[5]
    return [
        MessageFilter(),
        MessageFilter(start=BEGIN + timedelta(days=1, minutes=7)),
        MessageFilter(BEGIN + timedelta(days=1), BEGIN + timedelta(days=6, hours=3), row.platform),
        MessageFilter(channel=row.channel_id, account=row.account_id),
        MessageFilter(text=row.text_name),
        MessageFilter(channel='it\'s "quoted"\\'),
    ]


def test_the_timeline_as_python(club: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counts of the copied text are the bins of the picture that are not zero."""
    for chosen in filters(club):
        seen = club.look(chosen)
        assert seen is not None
        names = run(club, timeline_python("club", chosen, seen.line.bin), monkeypatch)
        drawn = zip(seen.line.at, seen.line.observed, strict=True)
        assert names["counts"] == [(at, count) for at, count in drawn if count]


def test_the_messages_as_python(club: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of the copied text are those of the first page."""
    for chosen in filters(club):
        names = run(club, table_python("club", chosen), monkeypatch)
        page = club.message_page(chosen)
        assert sorted(row["message_id"] for row in names["rows"]) == sorted(row.message_id for row in page.rows)


def test_the_network_as_python(club: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pairs of the copied text are those of the page."""
    for asked in (NetworkAsked(least=5), NetworkAsked(MessageFilter(end=BEGIN + timedelta(days=5)), 10.0, 2)):
        names = run(club, network_python("club", asked), monkeypatch)
        seen = club.network_seen(asked, patience=120)
        pairs = {(row["source"], row["target"]): row["weight"] for row in names["found"].found.to_pylist()}
        assert pairs == {(pair.source, pair.target): pair.weight for pair in seen.listed}
        assert pairs
