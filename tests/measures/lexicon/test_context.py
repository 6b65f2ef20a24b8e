"""Quotations and reports, on made-up messages of clubs in many languages."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import Lexicon
from seawall.measures.lexicon import context
from seawall.measures.lexicon.quotations import CLOSED_BY, quotations
from tests.measures.lexicon.clubs import CALLS, COUNTER, LISTED, NEWS


def contexts(text: str) -> list[str]:
    """The context of each hit of the listed terms in a message."""
    texts = pa.array([text])
    hits = Lexicon(LISTED).match(texts)
    found: list[str] = context(texts, hits["row"], hits["start"], hits["end"]).to_pylist()
    return found


@pytest.mark.parametrize("place", range(len(NEWS)))
def test_news_is_quoted_or_reported(place: int) -> None:
    """Each news text holds a listed term, and each of its hits is marked as quoted or reported."""
    found = contexts(NEWS[place])
    assert found
    assert "plain" not in found


@pytest.mark.parametrize("place", range(len(COUNTER)))
def test_counter_speech_is_quoted_or_reported(place: int) -> None:
    """Each message against a call holds the call, and each hit is marked as quoted or reported."""
    found = contexts(COUNTER[place])
    assert found
    assert "plain" not in found


@pytest.mark.parametrize("place", range(len(CALLS)))
def test_calls_are_plain(place: int) -> None:
    """A call stays plain, also where it is dressed up as a quotation, a report or a headline."""
    found = contexts(CALLS[place])
    assert found
    assert set(found) == {"plain"}


def test_hits_outside_of_the_quotation_are_plain() -> None:
    """Of two hits in one message only the one inside the quotation is quoted."""
    assert contexts("He wrote “throw slugs” on the wall. So steal their bicycles") == ["quoted", "plain"]


def test_each_sentence_is_judged_by_itself() -> None:
    """A report in one sentence does not cover a call in the next."""
    assert contexts("Police said that some throw slugs. Throw slugs at them.") == ["reported", "plain"]


@pytest.mark.parametrize("mark", sorted(CLOSED_BY))
def test_quotation_marks_of_all_scripts(mark: str) -> None:
    """Between each opening mark and its closing mark stands a quotation; without the closing mark there is none."""
    text = f"Somebody from the club wrote {mark}throw slugs{CLOSED_BY[mark][0]} on the wall"
    assert [text[start:end] for start, end in quotations(text)] == ["throw slugs"]
    assert quotations(text.replace(f"slugs{CLOSED_BY[mark][0]}", "slugs")) == []


def test_nested_quotations() -> None:
    """A quotation inside a quotation is told too."""
    text = "The club secretary wrote “he said ‘throw slugs’ twice” in the minutes"
    assert [text[start:end] for start, end in quotations(text)] == ["he said ‘throw slugs’ twice", "throw slugs"]


def test_quotations_end_with_their_paragraph() -> None:
    """A mark that is not closed in its paragraph opens nothing, unless the next paragraph opens with the same one."""
    own = "These are words of my own."
    assert quotations(f"{own} “throw\n\nslugs”") == []
    text = f"{own} “throw\n\n“slugs” {own}"
    assert [text[start:end] for start, end in quotations(text)] == ["throw", "slugs"]


def test_apostrophes_and_inches_are_no_quotations() -> None:
    """Contractions, possessives and measures open and close nothing."""
    assert quotations("It's the gardeners' slug, don't you think, and that one isn't") == []
    assert quotations('a 5" slug and a 6" slug crept over all the lettuce') == []


@given(st.lists(st.sampled_from([*"ab \n\"'“”„«»‹›‘’`>[]", "> ", "\n\n", "word "]), max_size=40).map("".join))
def test_quotations_lie_in_the_text(text: str) -> None:
    """Whatever the marks, quotations begin before they end and lie inside the text."""
    for start, end in quotations(text):
        assert 0 <= start <= end <= len(text)


def test_hits_must_lie_in_their_texts() -> None:
    """A hit outside of its text, or columns of different length, is refused with its position and no text."""
    texts = pa.array(["throw slugs", None])
    for rows, starts, ends in (([0], [0], [12]), ([1], [0], [1]), ([2], [0], [1]), ([-1], [0], [1]), ([0], [5], [4])):
        with pytest.raises(MeasureError, match="hit 1"):
            context(texts, rows, starts, ends)
    with pytest.raises(MeasureError, match="differ in length"):
        context(texts, [0], [0, 1], [3])
    assert context(texts, [], [], []).to_pylist() == []
