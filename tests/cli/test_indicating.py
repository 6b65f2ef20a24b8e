"""The commands for known content."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import run, table

REASON = ("--reason", "The tulip feud.")


def add(folder: Path, *words: object) -> str:
    return run("indicators", folder, "add", *words, *REASON, "--list", "feud", "--json").json["id"]


def statuses(folder: Path) -> dict[str, str]:
    return {row["value"]: row["status"] for row in run("indicators", folder, "--json").json}


def test_from_a_list_to_a_case(empty: Path, tmp_path: Path) -> None:
    """A phrase is added, seconded by another person, and a look at the past opens a case; each step names the next."""
    text = "Come and dig up their tulips"
    run("add", empty, table(tmp_path, text=text), "--visibility", "public", "--platform", "forum")
    said = run("indicators", empty, "add", "phrase", "dig up their tulips", *REASON)
    assert said.code == 0
    assert "in 90 days, because nothing else was said" in said.out
    assert "second I-" in said.out
    (id_,) = (row["id"] for row in run("indicators", empty, "--json").json)
    assert run("rescan", empty).out.count("Nothing is listed that matches now") == 1
    alone = run("indicators", empty, "second", id_)
    assert (alone.code, "second person" in alone.err) == (6, True)
    assert run("indicators", empty, "second", id_, "--reviewer", "Iris").code == 0
    found = run("rescan", empty, "--indicator", id_, "--json").json
    assert (found["hits"], found["alerts"], found["cases_opened"]) == (1, 1, 1)
    assert run("cases", empty, "--json").json[0]["detectors"] == ["known"]
    assert run("match", empty, text, "--json").json["found"][0]["id"] == id_
    assert "Nothing of it is listed" in run("match", empty, "compost").err
    shown = run("indicators", empty, "show", id_)
    assert "forum:1" in shown.out
    assert "Listed: The tulip feud." in shown.out
    assert run("audit", empty, "verify").code == 0


def test_detect_says_what_was_not_compared_with_the_lists(empty: Path, tmp_path: Path) -> None:
    """Detectors leave the lists to watching and rescans: where messages or entries came after these, detect says so."""

    def uncompared() -> bool:
        told = "seawall rescan" in run("detect", empty).out
        assert run("detect", empty, "--json").json["uncompared"] is told
        return told

    def export(platform: str) -> tuple[object, ...]:
        return table(tmp_path, f"{platform}.csv"), "--visibility", "public", "--platform", platform

    run("add", empty, *export("forum"))
    assert not uncompared()
    add(empty, "domain", "tulips.example", "--shadow")
    assert uncompared()
    run("rescan", empty)
    assert not uncompared()
    run("add", empty, *export("garden"))
    assert uncompared()
    run("rescan", empty)
    assert not uncompared()
    add(empty, "domain", "roses.example")
    assert uncompared()
    run("indicators", empty, "retract", "feud", *REASON)
    assert not uncompared()


def test_every_act_has_its_effect(empty: Path) -> None:
    """Shadow, promote, disable, enable, retract, limit; a list's name does for its ids."""
    add(empty, "domain", "tulips.example", "--shadow")
    add(empty, "sha256", "AB" * 32)
    assert statuses(empty) == {"tulips.example": "shadow", "ab" * 32: "live"}
    run("indicators", empty, "promote", "feud")
    run("indicators", empty, "disable", "feud", *REASON)
    assert set(statuses(empty).values()) == {"disabled"}
    run("indicators", empty, "enable", "feud", *REASON)
    assert set(statuses(empty).values()) == {"live"}
    assert run("indicators", empty, "limit", "--most", 10, "--share", 0.5, "--json").json == {"most": 10, "share": 0.5}
    run("indicators", empty, "retract", "feud", *REASON)
    assert set(statuses(empty).values()) == {"retracted"}
    first = run("indicators", empty, "--json").json[0]["id"]
    assert run("indicators", empty, "show", first, "--json").json["ended_reason"] == REASON[1]


def test_a_list_is_imported_and_its_broken_lines_are_told(empty: Path, tmp_path: Path) -> None:
    """Counts that add up on stdout, broken lines on stderr and, all of them, in a file."""
    path = tmp_path / "feud.csv"
    path.write_text(
        "kind,value\n" + "domain,co.uk\n" * 30 + "domain,tulips.example\nword,weedlovers\n", encoding="utf-8"
    )
    rejects = tmp_path / "rejects.tsv"
    said = run("indicators", empty, "import", path, "--list", "feud", *REASON, "--rejects", rejects)
    assert said.code == 0
    assert "32 read = 2 new + 0 renewed + 0 known + 0 withdrawn + 30 broken" in said.out
    assert "second feud" in said.out
    assert "Line 2: it is no domain" in said.err
    assert len(rejects.read_text(encoding="utf-8").splitlines()) == 30
    assert statuses(empty) == {"tulips.example": "shadow", "weedlovers": "proposed"}


def test_mistakes_are_told_with_the_next_step(empty: Path, tmp_path: Path) -> None:
    """No reason, an unknown kind, act, id or file: a message and an exit code, never a traceback."""
    assert run("indicators", empty, "add", "domain", "tulips.example").code == 2
    assert run("indicators", empty, "add", "colour", "red", *REASON).code == 2
    assert run("indicators", empty, "add", "domain", *REASON).code == 2
    assert run("indicators", empty, "burn", "feud").code == 2
    assert run("indicators", empty, "import", tmp_path / "none.csv", *REASON).code == 4
    unknown = run("indicators", empty, "promote", "I-AAAAAAAA")
    assert (unknown.code, "seawall indicators DIR" in unknown.err) == (6, True)
    assert "Begin with: seawall indicators" in run("indicators", empty).err
