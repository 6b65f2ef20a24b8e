"""The migration detector's state while messages come in, against the detector over all of them."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from seawall.checks import check_live_detector
from seawall.detectors import WATCHING
from seawall.detectors.migration import MigrationDetector, WatchedMigration
from seawall.detectors.migration_standing import MigrationStanding
from seawall.errors import ConfigurationError
from seawall.protocols import LiveDetector
from tests.detectors.migration_world import BEGIN, DAYS, MOVE, alerts, migration_tables
from tests.detectors.standing import before, fed

NEEDS = list(WatchedMigration.needs["messages"])
COVERAGE = list(WatchedMigration.needs["coverage"])


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return migration_tables()


def test_it_keeps_the_contract_of_standing_states(tables: dict[str, pa.Table]) -> None:
    """In any order, with revisions and stops on the way, it says what the detector says."""
    check_live_detector(WatchedMigration(), (tables, {"messages": tables["messages"]}), seeds=1)
    assert WatchedMigration() in WATCHING


def test_the_form_that_looks_at_channels_does_not_watch() -> None:
    """A state is fed messages alone."""
    assert isinstance(WatchedMigration(), LiveDetector)
    assert not isinstance(MigrationDetector(), LiveDetector)


def test_at_any_moment_it_says_what_the_batch_up_to_then_says(tables: dict[str, pa.Table]) -> None:
    """Before the move, at its beginning, while members leave, and at the end."""
    counts = []
    for day in (60, MOVE + 3, MOVE + 8, MOVE + 40, DAYS):
        now = BEGIN + timedelta(days=day)
        known = before(tables["messages"], now)
        said = list(fed(known, WatchedMigration()).alerts(tables["coverage"].select(COVERAGE), now))
        assert said == alerts({**tables, "messages": known}, WatchedMigration(), end=now)
        counts.append(len(said))
    assert counts == sorted(counts)
    assert counts[-1] == 1


def test_what_is_forgotten_is_as_if_it_had_never_come(tables: dict[str, pa.Table]) -> None:
    """After letting go it says what the detector says of a window that begins there; late rows do not count."""
    now, edge = BEGIN + timedelta(days=DAYS), BEGIN + timedelta(days=20)
    state = fed(tables["messages"], WatchedMigration())
    state.forget(edge + state.reach)
    state.feed(tables["messages"].slice(0, 0).select(NEEDS), before(tables["messages"], edge).select(NEEDS))
    said = list(state.alerts(tables["coverage"].select(COVERAGE), now))
    assert said == alerts(tables, WatchedMigration(), start=edge)
    again = WatchedMigration().standing(state.save())
    assert again.save() == state.save()


def test_where_too_much_comes_the_oldest_days_go(tables: dict[str, pa.Table]) -> None:
    """With room for less than there is, whole days go, the oldest first, and are counted."""
    rows = tables["messages"].select(NEEDS)
    state = MigrationStanding(WatchedMigration(), most=2000)
    for start in range(0, len(rows), 500):
        state.feed(rows.slice(0, 0), rows.slice(start, 500))
    held = state.save()
    assert held["wrote"].num_rows <= 2000
    assert state.crowded_out > 0
    first = held["horizon"]["horizon"][0].as_py() // 86_400_000_000
    assert min(held["wrote"]["day"].to_pylist()) >= first
    assert state.nbytes > 0


def test_no_account_name_is_in_a_saved_state(tables: dict[str, pa.Table]) -> None:
    """It holds ids of messages and channels, times, places and hashes."""
    saved = fed(tables["messages"], WatchedMigration()).save()
    assert "a" + "0" * 16 not in str([table.to_pydict() for table in saved.values()])


def test_a_state_of_something_else_is_refused() -> None:
    """A saved state without its tables says so."""
    with pytest.raises(ConfigurationError, match="saved state"):
        WatchedMigration().standing({"shares": pa.table({"a": [1]})})
