from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.layers import LAYERS as ALL_LAYERS
from seawall.model import CHANNEL_KINDS as ALL_CHANNELS
from seawall.model import INTERACTION_KINDS, IndicatorKind, IndicatorStatus
from seawall.model import MESSAGE_KINDS as ALL_MESSAGES
from seawall.web.looked import FIELDS, Looked, as_field, moment
from seawall.web.looked_words import (
    ACT_KINDS,
    CHANNEL_KINDS,
    INDICATOR_KINDS,
    INDICATOR_STATES,
    LAYERS,
    MESSAGE_KINDS,
    UNITS,
)
from seawall.workspace.looking_timeline import STEPS, unit_of

ANYTHING = st.lists(st.tuples(st.sampled_from((*FIELDS, "strange")), st.text(max_size=40)), max_size=12)


@given(ANYTHING)
def test_no_address_breaks_a_page(pairs: list[tuple[str, str]]) -> None:
    """Whatever an address says, there is a filter to look with; what cannot be one is told and left out."""
    looked = Looked.of(pairs)
    chosen, asked = looked.chosen, looked.asked
    assert asked.chosen == chosen
    assert 1 <= asked.window <= 86_400
    assert looked.page >= 1
    assert set(looked.errors) <= set(FIELDS)


@given(ANYTHING)
def test_a_query_keeps_what_was_asked(pairs: list[tuple[str, str]]) -> None:
    """The address of a view asks the same again, but for the page."""
    looked = Looked.of(pairs)
    again = Looked.of(parse_qsl(urlencode(looked.query()), keep_blank_values=True))
    assert again.given == {name: value for name, value in looked.given.items() if name != "page"}


def test_changes_of_a_query() -> None:
    """A link changes some fields and takes others out."""
    looked = Looked.of([("view", "table"), ("platform", "forum"), ("page", "3"), ("every", "1")])
    assert looked.query(view="network", every=None) == {"view": "network", "platform": "forum"}
    assert looked.query(page=4)["page"] == "4"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start", "soon"),
        ("end", "2026-02-30"),
        ("text", "tulips"),
        ("window", "0"),
        ("window", "90000"),
        ("least", "-1"),
    ],
    ids=["word", "no such day", "no key", "no second", "more than a day", "negative"],
)
def test_what_cannot_be_is_told_and_left_out(name: str, value: str) -> None:
    """A value that cannot be one stands among the errors, and the filter is as if it were not there."""
    looked = Looked.of([(name, value)])
    assert set(looked.errors) == {name}
    assert looked.asked == Looked().asked


def test_an_end_before_its_start() -> None:
    """Of two times in the wrong order the end is left out."""
    looked = Looked.of([("start", "2026-05-03T10:00"), ("end", "2026-05-03T09:00")])
    assert set(looked.errors) == {"end"}
    assert (looked.chosen.start, looked.chosen.end) == (datetime(2026, 5, 3, 10, tzinfo=UTC), None)


def test_times_are_read_in_utc() -> None:
    """A time without a zone is UTC, and one with a zone is turned into UTC; a field shows it as it takes it."""
    assert moment("2026-05-03T14:05") == moment("2026-05-03T16:05+02:00") == datetime(2026, 5, 3, 14, 5, tzinfo=UTC)
    assert as_field(moment("2026-05-03T16:05+02:00")) == "2026-05-03T14:05"


def test_every_word_of_the_records_has_its_own() -> None:
    """Each kind that a record can be of has a word that can be translated."""
    assert set(MESSAGE_KINDS) == set(ALL_MESSAGES)
    assert set(ACT_KINDS) == set(INTERACTION_KINDS)
    assert set(CHANNEL_KINDS) == set(ALL_CHANNELS)
    assert set(INDICATOR_KINDS) == set(IndicatorKind)
    assert set(INDICATOR_STATES) == set(IndicatorStatus)
    assert {unit_of(step) for step in STEPS} == set(UNITS)
    assert set(LAYERS) == set(ALL_LAYERS)
