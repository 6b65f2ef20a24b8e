from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.casebook import Casebook, store_sqlite
from seawall.casebook.erasing import ERASED, NOT_REPRODUCIBLE, Finder
from seawall.errors import StorageError
from seawall.model import Outcome
from tests.casebook.builders import account, accounts, alert

GONE, KEPT = account(1), account(2)
MESSAGE = "forum:77"


def filled(book: Casebook) -> str:
    """A casebook that speaks of one account and one message wherever it can."""
    one = alert(
        accounts([1, 2, 3, 4]),
        anchor=f"{GONE}|2026-05-03",
        sentence=f"{GONE} leads four accounts.",
        evidence=(MESSAGE, "forum:770"),
        doubt=(f"Perhaps {GONE} is a club.",),
        details={"edges": [[GONE, KEPT, 3]], "activity": {GONE: 5, KEPT: 2}, "first": MESSAGE},
    )
    case_id = book.propose([one], lake_version="v1").opened[0]
    book.propose([alert(accounts([1, 2, 3, 4, 5]), anchor=one.anchor, details=one.details)], lake_version="v2")
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason=f"I know {GONE}, see {MESSAGE}.")
    book.hold(GONE, reviewer="Rosa", reason=f"{GONE} complains.")
    book.release(GONE, reviewer="Rosa", reason=f"{GONE} withdrew it.")
    return case_id


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_no_byte_of_an_erased_account_stays(book: Casebook, path: Path) -> None:
    """After the erasure the pseudonym and the message id are in no byte of the casebook, nor of its log."""
    filled(book)
    assert GONE.encode() in bytes_of(path.parent)
    erased = book.erase([GONE], [MESSAGE], reviewer="Rosa")
    content = bytes_of(path.parent)
    assert GONE.encode() not in content
    assert b'"forum:77"' not in content
    assert b"forum:77 " not in content
    assert KEPT.encode() in content
    assert b"forum:770" in content
    assert (erased.alerts, erased.revisions, erased.decisions, erased.holds) == (1, 2, 1, 1)


def test_what_is_left_still_reads_and_says_that_something_was_erased(book: Casebook) -> None:
    """Case, history and audit remain; the alert says that it cannot be reproduced."""
    case_id = filled(book)
    book.erase([GONE], [MESSAGE], reviewer="Rosa")
    file = book.case(case_id)
    kept = file.alerts[0].alert
    assert GONE not in str(file)
    assert kept.doubt[-1] == NOT_REPRODUCIBLE
    assert kept.details["edges"] == [[ERASED, KEPT, 3]]
    assert [subject.id for subject in kept.subjects] == [account(n) for n in (2, 3, 4, 5)]
    assert file.case.decisions[0].reason == f"I know {ERASED}, see {ERASED}."
    assert book.audit.verify() == []


def test_after_the_erasure_nobody_can_connect_the_audit_with_the_person(book: Casebook) -> None:
    """The commitments stay, but the salt is gone: a new reading gets a new commitment."""
    filled(book)
    commitment = book.commit(GONE)
    assert commitment in str(book.audit.entries())
    book.erase([GONE], reviewer="Rosa")
    assert commitment in str(book.audit.entries())
    assert book.commit(GONE) != commitment


def test_a_rerun_after_an_erasure_revises_the_same_alert(book: Casebook) -> None:
    """What detectors find in the erased lake is a revision, and a second erasure finds nothing."""
    filled(book)
    book.erase([GONE], [MESSAGE], reviewer="Rosa")
    assert book.erase([GONE], [MESSAGE], reviewer="Rosa").revisions == 0
    rerun = alert(accounts([2, 3, 4, 5]), anchor=f"{KEPT}|2026-05-03")
    assert book.propose([rerun], lake_version="v3").revised == tuple(book.alerts()["alert_id"].to_pylist())


def test_a_reader_that_keeps_old_bytes_alive_is_reported(
    book: Casebook, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process reads, the erasure says that the log keeps old bytes; repeated later it succeeds."""
    filled(book)
    monkeypatch.setattr(store_sqlite, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(store_sqlite, "_PRAGMAS", store_sqlite._PRAGMAS[1:])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM cases").fetchone()
        with pytest.raises(StorageError):
            book.erase([GONE], [MESSAGE], reviewer="Rosa")
    book.erase([GONE], [MESSAGE], reviewer="Rosa")
    assert GONE.encode() not in bytes_of(path.parent)


ids = st.text(st.sampled_from("ab1:_."), min_size=1, max_size=4)
texts = st.text(st.sampled_from('ab1:_. "é\\'), max_size=12)


@given(st.sets(ids, max_size=4), texts)
def test_accounts_are_replaced_wherever_they_stand(accounts_: set[str], text: str) -> None:
    """Like replacing, from left to right, the longest id that begins at each place."""
    expected, place = "", 0
    while place < len(text):
        here = max((one for one in accounts_ if text.startswith(one, place)), key=len, default="")
        expected += ERASED if here else text[place]
        place += len(here) or 1
    assert Finder(accounts_, ()).replaced(text) == (ERASED if text in accounts_ else expected)


@given(st.sets(ids, max_size=4), st.sets(ids, max_size=4), texts)
def test_nothing_to_erase_is_overlooked(accounts_: set[str], messages: set[str], text: str) -> None:
    """Whatever a replacement changes, the quick look into the JSON had announced."""
    finder = Finder(accounts_, messages)
    if finder.rewritten([text]) != [text]:
        assert finder.may_be_in(json.dumps([text]))
