"""Visibility: strict where it is told, refused where it is not, never guessed."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from seawall.errors import ConfigurationError
from seawall.intake.visibility import channel_visibility, effective, may_keep_text
from seawall.model import RAW_CHANNELS, Visibility, raw_table


def channels(**columns: list[Any]) -> pa.Table:
    rows = len(columns["channel_id"])
    return raw_table(RAW_CHANNELS, {"kind": ["group"] * rows} | columns)


def people(count: int) -> list[dict[str, str | None]]:
    return [{"id": str(number), "handle": None, "name": None} for number in range(count)]


@pytest.mark.parametrize(
    ("kind", "told", "participants", "members", "expected"),
    [
        ("direct", "public", None, 500, "direct"),
        ("group", "public", people(5), None, "direct"),
        ("group", "public", people(6), None, "public"),
        ("room", "closed", None, 5, "direct"),
        ("room", "closed", None, 6, "closed"),
        ("room", "closed", None, 0, "closed"),
        ("group", None, people(6), 3, None),
        ("broadcast", "public", None, 2, "public"),
        ("feed", None, None, 1, None),
    ],
)
def test_few_participants_make_it_direct(
    kind: str, told: str | None, participants: Any, members: int | None, expected: str | None
) -> None:
    """A direct chat by kind or by at most five participants; a broadcast with few readers is none."""
    table = channels(channel_id=["1"], kind=[kind], visibility=[told], participants=[participants], members=[members])
    assert channel_visibility(table).to_pylist() == [expected]


def test_own_then_channel_then_stated() -> None:
    """A row's own visibility counts first, then its channel's, then what the user states; a direct channel always."""
    table = channels(channel_id=["open", "duo"], visibility=["closed", None], participants=[None, people(2)])
    own = pa.array(["public", None, "public", None])
    rows = effective(own, pa.array(["open", "open", "duo", "unknown"]), table, Visibility.PUBLIC)
    assert rows.to_pylist() == ["public", "closed", "direct", "public"]


@pytest.mark.parametrize("channel", [None, "unknown", "silent"])
def test_it_never_guesses(channel: str | None) -> None:
    """Where nobody tells, the user is asked, by the name of the option."""
    table = channels(channel_id=["silent"], visibility=[None])
    with pytest.raises(ConfigurationError, match="--visibility"):
        effective(pa.array([None], pa.string()), pa.array([channel], pa.string()), table, None)


@pytest.mark.parametrize("basis", [None, "", "consent of the club's members"])
def test_closed_text_needs_a_basis_and_direct_text_a_report(basis: str | None) -> None:
    """Closed text is kept on a stated basis only; direct text only where a participant reported it."""
    rows = pa.array(["public", "closed", "direct", "direct", "direct"])
    reported = pa.array([None, None, None, False, True])
    assert may_keep_text(rows, reported, basis).to_pylist() == [True, bool(basis), False, False, True]
