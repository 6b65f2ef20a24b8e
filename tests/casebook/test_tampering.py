"""Whatever is done to the audit, a signed checkpoint that was kept elsewhere shows it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from seawall.casebook import AuditHead, Casebook
from seawall.casebook.audit import GENESIS, Audit
from seawall.casebook.checkpoints import Checkpoint, public_half, read, sign
from seawall.casebook.store_sqlite import SqliteStore
from seawall.casebook.tables import AUDIT_GUARDS
from seawall.model import Outcome
from tests.casebook.builders import START, account, accounts, alert
from tests.casebook.conftest import ticking_clock
from tests.casebook.tampering import COLUMNS, KINDS, Log, hash_of, tampered

USUAL, ALL = 50, 1_667
"""Tamperings of each kind; 300 and 10,002 of the six."""


@dataclass(frozen=True)
class Kept:
    """An audit of 33 entries, and what somebody keeps elsewhere."""

    content: bytes = field(repr=False)
    log: Log = field(repr=False)
    key: Ed25519PrivateKey = field(repr=False)
    checkpoint: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    path = tmp_path_factory.mktemp("kept") / "casebook.sqlite"
    book = Casebook.open(path, clock=ticking_clock())
    write_acts(book)
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    text = sign(book.audit.head(), START, key).text
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Kept(path.read_bytes(), log_of(raw), key, text)


def write_acts(book: Casebook) -> None:
    """Cases, decisions, holds and readings: 33 entries."""
    for number in range(12):
        case_id = book.propose([alert(accounts([number]))], lake_version="v1").opened[0]
        book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason=f"Reason {number}.")
    book.hold(account(1), reviewer="Rosa", reason="A complaint is pending.")
    for number in range(8):
        book.audit.append("Nils", "export", {"rows": number})


def log_of(raw: sqlite3.Connection) -> Log:
    rows = raw.execute(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY sequence").fetchall()  # noqa: S608
    head = raw.execute("SELECT entries, hash FROM audit_head").fetchone()
    return Log(tuple(dict(zip(COLUMNS, row, strict=True)) for row in rows), AuditHead(*head))


def put(raw: sqlite3.Connection, log: Log) -> None:
    """Write a log over the one that is there, past the guards."""
    for name in AUDIT_GUARDS:
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute("DELETE FROM audit")
    slots = ", ".join(f":{name}" for name in COLUMNS)
    raw.executemany(f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES ({slots})", log.rows)  # noqa: S608
    raw.execute("UPDATE audit_head SET entries = ?, hash = ?", (log.head.count, log.head.hash))
    for name, body in AUDIT_GUARDS.items():
        raw.execute(f"CREATE TRIGGER {name} {body}")
    raw.commit()


def problems(audit: Audit, checkpoint: str, key: Ed25519PrivateKey) -> list[str]:
    """What the audit and the checkpoint say of one another."""
    told = read(checkpoint)
    return [*told.faults(public_half(key)), *audit.verify(told.audit_head)]


def overlooked(kept: Kept, folder: Path, kind: str, number: int) -> Iterator[int]:
    """The seeds of the tamperings that nobody noticed."""
    path = folder / "casebook.sqlite"
    audit = Audit(SqliteStore(path), ticking_clock())
    for seed in range(number):
        for beside in folder.iterdir():
            beside.unlink()
        path.write_bytes(kept.content)
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA synchronous = OFF")
            put(raw, tampered(kept.log, kind, Random(f"{kind} {seed}")))
        if not problems(audit, kept.checkpoint, kept.key):
            yield seed


def test_what_nobody_touched_is_whole(kept: Kept, tmp_path: Path) -> None:
    """The untouched audit fits its checkpoint, also when it was written anew as it was, and when it has grown since."""
    path = tmp_path / "casebook.sqlite"
    path.write_bytes(kept.content)
    with closing(sqlite3.connect(path)) as raw:
        put(raw, kept.log)
    book = Casebook.open(path, clock=ticking_clock())
    assert len(kept.log.rows) == 33
    assert problems(book.audit, kept.checkpoint, kept.key) == []
    book.audit.append("Rosa", "export")
    assert problems(book.audit, kept.checkpoint, kept.key) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_tampering_is_found(kept: Kept, tmp_path: Path, kind: str) -> None:
    """Edits, deletions, insertions, new orders, cut ends and forks show, repaired or not: 50 of each."""
    assert list(overlooked(kept, tmp_path, kind, USUAL)) == []


@pytest.mark.verify
@pytest.mark.parametrize("kind", KINDS)
def test_each_of_ten_thousand_tamperings_is_found(kept: Kept, tmp_path: Path, kind: str) -> None:
    """Edits, deletions, insertions, new orders, cut ends and forks show, repaired or not: 10,002 in all."""
    assert list(overlooked(kept, tmp_path, kind, ALL)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_half_of_the_tamperings_show_against_the_checkpoint_alone(kept: Kept, tmp_path: Path, kind: str) -> None:
    """A log that was chained anew is whole in itself: without a checkpoint it is not found, but for its decisions."""
    path = tmp_path / "casebook.sqlite"
    chained = next(
        log
        for log in (tampered(kept.log, kind, Random(f"{kind} {seed}")) for seed in range(USUAL))
        if log.rows and is_whole(log)
    )
    path.write_bytes(kept.content)
    with closing(sqlite3.connect(path)) as raw:
        put(raw, chained)
    audit = Audit(SqliteStore(path), ticking_clock())
    assert all(problem.startswith("Decision ") for problem in audit.verify())
    assert any("kept elsewhere" in problem for problem in problems(audit, kept.checkpoint, kept.key))


def is_whole(log: Log) -> bool:
    """Whether each entry has its right number and hash and follows from the one before, up to the head."""
    hashes = [GENESIS, *(row["hash"] for row in log.rows)]
    return log.head == AuditHead(len(log.rows), hashes[-1]) and all(
        (row["sequence"], row["previous"], row["hash"]) == (place + 1, hashes[place], hash_of(row))
        for place, row in enumerate(log.rows)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_for_the_tampered_log_needs_the_key(kept: Kept, kind: str) -> None:
    """Who makes a fitting checkpoint with a key of their own, or rewrites the one that was kept, is found as well."""
    log = tampered(kept.log, kind, Random(kind))
    own = sign(log.head, START, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert list(own.faults(public_half(kept.key))) == [
        "The checkpoint was signed with another key than this workspace's."
    ]
    real = read(kept.checkpoint)
    rewritten = Checkpoint(real.at, log.head.count, log.head.hash, real.key, real.signature)
    changed = log.head != AuditHead(real.entries, real.head)
    assert list(rewritten.faults(public_half(kept.key))) == (
        ["The checkpoint was changed after it was signed."] if changed else []
    )
