"""What a brief tells of where people go: only what the lake holds, and why something is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import seawall
from seawall.brief import render
from seawall.model import Subject, Visibility
from seawall.workspace import Workspace
from seawall.workspace.briefing import gather
from seawall.workspace.effects import DECIDED
from seawall.workspace.going import LISTED, REFERRED, going_of
from seawall.workspace.looking_lives import ACTIONS
from tests.casebook.builders import alert
from tests.workspace import test_effects, test_flows, test_lifetimes
from tests.workspace.test_effects import CLOSED, START

clubs = test_effects.clubs
garden = test_lifetimes.garden


def test_a_lake_without_links_ends_or_actions_has_no_such_section(garden: Workspace) -> None:
    """Nothing is computed, nothing more is audited, and the page does not speak of it."""
    before = len(garden.audit_entries())
    content = gather(garden)
    assert content.going is None
    assert len(garden.audit_entries()) == before
    assert "Where they go" not in render(content)


def test_links_are_drawn_as_flows_of_the_platform(tmp_path: Path) -> None:
    """One flow, its sentence, what cannot be concluded; no account stands in it; the read is audited."""
    forum = test_flows.written(tmp_path)
    content = gather(forum)
    assert content.going is not None
    told = content.going.flows
    assert told is not None
    assert [flow.community for flow in told.flows] == ["forum"]
    assert (content.going.lives, content.going.effects, content.going.refused) == (None, (), ())
    assert forum.audit_entries()[-1]["detail"]["for"] == "flows"
    html = render(replace(content, cases=()))
    assert "Where they go" in html
    assert "Linking is not going" in html
    assert "came after an action" not in html
    assert not any(name in html for name in set(forum.messages(["account_id"])["account_id"].to_pylist()))


def test_the_lives_of_channels_are_told_where_some_are_known_to_have_ended(tmp_path: Path) -> None:
    """Curve, sentence, rule of dormancy; a wrong list of actions is named and the rest is there."""
    export = tmp_path / "clubs.ndjson"
    rows = []
    for club, days in {"roses": (1, 40, 80), "tulips": (2, 6), "choir": (0, 30, 82)}.items():
        told = {"author_id": "rosa", "channel_id": club, "channel_kind": "broadcast", "text": "Ride"}
        told |= {"channel_created_at": START.isoformat()}
        if club == "tulips":
            told |= {"channel_ended_at": (START + timedelta(days=7)).isoformat()}
        rows += [told | {"id": f"{club}{day}", "time": (START + timedelta(days=day)).isoformat()} for day in days]
    export.write_text("\n".join(map(json.dumps, rows)))
    workspace = seawall.create(tmp_path / "club")
    options = seawall.ReadOptions(platform="forum", visibility=Visibility.PUBLIC)
    workspace.add(export, source="generic", options=options)
    (workspace.path / ACTIONS).write_text("date,channel,kind\nsoon,roses,closed\n")
    content = gather(workspace)
    assert content.going is not None
    assert content.going.lives is not None
    assert "spells" in content.going.lives.sentence
    assert content.going.effects == ()
    (sentence,) = content.going.refused
    assert sentence.startswith(f"Before and after {LISTED}: A date cannot be read.")
    html = render(content)
    assert "How long channels live" in html
    assert "dormant" in html
    assert "What could not be looked at" in html


def test_before_and_after_is_told_of_settled_referrals_and_of_listed_actions(clubs: Workspace) -> None:
    """Panels with sentences, "cannot tell" among them; a decision that can still be taken back is not looked at."""
    assert going_of(clubs, clubs.casebook.settled_files()) is None
    (clubs.path / ACTIONS).write_text(f"date,channel,kind\n{START + timedelta(days=CLOSED):%Y-%m-%d},choir,closed\n")
    told = going_of(clubs, clubs.casebook.settled_files())
    assert told is not None
    (listed,) = told.effects
    assert listed.actions == LISTED
    assert listed.panels[0].acted == START + timedelta(days=CLOSED)
    with clubs.reading() as lake:
        channel = lake.query("SELECT min(channel_id) AS c FROM messages", {"messages": ["channel_id"]})["c"][0].as_py()
    clubs.casebook.propose([alert([Subject("channel", channel)])], lake_version="v1")
    (case_id,) = clubs.cases()["case_id"].to_pylist()
    clubs.decide(case_id, "refer", "Many copies.")
    seawall.open(clubs.path, reviewer="Nils").decide(case_id, "refer", "I agree.")
    (file,) = clubs.casebook.settled_files()
    assert len(going_of(clubs, [file]).effects) == 1  # type: ignore[union-attr]
    long_ago = START + timedelta(days=CLOSED)
    decided = tuple(replace(one, at=long_ago) for one in clubs.case(case_id).case.decisions)
    settled = replace(file, case=replace(file.case, status="decided", decisions=decided))
    told = going_of(clubs, [settled])
    assert told is not None
    assert [one.actions for one in told.effects] == [REFERRED, LISTED]
    assert DECIDED in told.effects[0].doubt
    assert "new channels" in " ".join(told.effects[0].untold)
    html = render(replace(gather(clubs), going=told))
    assert "Before and after cases that were referred" in html
    assert "came after an action" in html


def test_an_empty_workspace_has_a_brief(tmp_path: Path) -> None:
    """Nothing was read, so there is nothing to look at."""
    workspace = seawall.create(tmp_path / "club")
    assert gather(workspace).going is None
