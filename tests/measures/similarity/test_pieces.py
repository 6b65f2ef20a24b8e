"""Texts cut into pieces, against the grapheme clusters of another implementation."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.similarity.pieces import pieces
from tests.intake import strings

PARTS = (
    "a", "e\u0301", "क", "्", "ष", "ि", "न", "ำ", "ก", "ា", "្", "က", "်", "ာ", "ᄀ", "ᅡ", "ᆨ", "가", "花", "ｶ", "ﾞ",
    "🇩", "🇪", "👩", "\u200d", "🌾", "🏽", "\ufe0f", "1", "\u20e3", " ", "\u200b", "\u0600", "!", "\r", "\n",
    "\U000e0062", "ـ",
)  # fmt: skip
marked = st.lists(st.sampled_from(PARTS), max_size=10).map("".join)


@given(st.one_of(strings.texts, marked))
def test_no_piece_ends_inside_a_character(text: str) -> None:
    """Pieces are together the text, and no cut lies inside a grapheme cluster."""
    found = pieces(text)
    assert "".join(found) == text
    ends, at = set[int](), 0
    for cluster in regex.findall(r"\X", text):
        at += len(cluster)
        ends.add(at)
    at = 0
    for piece in found:
        at += len(piece)
        assert at in ends


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("नया बाग़", ["नया", " ", "बाग़"]),
        ("گل\u200cها را", ["گل\u200cها", " ", "را"]),
        ("สวนนำ", ["ส", "ว", "น", "นำ"]),
        ("🇩🇪🇫🇷!", ["🇩🇪", "🇫🇷", "!"]),
        ("snake_case 1️⃣", ["snake_case", " ", "1️⃣"]),
        ("a  \n b", ["a", "  \n ", "b"]),
        ("", []),
    ],
)
def test_pieces_of_many_scripts(text: str, expected: list[str]) -> None:
    """Words stay whole with their marks and joiners; letters of scripts without spaces stand alone."""
    assert pieces(text) == expected


def test_a_lone_surrogate_is_no_obstacle() -> None:
    """A broken string is cut as well."""
    assert "".join(pieces("a \ud800 b")) == "a \ud800 b"
