"""Values of any type in any field."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.json_values import (
    Undecodable,
    decoded,
    dict_of,
    id_of,
    list_of,
    media,
    number_time,
    size_of,
    text_of,
    written_time,
)
from seawall.sources.times import EARLIEST, LATEST

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(ANYTHING)
def test_any_value_is_taken_or_left(value: Any) -> None:
    """No type in any field raises, and what is taken has the type that the schema wants."""
    assert text_of(value) is None or isinstance(value, str)
    assert id_of(value) is None or isinstance(id_of(value), str)
    assert size_of(value) is None or 0 <= value < 2**63
    assert isinstance(list_of(value), list)
    assert isinstance(dict_of(value), dict)
    assert media(value, value)["kind"] in ("image", "video", "audio", "text", "document")
    for moment in (number_time(value, 1), number_time(value, 1_000), written_time(value, UTC)):
        assert moment is None or EARLIEST <= datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment) < LATEST


@given(
    st.datetimes(EARLIEST.replace(tzinfo=None, day=3), LATEST.replace(tzinfo=None, year=2199)),
    st.integers(-14 * 60, 14 * 60),
)
def test_written_times_are_those_of_the_standard_library(moment: datetime, minutes: int) -> None:
    """A zone that is written down counts; where none is, the stated one does."""
    offset = timedelta(minutes=minutes)
    here = (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    sign, apart = ("-", -offset) if minutes < 0 else ("+", offset)
    hours = f"{sign}{apart // timedelta(hours=1):02}:{apart % timedelta(hours=1) // timedelta(minutes=1):02}"
    assert written_time(moment.isoformat() + hours, None) == here - offset // timedelta(microseconds=1)
    assert written_time(moment.isoformat(), UTC) == here
    assert written_time(moment.isoformat(), None) is None


@pytest.mark.parametrize("told", ["1e9", "1_000", "²", "٣", "9" * 30, "", "12.5", 10**30, -(10**30), True, 0, "0"])
def test_numbers_that_are_no_times_are_none(told: Any) -> None:
    """Nothing is read as a time that is none; unix zero stands for "never"."""
    assert number_time(told, 1) is None


@given(ANYTHING)
def test_what_json_writes_is_read(value: Any) -> None:
    """The decoder agrees with the standard library, NaN included."""
    written = json.dumps(value)
    assert json.dumps(decoded(written.encode())) == json.dumps(json.loads(written))


def test_halves_of_surrogate_pairs_become_the_replacement_character() -> None:
    """Whole pairs stay; halves would break every later step, and there is no character to keep."""
    assert decoded(b'{"a": "x\\ud800y", "\\udc00": "\\ud83d\\ude00"}') == {"a": "x\ufffdy", "\ufffd": "😀"}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"[" * 10_000 + b"]" * 10_000, "nested too deeply"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested too deeply"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b"", "not JSON"),
        (b"{]}", "not JSON"),
        (b"9" * 5_000, "not JSON"),
    ],
)
def test_what_cannot_be_decoded_says_why(raw: bytes, reason: str) -> None:
    """The reason holds nothing of the bytes."""
    with pytest.raises(Undecodable, match=f"^{reason}$"):
        decoded(raw)


def test_control_characters_and_nul_are_kept() -> None:
    """Telegram writes U+001F bare; the text says so."""
    assert decoded(b'["\x1f", "a\x00b", "\\u0000"]') == ["\x1f", "a\x00b", "\x00"]
