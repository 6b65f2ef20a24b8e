"""From spread alerts to what a brief shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import seawall
from seawall.detectors.spread import SpreadDetector
from seawall.model import Visibility
from seawall.workspace import Workspace
from seawall.workspace.spread_shown import copy_groups

AT = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)
CALL = "Planting day on Sunday at nine, bring gloves and a spade, there is cake and tea for everybody who comes"


def message(place: int, text: str) -> dict[str, object]:
    return {"message_id": f"garden:{place}", "sent_at": AT + timedelta(minutes=place), "text": text}


def test_copies_with_the_same_words_stand_together_against_the_first() -> None:
    """The first wording comes first, then by kind; parts give both texts again, whatever the order of rows."""
    rows = [message(0, CALL), message(1, CALL.replace("comes", "came")), message(2, CALL), message(3, CALL.upper())]
    found = copy_groups(rows[::-1])
    assert [(one.kind, one.messages, one.id) for one in found] == [
        ("first", 2, "garden:0"),
        ("edited", 1, "garden:1"),
        ("obfuscated", 1, "garden:3"),
    ]
    for one, text in zip(found, (CALL, CALL.replace("comes", "came"), CALL.upper()), strict=True):
        assert "".join(part.text for part in one.parts if part.op != "gone") == text
        assert "".join(part.text for part in one.parts if part.op != "new") == CALL
    assert copy_groups([]) == ()


def club(folder: Path) -> Workspace:
    """A gardening club in which a call spreads on the sixth day."""
    rows = []
    for day in range(12):
        for number in range(30):
            at = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=day, minutes=47 * number)
            text = f"plot {day} bed {number // 2} needs water and {number // 2 + day} buckets of compost"
            rows.append((at, f"gardener{number % 17}", f"bed{number % 4}", text))
    start = datetime(2026, 5, 7, 9, tzinfo=UTC)
    for member in range(40):
        text = CALL if member % 4 else CALL.replace("comes", "came")
        rows.append((start + timedelta(seconds=9 * member), f"member{member}", f"bed{member % 4}", text))
    told = [
        {"id": f"m{place}", "created_at": at.isoformat(), "author": who, "channel": where, "text": text}
        for place, (at, who, where, text) in enumerate(rows)
    ]
    export = folder / "club.ndjson"
    export.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    workspace = seawall.create(folder / "club")
    workspace.add(export, options=seawall.ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
    return workspace


def test_a_brief_shows_how_the_call_spread(tmp_path: Path) -> None:
    """From records to page: the alert, its cascade, and the edited copies with their difference."""
    workspace = club(tmp_path)
    assert workspace.detect([SpreadDetector()]).alerts == {"spread": 1}
    html = workspace.brief().read_text(encoding="utf-8")
    assert "One text reached 40 accounts" in html
    assert "How the copies went from channel to channel" in html
    assert "[-comes-]" in html or "{+comes+}" in html


def test_clusters_of_a_workspace_are_tables_and_are_audited(tmp_path: Path) -> None:
    """The call comes first; its cluster can be opened by name; both reads are in the audit."""
    workspace = club(tmp_path)
    found = workspace.clusters(least=10)
    assert found["accounts"].to_pylist() == [40]
    one = workspace.cluster(found["cluster"][0].as_py())
    assert sum(one.cascade.counts) == one.summary["messages"] == 40
    assert sum(group.messages for group in one.copies) == one.read == 40
    acts = [entry["detail"] for entry in workspace.audit_entries() if entry["act"] == "read"]
    assert [act for act in acts if "cluster" in str(act)] == acts[-2:]
