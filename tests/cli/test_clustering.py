"""seawall clusters: what was copied most, and how one text spread."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import seawall
from tests.cli.running import run

ARABIC = "اجتماع نادي الحدائق يوم الأحد في الساعة التاسعة صباحا عند البيت الزجاجي مع الشاي والكعك للجميع"
CALL = "Planting day on Sunday at nine, bring gloves and a spade, there is cake and tea for everybody who comes"


@pytest.fixture(scope="module")
def beds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a call in three wordings, a text in Arabic, and a text in a closed room, kept on a basis."""
    folder = tmp_path_factory.mktemp("beds")
    texts = [CALL] * 4 + [CALL.replace("comes", "came")] * 2 + [CALL.upper()] + [ARABIC] * 2
    texts += [ARABIC.replace("للجميع", "لكم")]
    rows = [
        {
            "id": f"m{place}",
            "author": f"rosa{place % 5}",
            "created_at": f"2026-05-03T{10 + place // 5:02d}:{place:02d}:00Z",
            "channel": f"bed{place % 3}",
            "text": text,
        }
        for place, text in enumerate(texts)
    ]
    (folder / "open.ndjson").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    closed = [{**row, "id": f"k{row['id']}", "text": "The shed key hangs behind the door"} for row in rows[:3]]
    (folder / "closed.ndjson").write_text("\n".join(map(json.dumps, closed)), encoding="utf-8")
    beds = folder / "beds"
    assert run("init", beds).code == 0
    for name in ("open", "closed"):
        stated = ("--visibility", "public" if name == "open" else "closed", "--platform", name, "--basis", "agreed")
        assert run("add", beds, folder / f"{name}.ndjson", *stated).code == 0
    return beds


def test_clusters_are_listed_with_their_counts(beds: Path) -> None:
    """Near-copies are one line, with how many are verbatim, edited and obfuscated; a closed room shows no words."""
    found = run("clusters", beds, "--json").json
    call = next(row for row in found if row["messages"] == 7)
    assert (call["accounts"], call["channels"], call["platforms"], call["texts"]) == (5, 3, 1, 2)
    assert (call["verbatim"], call["edited"], call["obfuscated"]) == (4, 2, 1)
    assert call["text"] == CALL
    assert call["first_at"] == "2026-05-03T10:00:00+00:00"
    assert call["hour_accounts"] == 5
    assert {row["text"] for row in found if row["messages"] == 3} == {None, ARABIC}


def test_the_list_is_one_line_a_cluster(beds: Path) -> None:
    """Without a terminal: tabs between columns, the fastest first."""
    said = run("clusters", beds)
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert [line[1] for line in lines] == ["7", "3", "3"]
    assert lines[0][6] == "4 verbatim, 2 edited, 1 obfuscated"
    assert any(line[7] == "(no public text is kept)" for line in lines)
    assert run("clusters", beds, "--least", 5).out.count("\n") == 1
    assert run("clusters", beds, "--most", 2).out.count("\n") == 2


def test_one_cluster_shows_how_it_spread_and_differed(beds: Path) -> None:
    """Channels in the order in which they had it, and each wording with what is gone and new in brackets."""
    name = run("clusters", beds, "--json").json[0]["cluster"]
    said = run("clusters", beds, "--cluster", name)
    assert said.code == 0
    assert "7 copies by 5 accounts in 3 channels" in said.out
    assert "[-comes-]{+came+}" in said.out
    assert "Edited, 2 times" in said.out
    assert "\x1b" not in said.out
    told = run("clusters", beds, "--cluster", name, "--json").json
    assert sum(told["cascade"]["counts"]) == 7
    assert [row["messages"] for row in told["cascade"]["channels"]] == [3, 2, 2]
    assert [(one["kind"], one["messages"]) for one in told["wordings"]] == [
        ("first", 4),
        ("edited", 2),
        ("obfuscated", 1),
    ]


def test_text_from_right_to_left_has_a_line_of_its_own(beds: Path) -> None:
    """Nothing that is written from left to right stands on its line but the brackets."""
    found = run("clusters", beds, "--json").json
    name = next(row["cluster"] for row in found if row["text"] == ARABIC)
    lines = run("clusters", beds, "--cluster", name).out.splitlines()
    arabic = [line for line in lines if any("\u0600" <= char <= "\u06ff" for char in line)]
    assert ARABIC in arabic
    assert any("[-للجميع-]{+لكم+}" in line for line in arabic)
    assert not any(char.isascii() and char.isalpha() for line in arabic for char in line)


def test_a_closed_room_is_followed_without_words(beds: Path) -> None:
    """Its cluster has counts and a cascade, and says that no public text is kept."""
    found = run("clusters", beds, "--json").json
    name = next(row["cluster"] for row in found if row["text"] is None)
    said = run("clusters", beds, "--cluster", name)
    assert "No public text is kept" in said.out
    assert "shed" not in said.out


def test_times_limit_what_is_counted(beds: Path) -> None:
    """Before eleven o'clock there are five copies of the call alone."""
    said = run("clusters", beds, "--end", "2026-05-03T11:00", "--json").json
    assert max(row["messages"] for row in said) == 5
    assert run("clusters", beds, "--start", "2026-05-04", "--json").json == []


def test_mistakes_are_explained(beds: Path, empty: Path) -> None:
    """A cluster that is not there is an error with a way out; where nothing was copied it says so."""
    said = run("clusters", beds, "--cluster", "0" * 16)
    assert said.code == 2
    assert "seawall clusters" in said.err
    assert "Traceback" not in said.err
    assert run("clusters", empty).out == ""
    assert "No text was copied" in run("clusters", empty).err
    assert run("clusters", empty, "--json").json == []
    assert run("clusters", beds, "--least", 1).code == 2


def test_the_reading_is_audited(beds: Path) -> None:
    """Both forms leave an entry."""
    name = run("clusters", beds, "--json").json[0]["cluster"]
    run("clusters", beds, "--cluster", name)
    with seawall.open(beds) as workspace:
        entries = [(entry["act"], entry["detail"]) for entry in workspace.audit_entries()]
    assert entries[-2:] == [("read", {"table": "clusters"}), ("read", {"cluster": name})]
