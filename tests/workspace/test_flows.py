"""Flows of a workspace: what is read of the lake, and what a page and a command show of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import seawall
from seawall.brief.flow_page import render_flow
from seawall.cli import app
from seawall.errors import MeasureError
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace
from seawall.workspace.flowing import flow_page, flows_shown, sentence
from tests.detectors.migration_world import BEGIN, migration_rows


def written(folder: Path, visibility: Visibility = Visibility.PUBLIC) -> Workspace:
    """The world of the detector's tests, imported as an export of a forum."""
    export = folder / "club.ndjson"
    rows = [
        {
            "id": row["message_id"], "author": row["account_id"], "channel": row["channel_id"],
            "time": row["sent_at"].isoformat(), "text": " ".join(["Hello.", *(link["url"] for link in row["links"])]),
        }
        for row in migration_rows()
    ]  # fmt: skip
    export.write_text("\n".join(map(json.dumps, rows)))
    workspace = seawall.create(folder / "club")
    workspace.add(export, options=ReadOptions(visibility=visibility, platform="forum"))
    return workspace


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return written(tmp_path_factory.mktemp("flows"))


def test_a_club_that_moves_is_found_in_the_lake(club: Workspace) -> None:
    """Fourteen of thirty link to the room; the read is audited, and a span of time before the move shows nothing."""
    found = club.flows()
    told = [row for row in found.moves.to_pylist() if row["q"] <= 0.05]
    assert [(row["followed"], row["members"], row["kind"]) for row in told] == [(14, 30, "telegram_handle")]
    assert found.periods["days"].to_pylist()[0] == 7
    early = club.flows(end=BEGIN + timedelta(days=80))
    assert [row for row in early.moves.to_pylist() if row["q"] <= 0.05] == []
    assert [one["detail"]["for"] for one in club.audit_entries() if one["act"] == "read"][:1] == ["flows"]
    with pytest.raises(MeasureError, match="period"):
        club.flows(period="year")


def test_the_page_begins_with_the_club_that_moves(club: Workspace) -> None:
    """One picture a channel, the move first and marked; no account's pseudonym stands in the page."""
    found = club.flows()
    shown = list(flows_shown(found))
    assert len(shown) == 3
    assert [one.moved_to for one in shown[0].streams[:2]] == [True, False]
    assert not any(one.moved_to for flow in shown[1:] for one in flow.streams)
    html = render_flow(flow_page(club, found, "seawall places club --flow"))
    assert sentence(found) in html.replace("&#39;", "'")
    assert html.count("<figure") == 3
    assert not any(name in html for name in set(club.messages(["account_id"])["account_id"].to_pylist()))


def test_nothing_of_direct_conversations_is_told(tmp_path: Path) -> None:
    """The same, said in private: there are no flows."""
    found = written(tmp_path, Visibility.DIRECT).flows()
    assert len(found) == 0
    assert "nothing is told" in sentence(found)


def test_the_command_shows_tells_and_draws(club: Workspace, tmp_path: Path) -> None:
    """Table, JSON, a page and a picture; a picture of another kind is refused."""
    run = CliRunner()
    shown = run.invoke(app, ["places", str(club.path), "--flow"])
    assert shown.exit_code == 0, shown.output
    told = run.invoke(app, ["places", str(club.path), "--flow", "--json", "--plot", str(tmp_path / "club.html")])
    document = json.loads(told.stdout)
    assert document["moves"][0]["followed"] == 14
    assert "<!doctype html>" in (tmp_path / "club.html").read_text(encoding="utf-8")
    drawn = run.invoke(app, ["places", str(club.path), "--plot", str(tmp_path / "club.svg")])
    assert drawn.exit_code == 0, drawn.output
    assert (tmp_path / "club.svg").read_text(encoding="utf-8").startswith("<svg")
    wrong = run.invoke(app, ["places", str(club.path), "--flow", "--plot", str(tmp_path / "club.png")])
    assert wrong.exit_code != 0


def test_an_empty_workspace_has_no_flows(tmp_path: Path) -> None:
    """Nothing in, nothing out; a picture of nothing is refused, a page says that there is nothing."""
    empty = seawall.create(tmp_path / "empty")
    found = empty.flows()
    assert (len(found), found.moves.num_rows) == (0, 0)
    assert "No message of this time links to a place" in render_flow(flow_page(empty, found, None))
