"""Known content while messages come, and the same by a look at the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import seawall
from seawall.casebook import Limit
from seawall.detectors import CanaryDetector
from seawall.detectors.known import KnownDetector
from seawall.engine.live import LiveEngine
from seawall.errors import RuleError, StorageError
from seawall.workspace import Workspace
from seawall.workspace.desk import Desk
from seawall.workspace.ingest import Ingest
from tests.detectors.known_world import COPIED, COUNTER, HARMLESS, NEWS
from tests.workspace.lists import FEUD, claims, listed
from tests.workspace.live import CLUB, GARDEN, post, told

CALL = "Read https://tulips-only.example/call and dig up their tulips!"


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    return seawall.create(tmp_path / "club", reviewer="Rosa")


class Watch:
    """A desk over a club, stepped by hand."""

    def __init__(self, club: Workspace) -> None:
        self.club = club
        self.ingest: Ingest = club.ingest()
        self.desk = Desk(club, self.ingest, LiveEngine([CanaryDetector()]), [])
        self.desk.open()

    def hear(self, *posts: dict[str, Any]) -> list[str]:
        """Posts come; the cases that this opens."""
        self.ingest.accept(CLUB, GARDEN, [told(posts)])
        return list(self.desk.step().opened)

    def end(self) -> None:
        self.desk.close()
        self.ingest.close()


def sighted(club: Workspace) -> set[tuple[str, str, str]]:
    rows = [row for one in club.indicators for row in club.indicators.sightings(one.id).to_pylist()]
    return {(row["indicator"], row["message_id"], row["context"]) for row in rows}


def list_all(club: Workspace) -> dict[str, str]:
    return {
        "url": listed(club, "url", "https://tulips-only.example/call"),
        "text": listed(club, "text", COPIED),
        "phrase": listed(club, "phrase", "dig up their tulips"),
        "word": listed(club, "word", "weedlovers"),
    }


def test_a_new_entry_finds_the_next_message(club: Workspace) -> None:
    """What is listed while a watch runs is found in the very next message, and opens one case; what came before is left
    to a rescan."""
    watch = Watch(club)
    assert watch.hear(post("1", text=CALL)) == []
    id_ = listed(seawall.open(club.path, reviewer="Fern"), "url", "https://tulips-only.example/call")
    assert len(watch.hear(post("2", text=CALL))) == 1
    assert watch.hear(post("3", text="Compost.")) == []
    assert sighted(club) == {(id_, "garden:2", "plain")}
    club.indicators.retract(id_, reason="A mistake.")
    watch.hear(post("4", text=CALL))
    watch.end()
    assert len(sighted(club)) == 1
    assert club.verify_audit()[0] == club.check() == []


def test_what_needs_a_second_person_is_silent_until_then(club: Workspace) -> None:
    """A phrase, then the same phrase seconded; in shadow it is counted and opens nothing."""
    watch = Watch(club)
    one = club.indicators.add("phrase", "dig up their tulips", FEUD)
    watch.hear(post("1", text=CALL))
    assert sighted(club) == set()
    seawall.open(club.path, reviewer="Iris").indicators.second(one.id)
    assert len(watch.hear(post("2", text=CALL))) == 1
    shadow = listed(club, "domain", "tulips-only.example", replace(FEUD, live=False))
    watch.hear(post("3", text="https://tulips-only.example/"))
    watch.end()
    assert club.cases().num_rows == 1
    (row,) = (row for row in club.indicators.table().to_pylist() if row["id"] == shadow)
    assert (row["shadow_sightings"], row["live_sightings"]) == (1, 0)


TALK = (*NEWS, *COUNTER, *HARMLESS, COPIED, CALL, "weedlovers, all of them")


def posts() -> list[dict[str, Any]]:
    """Talk about the feud over two weeks, with edits that add and remove what is listed."""
    first = [post(f"{n}", f"member{n}", 60.0 * 30 * n, text) for n, text in enumerate(TALK)]
    edits = [
        post("0", "member0", 0.0, "It was nothing.", edited_at=first[5]["sent_at"]),
        post("9", "member9", 60.0 * 30 * 9, CALL, edited_at=first[12]["sent_at"]),
    ]
    return [*first, *edits]


def test_a_look_at_the_past_says_what_watching_said(club: Workspace, tmp_path: Path) -> None:
    """The same messages, watched in pieces with the lists there, and watched without them and compared afterwards: the
    same sightings and the same claims. Edited messages count in each form that they had."""
    list_all(club)
    watch = Watch(club)
    every = posts()
    for start in range(0, len(every), 4):
        watch.hear(*every[start : start + 4])
    watch.end()
    late = seawall.create(tmp_path / "late", reviewer="Rosa")
    late_watch = Watch(late)
    late_watch.hear(*every)
    late_watch.end()
    assert claims(late) == []
    list_all(late)
    result = late.rescan()
    assert result.messages == len(every)
    assert sighted(late) == sighted(club)
    assert len(sighted(club)) > 10
    assert claims(late) == claims(club)
    assert result.new == len(claims(club))
    again = late.rescan()
    assert (again.new, again.revised, again.cases_opened, again.hits) == (0, 0, 0, result.hits)
    assert sighted(late) == sighted(club)


def test_the_detector_alone_says_the_same_of_messages_without_edits(club: Workspace) -> None:
    """Run through detect, it revises nothing that a rescan said."""
    watch = Watch(club)
    watch.hear(*posts()[: len(TALK)])
    watch.end()
    list_all(club)
    club.rescan()
    before = claims(club)
    done = club.detect([KnownDetector(club.indicators.live())])
    assert (done.new, done.revised) == (0, 0)
    assert claims(club) == before


def test_a_rescan_can_be_about_one_indicator(club: Workspace) -> None:
    """Only what is named is compared; what cannot match says why."""
    watch = Watch(club)
    watch.hear(post("1", text=CALL))
    watch.end()
    ids = list_all(club)
    result = club.rescan([ids["phrase"]])
    assert (result.indicators, result.hits) == (1, 1)
    assert {one for one, _, _ in sighted(club)} == {ids["phrase"]}
    waiting = club.indicators.add("phrase", "one more", FEUD)
    with pytest.raises(RuleError, match="proposed"):
        club.rescan([waiting.id])


def test_nothing_is_left_out_when_a_watch_is_killed(club: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages that reached the lake while the casebook refused are compared at the next step, or by the next watch;
    none is counted twice."""
    id_ = listed(club, "url", "https://tulips-only.example/call")
    watch = Watch(club)
    watch.hear(post("1", text=CALL))
    book = watch.desk._comparing._book
    with monkeypatch.context() as broken:

        def refuse(*_: object, **__: object) -> None:
            raise StorageError("The disk is full.")

        broken.setattr(book, "sight", refuse)
        with pytest.raises(StorageError):
            watch.hear(post("2", text=CALL))
        with pytest.raises(StorageError):
            watch.hear(post("3", text=CALL))
    watch.hear(post("4", text=CALL))
    assert {message for _, message, _ in sighted(club)} == {f"garden:{n}" for n in (1, 2, 3, 4)}
    watch.ingest.accept(CLUB, GARDEN, [told([post("5", text=CALL)])])
    watch.ingest.flush()
    watch.ingest.close()
    later = Watch(club)
    later.desk.step()
    later.end()
    assert {message for one, message, _ in sighted(club) if one == id_} == {f"garden:{n}" for n in range(1, 6)}
    with book._store.read() as connection:
        (messages,) = connection.exec_driver_sql("SELECT sum(messages) FROM compared_days").one()
    assert messages == 5


def test_what_another_process_imports_meanwhile_is_compared(club: Workspace, tmp_path: Path) -> None:
    """Rows that an import adds while the watch gives way are compared when it goes on."""
    id_ = listed(club, "url", "https://tulips-only.example/call")
    watch = Watch(club)
    watch.ingest._let_go()
    export = tmp_path / "export.csv"
    export.write_text(f"id,author,time,text\n7,rosa,2026-05-03T10:00:00Z,{CALL}\n", encoding="utf-8")
    club.add(export, options=seawall.ReadOptions(visibility="public", platform="forum"))
    watch.hear(post("1", text="Compost."))
    watch.end()
    assert sighted(club) == {(id_, "forum:7", "plain")}


def test_an_entry_that_hits_too_much_is_quarantined_and_people_are_told(club: Workspace) -> None:
    """The sixth hit of a day with a limit of five: a case says so, and the next message is not compared with it."""
    club.casebook.indicators.set_limit(Limit(5, 0.01), by="Rosa")
    id_ = listed(club, "url", "https://tulips-only.example/call")
    watch = Watch(club)
    for number in range(8):
        watch.hear(post(f"{number}", minute=number, text=CALL))
    watch.end()
    assert [one.status for one in club.indicators] == ["quarantined"]
    assert len(sighted(club)) == 6
    told_of = [row["sentence"] for row in claims(club) if row["anchor"].startswith("quarantine")]
    assert len(told_of) == 1
    assert f"Indicator {id_}" in told_of[0]
    assert "6 of 6 messages on 3 May 2026" in told_of[0]


def test_a_rescan_quarantines_as_well(club: Workspace) -> None:
    """By all messages of the day: what was few among many is no reason."""
    watch = Watch(club)
    watch.hear(*[post(f"{number}", minute=number, text=CALL if number < 8 else "Compost.") for number in range(400)])
    watch.end()
    id_ = listed(club, "url", "https://tulips-only.example/call")
    club.indicators.set_limit(5, 0.02)
    assert club.rescan().quarantined == ()
    club.indicators.set_limit(5, 0.01)
    result = club.rescan()
    assert result.quarantined == (id_,)
    assert [one.status for one in club.indicators] == ["quarantined"]


def test_what_expired_finds_nothing_live_or_later(club: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """From its day of expiry on neither a watch nor a rescan compares anything with it."""
    listed(club, "url", "https://tulips-only.example/call")
    watch = Watch(club)
    tomorrow = club.casebook.indicators.today + timedelta(days=91)
    kind = type(club.casebook.indicators)
    monkeypatch.setattr(kind, "today", property(lambda _: tomorrow))
    watch.hear(post("1", text=CALL))
    watch.end()
    assert club.rescan().indicators == 0
    assert sighted(club) == set()


def test_erasing_an_account_takes_its_sightings(club: Workspace) -> None:
    """What was found in its messages is gone from the casebook, and stands in the export for the person before."""
    id_ = listed(club, "url", "https://tulips-only.example/call")
    watch = Watch(club)
    watch.hear(post("1", "iris", text=CALL), post("2", "fern", text=CALL))
    watch.end()
    (account,) = {row["account_id"] for row in club.messages().to_pylist() if row["message_id"] == "garden:1"}
    out = club.path / "theirs.json"
    club.export_subject(account, out)
    assert f'"indicator": "{id_}"' in out.read_text(encoding="utf-8")
    out.unlink()
    club.erase(account, "They asked for it.")
    assert sighted(club) == {(id_, "garden:2", "plain")}
    assert club.verify_audit()[0] == club.check() == []


def test_a_running_watch_does_not_bring_back_what_was_erased(club: Workspace) -> None:
    """Alerts that waited to be revised while an account was erased are not proposed any more with its messages."""
    id_ = listed(club, "url", "https://tulips-only.example/call")
    watch = Watch(club)
    watch.hear(post("1", "iris", text=CALL))
    watch.hear(post("2", "iris", 1, text=CALL), post("3", "fern", 2, text=CALL))
    (account,) = {row["account_id"] for row in club.messages().to_pylist() if row["message_id"] == "garden:1"}
    watch.ingest._let_go()
    club.erase(account, "They asked for it.")
    watch.desk.step(finalise=True)
    watch.hear(post("4", "rosa", 3, text=CALL))
    watch.end()
    assert {message for _, message, _ in sighted(club)} == {"garden:3", "garden:4"}
    named = {message for claim in claims(club) for message in claim["evidence"]}
    assert named <= {"garden:3", "garden:4"}
    assert club.casebook.indicators.one(id_).status == "live"
