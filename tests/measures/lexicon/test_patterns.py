"""Patterns: hits by RE2, and what is refused."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.lexicon import Patterns
from seawall.measures.lexicon.patterns import MOST_CHARACTERS, MOST_PATTERNS

PATTERNS = ["tul+ips?", "(?i)slug[s ]", "[0-9]{2,}", "сад(ы|ов)?", "b.d", "花|园"]
texts = st.lists(
    st.sampled_from(["tulips", "TULIP", "slugs ", "Slug", "12", "7", "сады", "bed", "花园", "é", " "]), max_size=8
)


@given(st.lists(st.one_of(st.none(), texts.map("".join)), max_size=6))
def test_finds_what_python_finds(column: list[str | None]) -> None:
    """On patterns that both know, the hits are those of Python's own expressions, in bytes."""
    expected = sorted(
        (row, len(text[: found.start()].encode()), len(text[: found.end()].encode()), term)
        for row, text in enumerate(column)
        for term, pattern in enumerate(PATTERNS)
        if text is not None
        for found in re.finditer(pattern, text)
    )
    table = Patterns(PATTERNS).match(pa.array(column, pa.string()))
    names = ("row", "start", "end", "term")
    assert list(zip(*(table[name].to_pylist() for name in names), strict=True)) == expected
    assert not any(table["disguised"].to_pylist())


def test_broken_patterns_are_told_line_by_line() -> None:
    """Each line that cannot be used is told with its number and the reason, without quoting it, and the others work."""
    lines = [
        "slugs?",
        "",
        "(open",
        "a*",
        r"(?=slug)",
        r"\bсад\b",
        "x" * (MOST_CHARACTERS + 1),
        "((((a{100}){100}){100}))",
        7,
    ]
    patterns = Patterns(lines, max_mem=1 << 16)  # type: ignore[list-item]
    rejected = dict(zip(*(patterns.rejected[name].to_pylist() for name in ("line", "reason")), strict=True))
    assert list(rejected) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert rejected[2] == "It is empty."
    assert rejected[3] == "RE2 cannot read it: missing )."
    assert rejected[4] == "It matches the empty text."
    assert "slug" not in rejected[5]
    assert "ASCII" in rejected[6]
    assert str(MOST_CHARACTERS) in rejected[7]
    assert rejected[8].startswith("RE2 cannot read it")
    assert rejected[9] == "It is not text."
    assert len(patterns) == 1


def test_the_size_of_a_pattern_is_limited() -> None:
    """A pattern that compiles to more than its memory is refused, and accepted where it is given more."""
    large = r"\pL{200}"
    assert len(Patterns([large], max_mem=1 << 14)) == 0
    assert len(Patterns([large], max_mem=8 << 20)) == 1


def test_the_number_of_patterns_is_limited() -> None:
    """Lines beyond the limit are told."""
    patterns = Patterns([f"slug{number}" for number in range(MOST_PATTERNS + 2)])
    assert patterns.rejected["line"].to_pylist() == [MOST_PATTERNS + 1, MOST_PATTERNS + 2]


def test_patterns_take_ids_and_refuse_what_is_no_list() -> None:
    """Ids come with the hits; a single string is no list."""
    table = Patterns(["slug", "bed"], ids=["p-1", "p-2"]).match(pa.array(["a bed"]))
    assert table["id"].to_pylist() == ["p-2"]
    with pytest.raises(MeasureError):
        Patterns("slug")
