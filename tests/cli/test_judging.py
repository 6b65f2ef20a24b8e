from __future__ import annotations

from pathlib import Path

import pytest

from seawall.casebook import standing
from tests.cli.running import run
from tests.cli.test_cli import waiting


@pytest.fixture
def club(exports: Path, tmp_path: Path) -> Path:
    """A workspace of its own in which four cases wait."""
    folder = tmp_path / "club"
    run("init", folder)
    run("add", folder, exports / "export.csv", "--visibility", "public", "--platform", "forum")
    run("detect", folder)
    return folder


REASON = ("--reason", "It is what a club ordinarily does.")


def test_a_decision_is_taken_back(club: Path) -> None:
    """Within ten seconds whoever decided takes it back and the case is open; nobody else can."""
    case_id = waiting(club)[0]
    run("decide", club, case_id, "watch", *REASON, "--reviewer", "Rosa")
    other = run("undo", club, case_id, "--reviewer", "Nils")
    assert other.code != 0
    assert run("undo", club, case_id, "--reviewer", "Rosa").out.strip() == (
        f"{case_id}: the decision is taken back; the case is open."
    )
    assert case_id in waiting(club)
    run("decide", club, case_id, "watch", *REASON, "--reviewer", "Rosa")
    told = run("undo", club, case_id, "--reviewer", "Rosa", "--json")
    assert (told.err, told.json) == (
        "",
        {"case_id": case_id, "outcome": "watch", "reviewer": "Rosa", "status": "open"},
    )


def test_a_decision_that_stands_is_not_taken_back(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later it is refused, with what can be done instead."""
    monkeypatch.setattr(standing, "UNDO_SECONDS", 0)
    case_id = waiting(club)[0]
    run("decide", club, case_id, "watch", *REASON, "--reviewer", "Rosa")
    late = run("undo", club, case_id, "--reviewer", "Rosa")
    assert late.code == 6
    assert "Traceback" not in late.err


def test_an_appeal_is_decided_by_someone_else(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded, listed and shown with what was known; whoever decided the case cannot answer, another person can."""
    monkeypatch.setattr(standing, "UNDO_SECONDS", 0)
    case_id = waiting(club)[0]
    assert "Nobody has objected" in run("appeals", club).err
    run("decide", club, case_id, "watch", *REASON, "--reviewer", "Rosa")
    made = run("appeals", club, "record", case_id, "--reason", "My bed was taken.", "--reviewer", "Rosa", "--json").json
    assert (made["case_id"], made["state"], made["text"]) == (case_id, "waiting", "My bed was taken.")
    own = run("appeals", club, "decide", made["appeal_id"], "changed", *REASON, "--reviewer", "Rosa")
    assert own.code == 6
    shown = run("appeals", club, "show", made["appeal_id"]).out
    assert "Said      My bed was taken." in shown
    assert "Known     " in shown
    run("appeals", club, "decide", made["appeal_id"], "changed", *REASON, "--reviewer", "Nils")
    (listed,) = run("appeals", club, "--json").json
    assert (listed["state"], listed["decided_by"]) == ("changed", "Nils")
    assert run("case", club, case_id, "--json").json["case"]["status"] == "reopened"


def test_a_campaign_is_named_joined_and_split(club: Path) -> None:
    """Its cases and its history are what was done; a case is in one campaign at most."""
    first, second, *_ = waiting(club)
    made = run("campaigns", club, "name", "Beds of summer", first, "--reason", "One leaflet.", "--json").json
    assert made["cases"] == [first]
    campaign = made["campaign_id"]
    assert run("campaigns", club, "name", "Another", first, "--reason", "Two leaflets.").code == 6
    run("campaigns", club, "join", campaign, second, "--reason", "The same leaflet.")
    run("campaigns", club, "split", campaign, first, "--reason", "Another leaflet.")
    (listed,) = run("campaigns", club, "--json").json
    assert listed["cases"] == [second]
    assert [event["cases"] for event in listed["history"]] == [[first], [second], [first]]
    shown = run("campaigns", club, "show", campaign).out
    assert "Beds of summer" in shown
    assert "The same leaflet." in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("appeals", "shout"),
        ("appeals", "decide", "A-0000"),
        ("appeals", "decide", "A-0000", "perhaps"),
        ("appeals", "list", "A-0000"),
        ("campaigns", "name", "Beds"),
        ("campaigns", "show"),
    ],
)
def test_what_cannot_be_asked_is_told(club: Path, arguments: tuple[str, ...]) -> None:
    """An unknown act, or too few or too many things, are told as wrong usage."""
    name, *rest = arguments
    said = run(name, club, *rest)
    assert said.code == 2
    assert "Traceback" not in said.err
