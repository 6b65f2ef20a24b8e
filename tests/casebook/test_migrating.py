"""Casebooks of older Seawalls."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from seawall.casebook import Casebook
from seawall.casebook.tables import SCHEMA_VERSION
from tests.casebook.builders import START
from tests.casebook.conftest import ticking_clock
from tests.casebook.hubs import approached, hub_alert
from tests.casebook.listings import listing

DUMPS = sorted(Path(__file__).parent.glob("casebook_*.sql"))
"""Casebooks as each version of the schema wrote them, in SQL; made with ``sqlite3.Connection.iterdump``."""


@pytest.fixture(params=DUMPS, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(request.param.read_text(encoding="utf-8"))
    return path


def test_an_older_casebook_is_brought_up_to_date_as_it_is_opened(old: Path) -> None:
    """Alerts, cases and decisions are as they were, audit and sums are whole, and lists and people can be kept."""
    book = Casebook.open(old, clock=ticking_clock())
    assert len(book.cases()) == 2
    assert [file.case.status for file in book.case_files()].count("decided") == 1
    assert book.audit.verify() == []
    assert book.problems() == []
    assert book.indicators.all() == []
    book.indicators.add([listing()], by="Rosa")
    book.propose([hub_alert([approached(1)])], lake_version="v9")
    assert book.approached.expire(START) == 0
    token = book.sessions.open(book.people.by_link(book.people.first_administrator("Ada", minutes=5)).name, "link")
    assert book.sessions.find(token) is not None
    assert book.problems() == []
    with closing(sqlite3.connect(old)) as raw:
        told = raw.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    assert told == (str(SCHEMA_VERSION),)


def test_opening_it_again_changes_nothing(old: Path) -> None:
    """The second opening finds a casebook of today."""
    head = Casebook.open(old).audit.head()
    again = Casebook.open(old)
    assert again.audit.head() == head
    assert again.problems() == []
    assert again.indicators.today >= date(2026, 1, 1)
