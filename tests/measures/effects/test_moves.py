"""Where accounts went, and what came back."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import displacement, lives, returns
from tests.measures.effects import reference
from tests.measures.effects.reference import Row

AT = datetime(2026, 5, 3, tzinfo=UTC)
WINDOW = 10
CLOSED = pa.table({"at": [AT], "unit": ["choir"]})


def table(rows: list[Row]) -> pa.Table:
    """The rows, and two of nobody else's that make both windows whole."""
    whole = [*rows, (-WINDOW, "caretaker", "office"), (WINDOW - 1, "caretaker", "office")]
    return pa.table(
        {
            "at": [AT + timedelta(days=day, hours=place % 24) for place, (day, _, _) in enumerate(whole)],
            "account": [row[1] for row in whole],
            "unit": [row[2] for row in whole],
        }
    )


@given(
    st.lists(
        st.tuples(
            st.integers(-WINDOW, WINDOW - 1), st.sampled_from("abcdef"), st.sampled_from(["choir", "chess", "roses"])
        ),
        max_size=40,
    )
)
def test_shares_are_those_of_counting_account_by_account(rows: list[Row]) -> None:
    """Each account counts once: at its main new place, where it was, or nowhere."""
    found = displacement(table(rows), CLOSED, window=WINDOW).table.to_pylist()
    counted = Counter({one["destination"] or one["kind"]: one["accounts"] for one in found})
    slow = reference.went(rows, {"choir"}, WINDOW)
    assert sum(counted.values()) == sum(slow.values())
    assert {one["of"] for one in found} <= {sum(slow.values())}
    for kind in ("where they were", "seen nowhere"):
        assert counted[kind] == slow[kind]


def test_destinations_may_be_places_of_links() -> None:
    """With a column of destinations, shares are of where links lead."""
    rows = pa.table(
        {
            "at": [AT - timedelta(days=1)] * 4 + [AT + timedelta(days=1)] * 3 + [AT + timedelta(days=WINDOW - 1)]
            + [AT - timedelta(days=WINDOW)],
            "account": ["a", "b", "c", "d", "a", "b", "c", "z", "z"],
            "unit": ["choir"] * 7 + ["office"] * 2,
            "place": [None, None, None, None, "chess.example", "chess.example", None, None, None],
        }
    )  # fmt: skip
    found = displacement(rows, CLOSED, window=WINDOW).table.to_pylist()
    assert [(one["kind"], one["destination"], one["accounts"]) for one in found] == [
        ("new", "chess.example", 2),
        ("where they were", None, 1),
        ("seen nowhere", None, 1),
    ]


def test_a_window_that_is_not_whole_is_left_out_with_its_count() -> None:
    """An action ten days before the last day cannot be followed for thirty."""
    found = displacement(table([(-1, "a", "choir")]), CLOSED, window=30)
    assert len(found) == 0
    assert found.left_out.to_pylist() == [{"reason": "an action whose windows are not wholly there", "count": 1}]


def test_who_fell_silent_and_came_back_is_counted() -> None:
    """Of three members one is seen after eight days, one never; one was never away; others tell what is usual."""
    rows: list[Row] = [(-2, name, "choir") for name in "abc"] + [(-2, "o", "chess"), (9, "o", "chess")]
    rows += [(8, "a", "choir"), (1, "c", "choir")]
    (channels, there, anywhere) = returns(table(rows), CLOSED, window=WINDOW).table.to_pylist()
    assert (channels["returned"], channels["of"]) == (0, 0)  # the choir was never silent
    assert (there["returned"], there["of"], there["days"]) == (1, 2, 8.0)
    assert (anywhere["returned"], anywhere["of"]) == (1, 2)
    assert anywhere["usual"] == 1.0
    assert anywhere["low"] < 0.5 < anywhere["high"]


def test_rows_without_an_account_are_left_out_with_their_count() -> None:
    """They are no account."""
    rows = table([(-1, "a", "choir"), (2, "a", "chess")])
    accounts = pa.array([None, *rows["account"].to_pylist()[1:]], pa.string())
    found = displacement(rows.set_column(1, "account", accounts), CLOSED, window=WINDOW)
    assert {"reason": "a row without account or channel", "count": 1} in found.left_out.to_pylist()


@pytest.mark.parametrize("window", [0, 1000])
def test_a_window_that_cannot_be_is_refused(window: int) -> None:
    """Of no day, of years."""
    with pytest.raises(MeasureError, match="window"):
        displacement(table([]), CLOSED, window=window)


def test_silence_is_shorter_than_the_window() -> None:
    """Nobody can come back after it."""
    with pytest.raises(MeasureError, match="silence"):
        returns(table([]), CLOSED, window=7, silent=7)


def test_lives_of_few_channels_are_not_compared() -> None:
    """Fewer than five on a side: counts, and no means."""
    start = [AT + timedelta(days=day) for day in (-5, -4, 3, 4, 40)]
    (told,) = lives(
        pa.table({"start": start, "end": pa.array([None] * 5, pa.timestamp("us", "UTC"))}), CLOSED
    ).table.to_pylist()
    assert (told["began_before"], told["began_after"], told["ratio"]) == (2, 2, None)
