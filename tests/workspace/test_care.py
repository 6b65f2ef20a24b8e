"""Retention, erasure, holds and what is held about a person, on a workspace with everything in it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import seawall
from seawall.detectors import WatchedCoordination
from seawall.engine.live import LiveEngine, generations
from seawall.errors import ConfigurationError, InputError, RuleError
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace, make_reviewer_key
from seawall.workspace.desk import WATCH, Desk

PUBLIC = ReadOptions(visibility=Visibility.PUBLIC)
WORDS = "quincespruce"


def an_export(path: Path) -> Path:
    """Three gardeners post the same six texts within seconds; one of them, rosa, also writes words of her own."""
    rows = []
    for text in range(6):
        for number, author in enumerate(("rosa", "ben", "carla")):
            rows.append(
                {
                    "id": f"{author}{text}",
                    "author": author,
                    "created_at": 1_777_800_000 + text * 86_400 + number,
                    "text": f"Vote for bed number {text} now",
                }
            )
    rows += [
        {"id": f"rosaown{i}", "author": "rosa", "created_at": 1_777_900_000 + i, "text": f"{WORDS} {i} is mine"}
        for i in range(5)
    ]
    rows.append(
        {"id": "reply", "author": "ben", "created_at": 1_778_000_000, "text": "Thanks @rosa", "reply_to": "rosaown1"}
    )
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    workspace = seawall.create(tmp_path / "club", reviewer="anna")
    workspace.add(an_export(tmp_path / "export.ndjson"), options=PUBLIC)
    workspace.detect([WatchedCoordination()])
    workspace.brief()
    return workspace


def held_bytes(folder: Path) -> bytes:
    """Every byte of every file and name, and the values inside Parquet files, which are compressed."""
    held = b""
    for path in sorted(folder.rglob("*")):
        held += str(path.relative_to(folder)).encode()
        if path.is_file():
            held += path.read_bytes()
            if path.suffix == ".parquet":
                held += str(pq.read_table(path).to_pydict()).encode()
    return held


def test_after_an_erasure_no_byte_of_the_account_is_left(club: Workspace) -> None:
    """Pseudonym, words and message ids of an erased account are in no file: lake, log, index, casebook, briefs."""
    (rosa,) = club.pseudonyms_of(platform="generic", handle="rosa")
    traces = [rosa.encode(), WORDS.encode(), b"generic:rosa0", b"generic:rosaown1"]
    before = held_bytes(club.path)
    assert [trace in before for trace in traces] == [True] * 4
    gone = club.erase(rosa, "Asked for it.")
    assert gone["messages"] == 11
    after = held_bytes(club.path)
    assert [trace for trace in traces if trace in after] == []
    assert set(club.messages(["message_id"])["message_id"].to_pylist()).isdisjoint(
        {"generic:rosa0", "generic:rosaown1"}
    )
    assert club.check() == []


def test_an_erased_account_does_not_come_back(club: Workspace, tmp_path: Path) -> None:
    """A later import of other rows of the same account sets them aside, and says why."""
    club.erase(club.pseudonyms_of(platform="generic", handle="rosa"), "Asked for it.")
    later = tmp_path / "later.ndjson"
    later.write_text(json.dumps({"id": "new", "author": "rosa", "created_at": 1_779_000_000, "text": "Back again"}))
    result = club.add(later, options=PUBLIC)
    assert (result.kept, result.rejected) == (0, 1)
    assert any("erased" in reason for reason in result.reasons)


def test_a_hold_suspends_erasure_and_expiry(club: Workspace) -> None:
    """A held account is neither erased nor expired; released, it is."""
    (rosa,) = club.pseudonyms_of(platform="generic", handle="rosa")
    club.hold(rosa, "Order 12/26")
    with pytest.raises(RuleError, match="legal hold"):
        club.erase(rosa, "Asked for it.")
    club.expire(datetime(2030, 1, 1, tzinfo=UTC))
    assert set(club.messages(["account_id"])["account_id"].to_pylist()) == {rosa}
    club.hold(rosa, "Order lifted", release=True)
    club.erase(rosa, "Asked for it.")
    assert club.messages().num_rows == 0


def test_erasure_needs_a_reason(club: Workspace) -> None:
    """Without a reason nothing is erased."""
    with pytest.raises(RuleError, match="reason"):
        club.erase(club.pseudonyms_of(platform="generic", handle="rosa"), " ")
    assert club.messages().num_rows == 24


def test_a_person_gets_what_is_held(club: Workspace, tmp_path: Path) -> None:
    """The export holds the person's messages and the claims about them, is private, and the audit knows of it."""
    out = tmp_path / "theirs.json"
    club.export_subject(club.pseudonyms_of(platform="generic", handle="rosa"), out)
    told = out.read_text(encoding="utf-8")
    assert WORDS in told
    assert "coordination" in told
    assert out.stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="Nothing is held"):
        club.export_subject(club.pseudonyms_of(platform="generic", handle="nobody"), tmp_path / "none.json")


def test_reads_are_in_the_audit(club: Workspace) -> None:
    """Each read of messages and of a case leaves an entry under the reader's name."""
    club.messages()
    club.case(club.cases()["case_id"][0].as_py())
    acts = [(entry["actor"], entry["act"]) for entry in club.audit_entries()]
    assert acts.count(("anna", "read")) >= 3
    assert club.verify_audit() == ([], club.verify_audit()[1])


def test_a_truncated_audit_is_found_with_a_head_kept_elsewhere(club: Workspace) -> None:
    """A head that was kept elsewhere still fits after more entries, and a wrong one is told."""
    _, head = club.verify_audit()
    club.messages()
    assert club.verify_audit(head)[0] == []
    count, _, digest = head.partition(":")
    assert club.verify_audit(f"{count}:{digest[::-1]}")[0] != []
    with pytest.raises(ConfigurationError, match="not a head"):
        club.verify_audit("yesterday")


def test_a_vault_opens_for_two_reviewers_only(tmp_path: Path) -> None:
    """Identities are found nowhere in clear; two reviewers' keys open one, and one key does not."""
    keys = {}
    for name in ("anna", "ben"):
        keys[name] = make_reviewer_key(tmp_path / name, f"long passphrase of {name}")
    publics = [public.read_text() for public, _ in keys.values()]
    with seawall.create(tmp_path / "club", identities="vault", reviewer_keys=publics) as club:
        club.add(an_export(tmp_path / "export.ndjson"), options=PUBLIC)
        (rosa,) = club.pseudonyms_of(platform="generic", handle="rosa")
        assert b'rosa"' not in held_bytes(club.path / "vault")
        both = [(private, f"long passphrase of {name}") for name, (_, private) in keys.items()]
        told = club.unmask([rosa], both, "Danger to life").to_pylist()
        assert [row["handle"] for row in told] == ["rosa"]
        with pytest.raises(RuleError):
            club.unmask([rosa], [both[0], both[0]], "Danger to life")
        with pytest.raises(RuleError):
            club.unmask([rosa], both[:1], "Danger to life")
        club.erase(rosa, "Asked for it.")
        assert club.unmask([rosa], both, "Danger to life").num_rows == 0


@contextmanager
def watched(club: Workspace) -> Iterator[Desk]:
    """A watch that has saved what its detectors know."""
    with club.ingest() as ingest:
        desk = Desk(club, ingest, LiveEngine([WatchedCoordination()], keep=None), [])
        desk.open()
        desk.save()
        yield desk


def saved_state(club: Workspace) -> str:
    """Every value of the saved state, which is compressed on the disk."""
    held = generations.read(club.path / WATCH)
    return str(
        {part: {name: rows.to_pylist() for name, rows in tables.items()} for part, tables in held.tables.items()}
    )


def test_an_erasure_takes_away_what_a_watch_has_saved(club: Workspace) -> None:
    """The saved state of an ended watch knows the account; after an erasure, or an expiry, no file of it is left."""
    (rosa,) = club.pseudonyms_of(platform="generic", handle="rosa")
    with watched(club):
        pass
    assert rosa in saved_state(club)
    club.erase(rosa, "Asked for it.")
    assert not (club.path / WATCH).exists()
    with watched(club):
        pass
    club.expire(datetime(2026, 5, 4, tzinfo=UTC))
    assert not (club.path / WATCH).exists()


@pytest.mark.parametrize("act", ["erase", "expire"])
def test_a_running_watch_forgets_who_was_erased(club: Workspace, act: str) -> None:
    """A watch that runs meanwhile, and saves again and again, keeps nothing of an account that was taken out; that its
    state was built anew is said once."""
    (rosa,) = club.pseudonyms_of(platform="generic", handle="rosa")
    acts = {
        "erase": lambda: club.erase(rosa, "Asked for it."),
        "expire": lambda: club.expire(datetime(2030, 1, 1, tzinfo=UTC)),
    }
    with watched(club) as desk:
        assert rosa in saved_state(club)
        other = threading.Thread(target=acts[act])
        other.start()
        said: list[str] = []
        while other.is_alive():
            said += desk.step().remarks
            desk.save()
        other.join()
        said += desk.step().remarks
        desk.save()
        assert said == ["Built the detectors' state from the lake."]
        assert rosa not in saved_state(club)
