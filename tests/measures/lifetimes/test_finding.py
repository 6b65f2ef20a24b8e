"""Spells that are found in looks at things and in the messages of channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.lifetimes import spells_of_activity, spells_of_looks, survival

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STATUSES = ("alive", "alive", "gone", "renamed", "unknown")
Look = tuple[str, int, str]


def day(number: float) -> datetime:
    return BEGIN + timedelta(days=number)


def looks(rows: Sequence[Look], created: dict[str, int] | None = None) -> pa.Table:
    columns: dict[str, Any] = {
        "thing": [thing for thing, _, _ in rows],
        "checked_at": pa.array([day(at) for _, at, _ in rows], pa.timestamp("us", "UTC")),
        "status": [status for _, _, status in rows],
    }
    if created is not None:
        columns["created_at"] = [day(created[thing]) if thing in created else None for thing, _, _ in rows]
    return pa.table(columns)


def slowly(rows: Sequence[Look]) -> list[tuple[str, int, int, int | None, str | None]]:
    """Thing, first and last look alive, the look at which it was not, and what it was then: look by look."""
    found: list[tuple[str, int, int, int | None, str | None]] = []
    for thing in sorted({one[0] for one in rows}):
        first = last = None
        for _, at, status in sorted((one for one in rows if one[0] == thing), key=lambda one: one[1]):
            if status == "alive":
                first, last = at if first is None else first, at
            elif status != "unknown" and first is not None and last is not None:
                found.append((thing, first, last, at, status))
                first = None
        if first is not None and last is not None:
            found.append((thing, first, last, None, None))
    return found


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.sampled_from(STATUSES)),
        min_size=1, max_size=14, unique_by=lambda one: one[:2],
    )
)  # fmt: skip
def test_spells_run_from_look_to_look(rows: list[Look]) -> None:
    """Each run of looks at which a thing was alive is a spell, which ended by the next look that says so."""
    found = spells_of_looks(looks(rows)).spells.to_pylist()
    told = [
        (
            row["thing"],
            *((one - BEGIN).days if one else None for one in (row["start"], row["last_alive"], row["end"])),
            row["event"],
        )
        for row in found
    ]
    assert sorted(told, key=str) == sorted(slowly(rows), key=str)


def test_a_thing_of_known_age_is_looked_at_from_some_age_on() -> None:
    """With ``created_at`` age counts from then, and observation begins at the first look."""
    found = spells_of_looks(looks([("a", 10, "alive"), ("a", 17, "gone")], {"a": 2}))
    (row,) = found.spells.to_pylist()
    assert (row["start"], row["entry"], row["last_alive"], row["end"]) == (day(2), day(10), day(10), day(17))
    assert survival(found.spells)["since"][-1].as_py() == 8.0


def test_looks_that_tell_nothing_are_counted() -> None:
    """Looks that could not tell, that say not at what, and things never seen alive are left out, with counts."""
    rows = looks([("a", 1, "alive"), ("a", 2, "unknown"), ("a", 9, "gone"), ("b", 3, "gone")])
    nameless = pa.table({"thing": pa.array([None], pa.string()), "checked_at": [day(1)], "status": ["alive"]})
    found = spells_of_looks(pa.concat_tables([rows, nameless.cast(rows.schema)]))
    assert found.left_out == {"nameless_looks": 1, "unknown_looks": 1, "never_alive": 1}
    assert len(found.spells) == 1


def test_a_status_that_is_not_known_is_refused() -> None:
    """The error names the row and the words that are known."""
    with pytest.raises(MeasureError, match=r"row 2.*taken_down"):
        spells_of_looks(looks([("a", 1, "alive"), ("a", 2, "asleep")]))


def channels(first: float, last: float, **told: Any) -> pa.Table:
    return pa.table(
        {"channel": ["tulips"], "first_at": [day(first)], "last_at": [day(last)], **{k: [v] for k, v in told.items()}}
    )


def collected(*spans: tuple[float, float]) -> pa.Table:
    return pa.table({"start": [day(one) for one, _ in spans], "end": [day(two) for _, two in spans]})


@pytest.mark.parametrize(
    ("spans", "last", "end", "event", "since"),
    [
        ([(0, 200)], 100, 130, "dormant", None),
        ([(0, 129)], 100, 129, None, None),
        ([(0, 200)], 190, 200, None, None),
        ([(0, 110), (115, 200)], 100, 145, "dormant", 130),
        ([(0, 110), (115, 140), (142, 200)], 100, 172, "dormant", 130),
        ([(0, 110), (115, 140)], 100, 130, None, None),
        ([(0, 90), (95, 200)], 100, 130, "dormant", None),
        ([(0, 131), (140, 200)], 100, 130, "dormant", None),
    ],
)
def test_silence_is_dormancy_where_it_was_collected(
    spans: list[tuple[float, float]], last: float, end: float, event: str | None, since: float | None
) -> None:
    """30 collected days of silence end a spell; a gap within them makes the end uncertain, or hides it."""
    (row,) = spells_of_activity(channels(50, last), collected(*spans)).spells.to_pylist()
    assert (row["start"], row["end"], row["event"]) == (day(50), day(end), event)
    assert row["last_alive"] == (None if since is None else day(since))


def test_an_end_that_is_told_is_exact() -> None:
    """``ended_at`` with its reason is the end, whatever the silence before it."""
    (row,) = spells_of_activity(
        channels(50, 60, ended_at=day(120), end_reason="renamed"), collected((0, 200))
    ).spells.to_pylist()
    assert (row["end"], row["event"], row["last_alive"]) == (day(120), "renamed", None)


def test_channels_of_unknown_age_are_left_out() -> None:
    """Who spoke in the first days of collection may be older, unless it is told when it was created."""
    spans = collected((0, 200))
    assert spells_of_activity(channels(3, 60), spans).left_out == {"age_unknown": 1}
    (row,) = spells_of_activity(channels(3, 60, created_at=day(-400)), spans).spells.to_pylist()
    assert (row["start"], row["entry"]) == (day(-400), day(3))


def test_channels_that_spoke_after_their_end_are_left_out() -> None:
    """An end before the last message cannot be right."""
    assert spells_of_activity(channels(50, 60, ended_at=day(55)), collected((0, 99))).left_out == {"spoke_after_end": 1}


@pytest.mark.parametrize("dormant", [0, -1, float("nan")])
def test_dormancy_needs_days(dormant: float) -> None:
    """No silence is no dormancy."""
    with pytest.raises(MeasureError, match="dormant"):
        spells_of_activity(channels(50, 60), collected((0, 99)), dormant=dormant)
