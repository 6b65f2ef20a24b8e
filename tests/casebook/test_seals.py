from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from seawall.casebook import Casebook
from seawall.errors import RuleError
from seawall.model import Outcome
from tests.casebook.builders import account, accounts, alert


@pytest.fixture
def book(path: Path) -> Casebook:
    book = Casebook.open(path)
    book.propose([alert(accounts([number, number + 1])) for number in range(6)], lake_version="v1")
    return book


def from_outside(path: Path, statement: str) -> None:
    """What another program does to the file."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(statement)


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE cases SET sentence = 'Nothing happened.' WHERE rowid = 1", "cases"),
        ("UPDATE alerts SET ends = ends + 1 WHERE rowid = 2", "alerts"),
        ("DELETE FROM marks WHERE rowid = 1", "marks"),
        ("INSERT INTO salts VALUES ('a', 'b')", "salts"),
        ("UPDATE seals SET rows = rows + 1 WHERE name = 'links'", "links"),
        ("DROP INDEX marks_by_id", "sqlite_master"),
    ],
)
def test_what_another_program_changed_is_found(book: Casebook, path: Path, statement: str, table: str) -> None:
    """A row that was changed, removed or added past Seawall is found, and the table named; also after later writes."""
    assert book.problems() == []
    from_outside(path, statement)
    book.propose([alert(accounts([50]))], lake_version="v2")
    assert book.problems() == [f"The casebook's table {table} is not what was written."]


def test_sums_follow_everything_that_seawall_writes(book: Casebook) -> None:
    """Decisions, holds, erasure and acts that are refused half way leave rows and sums in agreement."""
    case = book.cases()["case_id"][0].as_py()
    book.decide(case, reviewer="anna", outcome=Outcome.NO_ACTION, reason="A garden club's news.")
    book.hold(account(3), reviewer="anna", reason="Order 12/26")
    with pytest.raises(RuleError):
        book.erase([account(3)], [], reviewer="anna")
    book.release(account(3), reviewer="anna", reason="Order lifted")
    book.erase([account(3)], [], reviewer="anna")
    assert book.problems() == []


def test_a_casebook_of_an_older_seawall_is_sealed_when_it_is_opened(book: Casebook, path: Path) -> None:
    """A casebook without sums is read as before, and from then on has them."""
    from_outside(path, "DROP TABLE seals")
    again = Casebook.open(path)
    assert again.cases().num_rows == book.cases().num_rows
    assert again.problems() == []
    from_outside(path, "UPDATE cases SET confidence = 0 WHERE rowid = 1")
    assert Casebook.open(path).problems() != []
