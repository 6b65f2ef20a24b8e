from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.casebook import AuditHead, Casebook
from seawall.casebook.audit import GENESIS
from seawall.casebook.canonical import digest
from seawall.casebook.tables import AUDIT_GUARDS
from seawall.errors import StorageError
from seawall.model import Outcome
from tests.casebook.builders import account, accounts, alert
from tests.casebook.conftest import ticking_clock

COLUMNS = ("sequence", "at", "actor", "act", "detail", "previous", "hash")


@dataclass(frozen=True)
class Written:
    content: bytes = field(repr=False)
    head: AuditHead


@pytest.fixture(scope="module")
def written() -> Iterator[Written]:
    """The bytes of a casebook with ten acts, and the head that was kept elsewhere."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "casebook.sqlite"
        book = Casebook.open(path, clock=ticking_clock())
        for number in range(4):
            case_id = book.propose([alert(accounts([number]))], lake_version="v1").opened[0]
            book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason=f"Reason {number}.")
        book.hold(account(1), reviewer="Rosa", reason="A complaint is pending.")
        book.audit.append("Rosa", "export", {"rows": 3})
        assert book.audit.verify(book.audit.head()) == []
        yield Written(path.read_bytes(), book.audit.head())


def tampered(content: bytes, statements: list[tuple[str, tuple[Any, ...]]], against: AuditHead | None) -> list[str]:
    """What verify says after raw statements, with the guards put back as they were."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "casebook.sqlite"
        path.write_bytes(content)
        with closing(sqlite3.connect(path)) as raw:
            before = state(raw)
            for name in AUDIT_GUARDS:
                raw.execute(f"DROP TRIGGER {name}")
            for statement, given_values in statements:
                with suppress(sqlite3.IntegrityError):  # what the tables refuse is no tampering
                    raw.execute(statement, given_values)
            for name, body in AUDIT_GUARDS.items():
                raw.execute(f"CREATE TRIGGER {name} {body}")
            raw.commit()
            if state(raw) == before:
                return ["nothing was changed"]
        return Casebook.open(path).audit.verify(against)


def state(raw: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    raw.text_factory = bytes
    queries = ("SELECT * FROM audit ORDER BY sequence", "SELECT * FROM decisions ORDER BY number")
    return [raw.execute(query).fetchall() for query in queries]


values = st.one_of(
    st.integers(-3, 20), st.text(max_size=8), st.binary(max_size=8), st.sampled_from(["{}", "Rosa", "0" * 64, "watch"])
)
edits = st.tuples(
    st.sampled_from(COLUMNS).map("UPDATE OR IGNORE audit SET {} = ?1 WHERE sequence = ?2".format),
    st.tuples(values, st.integers(1, 10)),
)
deletions = st.tuples(
    st.just("DELETE FROM audit WHERE sequence BETWEEN ?1 AND ?1 + ?2"), st.tuples(st.integers(1, 10), st.integers(0, 4))
)
swaps = st.tuples(
    st.just(
        "UPDATE OR IGNORE audit SET (act, detail, actor) = "
        "(SELECT act, detail, actor FROM audit WHERE sequence = ?1) WHERE sequence = ?2"
    ),
    st.tuples(st.integers(1, 10), st.integers(1, 10)),
)
moves = st.tuples(
    st.just("UPDATE OR IGNORE audit SET sequence = sequence + ?1 WHERE sequence >= ?2"),
    st.tuples(st.integers(11, 20), st.integers(1, 10)),
)
insertions = st.tuples(
    st.just("INSERT OR IGNORE INTO audit VALUES (?1, '2026-05-20', 'Rosa', ?2, '{}', ?3, ?4)"),
    st.tuples(st.integers(-1, 12), st.text(max_size=5), st.text(max_size=5), st.text(max_size=5)),
)
decisions = st.tuples(
    st.sampled_from(["reason", "reviewer", "outcome", "at", "salt", "known", "stage"]).map(
        "UPDATE decisions SET {} = ?1 WHERE number = ?2".format
    ),
    st.tuples(values, st.integers(1, 4)),
)
tamperings = st.lists(st.one_of(edits, deletions, swaps, moves, insertions, decisions), min_size=1, max_size=3)


@given(statements=tamperings)
def test_every_random_tampering_is_found(written: Written, statements: list[tuple[str, tuple[Any, ...]]]) -> None:
    """Edits, deletions, moves, swaps and insertions in the raw file are all reported."""
    content = written.content
    assert tampered(content, statements, None)


@given(kept=st.integers(0, 9))
def test_a_cut_end_is_found(written: Written, kept: int) -> None:
    """Cutting off the end shows against the inner head, and with that one forged against the outer one."""
    content, head = written.content, written.head
    cut: list[tuple[str, tuple[Any, ...]]] = [("DELETE FROM audit WHERE sequence > ?", (kept,))]
    assert tampered(content, cut, None)
    forged = (
        "UPDATE audit_head SET entries = ?1, hash = coalesce((SELECT hash FROM audit WHERE sequence = ?1), ?2)",
        (kept, GENESIS),
    )
    assert tampered(content, [*cut, forged], head)


def test_a_rewritten_audit_is_found_against_a_head_kept_elsewhere(written: Written) -> None:
    """Someone who recomputes every hash is still caught by the head that was kept elsewhere."""
    content, head = written.content, written.head
    with TemporaryDirectory() as folder:
        path = Path(folder) / "casebook.sqlite"
        path.write_bytes(content)
        with closing(sqlite3.connect(path)) as raw:
            rows = raw.execute("SELECT * FROM audit ORDER BY sequence").fetchall()
    statements: list[tuple[str, tuple[Any, ...]]] = [("DELETE FROM audit", ())]
    previous = GENESIS
    for row in rows:
        entry = dict(zip(COLUMNS, row, strict=True)) | {"previous": previous}
        entry.pop("hash")
        if entry["sequence"] == 5:
            entry["actor"] = "Somebody else"
        previous = digest(entry)
        statements.append(("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", (*entry.values(), previous)))
    statements.append(("UPDATE audit_head SET hash = ?", (previous,)))
    assert tampered(content, statements, None) == []
    assert "rewritten" in tampered(content, statements, head)[0]


def test_a_lost_decision_is_found(written: Written) -> None:
    """A decision that the audit knows but the casebook lacks is reported."""
    content = written.content
    problems = tampered(content, [("DELETE FROM decisions WHERE number = 2", ())], None)
    assert problems == ["Decision 2 is in the audit, but its record is gone."]


def test_the_audit_table_refuses_changes(book: Casebook, path: Path) -> None:
    """UPDATE and DELETE are refused by the database itself, whoever asks."""
    book.propose([alert()], lake_version="v1")
    with closing(sqlite3.connect(path)) as raw:
        for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(statement)


def test_a_missing_guard_is_reported(book: Casebook, path: Path) -> None:
    """Dropping a trigger shows even before anything else was changed."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DROP TRIGGER audit_no_delete")
    assert book.audit.verify() == ["The guard audit_no_delete of the audit table is gone."]


def test_an_older_head_still_fits(book: Casebook) -> None:
    """A head kept elsewhere fits as long as the audit only grew since."""
    book.audit.append("Rosa", "export")
    head = book.audit.head()
    book.audit.append("Rosa", "export")
    assert book.audit.verify(head) == []
    assert book.audit.verify(AuditHead(7, head.hash)) != []


def test_an_act_without_its_audit_entry_does_not_happen(book: Casebook, path: Path) -> None:
    """If the audit cannot be written, every act is refused and nothing of it stays."""
    case_id = book.propose([alert()], lake_version="v1").opened[0]
    book.hold(account(2), reviewer="Rosa", reason="A complaint is pending.")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
    before = (book.case_files(), book.holds(), book.audit.entries())
    acts = (
        lambda: book.propose([alert(accounts([8]))], lake_version="v1"),
        lambda: book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen."),
        lambda: book.hold(account(1), reviewer="Rosa", reason="Another complaint."),
        lambda: book.release(account(2), reviewer="Rosa", reason="Settled."),
        lambda: book.erase([account(1)], reviewer="Rosa"),
        lambda: book.subject(account(1), reviewer="Rosa"),
        lambda: book.audit.append("Rosa", "export"),
    )
    for act in acts:
        with pytest.raises(StorageError):
            act()
        assert (book.case_files(), book.holds(), book.audit.entries()) == before


def test_a_damaged_file_is_a_problem_and_not_a_traceback(book: Casebook, path: Path) -> None:
    """verify reports a file that cannot be read as such."""
    book.propose([alert()], lake_version="v1")
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    assert book.audit.verify() == ["The audit cannot be read: the file is damaged."]
