"""The spread detector's state while messages come in, against the detector over all of them."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seawall.checks import check_live_detector
from seawall.detectors.spread import SpreadDetector, WatchedSpread
from seawall.detectors.spread_copies import repeated
from seawall.detectors.spread_standing import SpreadStanding
from seawall.errors import ConfigurationError
from seawall.protocols import LiveDetector
from tests.detectors.spread_world import BEGIN, DAYS, alerts, spread_tables, texts
from tests.detectors.standing import before, fed

NEEDS = list(WatchedSpread.needs["messages"])
COVERAGE = list(WatchedSpread.needs["coverage"])


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return spread_tables()


def test_it_keeps_the_contract_of_standing_states(tables: dict[str, pa.Table]) -> None:
    """In any order, with revisions and stops on the way, it says what the detector says."""
    check_live_detector(WatchedSpread(), (tables, {"messages": tables["messages"]}), seeds=1)


def test_the_form_with_text_does_not_watch() -> None:
    """A watch keeps no text, so the detector that reads it has no standing state."""
    assert isinstance(WatchedSpread(), LiveDetector)
    assert not isinstance(SpreadDetector(), LiveDetector)


def test_a_spread_is_told_while_it_builds(tables: dict[str, pa.Table]) -> None:
    """Twelve minutes after its first message the call is told, with the name that it keeps; one minute after, not."""
    start = BEGIN + timedelta(days=6.4)
    early, late, after = (
        list(fed(before(tables["messages"], now), WatchedSpread()).alerts(tables["coverage"].select(COVERAGE), now))
        for now in (start + timedelta(minutes=1), start + timedelta(minutes=12), start + timedelta(days=1))
    )
    assert texts(early) == []
    assert texts(late)[0] == texts(after)[0] == 20
    assert (late[0].anchor, late[0].subjects[0]) == (after[0].anchor, after[0].subjects[0])
    assert late[0].observed <= after[0].observed


def test_at_any_moment_it_says_what_the_batch_up_to_then_says(tables: dict[str, pa.Table]) -> None:
    """At several moments of the three weeks."""
    for day in (2.5, 6.405, 6.41, 10.6, DAYS - 1):
        now = BEGIN + timedelta(days=day)
        known = before(tables["messages"], now)
        said = list(fed(known, WatchedSpread()).alerts(tables["coverage"].select(COVERAGE), now))
        assert said == alerts({**tables, "messages": known}, WatchedSpread(), end=now)


def test_what_is_forgotten_is_as_if_it_had_never_come(tables: dict[str, pa.Table]) -> None:
    """After letting go it says what the detector says of a window that begins there; late rows do not count."""
    now, edge = BEGIN + timedelta(days=DAYS), BEGIN + timedelta(days=8)
    state = fed(tables["messages"], WatchedSpread())
    whole = state.nbytes
    state.forget(edge)
    state.feed(tables["messages"].slice(0, 0).select(NEEDS), before(tables["messages"], edge).select(NEEDS))
    assert state.nbytes < whole
    assert list(state.alerts(tables["coverage"].select(COVERAGE), now)) == alerts(tables, WatchedSpread(), start=edge)
    again = WatchedSpread().standing(state.save())
    assert again.save() == state.save()


def test_where_too_much_comes_what_nobody_copied_goes_first(tables: dict[str, pa.Table]) -> None:
    """With room for fewer than there are, the oldest texts that nobody copied go, and every alert stays."""
    rows, now = tables["messages"].select(NEEDS), BEGIN + timedelta(days=DAYS)
    copied = repeated(fed(tables["messages"], WatchedSpread()).save()["copies"])
    most = len(copied) + 400
    state = SpreadStanding(WatchedSpread(), most=most)
    order = pc.sort_indices(rows["text_key"])  # the copies of a text come together, so that none is alone for long
    for start in range(0, len(rows), 97):
        state.feed(rows.slice(0, 0), rows.take(order.slice(start, 97)))
    held = state.save()["copies"]
    assert len(held) <= most < len(rows)
    assert state.crowded_out > 0
    assert pc.all(pc.is_in(copied["message"], held["message"].combine_chunks())).as_py()
    assert list(state.alerts(tables["coverage"].select(COVERAGE), now)) == alerts(tables, WatchedSpread())


def test_where_copies_alone_are_too_many_the_oldest_hours_go(tables: dict[str, pa.Table]) -> None:
    """With room for a thousand messages a thousand or fewer are held, of whole hours, and the others counted."""
    rows = tables["messages"].select(NEEDS)
    key = rows.schema.get_field_index("text_key")
    rows = rows.set_column(key, rows.schema.field(key), pa.array([7] * len(rows), pa.uint64()))
    state = SpreadStanding(WatchedSpread(), most=1000)
    for start in range(0, len(rows), 97):
        state.feed(rows.slice(0, 0), rows.slice(start, 97))
    held = state.save()["copies"]
    assert len(held) <= 1000
    assert state.crowded_out > 0
    assert pc.min(held["at"]).as_py() >= state.save()["horizon"]["horizon"][0].as_py()


def test_no_text_and_no_account_name_is_in_a_saved_state(tables: dict[str, pa.Table]) -> None:
    """It holds ids of messages and channels, times and hashes."""
    saved = fed(tables["messages"], WatchedSpread()).save()
    said = str([table.to_pydict() for table in saved.values()])
    assert "Planting" not in said
    assert "a" + "0" * 16 not in said


def test_a_state_of_something_else_is_refused() -> None:
    """A saved state without its tables says so."""
    with pytest.raises(ConfigurationError, match="saved state"):
        WatchedSpread().standing({"shares": pa.table({"a": [1]})})
