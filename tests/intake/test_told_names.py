"""Names that a source tells, hidden in texts."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.intake.told_names import hide_anywhere, hide_names, sought

words = st.text("abåжÜ_9 🌷-", min_size=0, max_size=7)
sentences = st.lists(words, max_size=5).map(" ".join)


def slow_hide(text: str, names: list[str | None]) -> str:
    """Every name, the longest first, as whole words of a text without differences of case."""
    cores = {re.sub(r"^[\W_]+|[\W_]+$", "", name) for name in names if name and len(name) >= 3}
    wanted = [r"\s+".join(map(re.escape, core.split())) for core in sorted(cores - {""}, key=len, reverse=True)]
    pattern = "|".join(rf"(?<![^\W_])(?:{core})(?![^\W_])" for core in wanted)
    return re.sub(pattern, "[name]", text, flags=re.IGNORECASE) if wanted else text


@given(st.lists(st.tuples(st.none() | sentences, st.none() | st.lists(st.none() | words, max_size=3)), max_size=6))
def test_own_names_are_the_plain_search(rows: list[tuple[str | None, list[str | None] | None]]) -> None:
    """For any texts and names, the same words are hidden as by a plain search of each row."""
    column = pa.array([text for text, _ in rows], pa.string())
    names = pa.array([names for _, names in rows], pa.list_(pa.string()))
    expected = [text if text is None else slow_hide(text, names or []) for text, names in rows]
    assert hide_names(column, names).to_pylist() == expected


@pytest.mark.parametrize(
    ("text", "names", "stored"),
    [
        ("Fern Moss waters FERN MOSS's beds", ["Fern Moss"], "[name] waters [name]'s beds"),
        ("_Fern  Moss_ and #fern_moss", ["Fern Moss 🌷", "fern_moss"], "_[name]_ and #[name]"),
        ("Fernery and ferns", ["Fern"], "Fernery and ferns"),
        ("王小明和朋友在花园", ["王小明"], "[name]和朋友在花园"),
        ("Вера Садовая пишет", ["вера садовая"], "[name] пишет"),
        ("ok, so it is", ["ok", "so", None], "ok, so it is"),
    ],
)
def test_whole_words_in_any_case(text: str, names: list[str | None], stored: str) -> None:
    """Names are hidden as whole words, in any case and script, without the ornaments around them."""
    assert hide_names(pa.array([text]), [names]).to_pylist() == [stored]


def test_slices_and_chunks() -> None:
    """Names go with their rows in slices and chunks of columns."""
    column = pa.chunked_array([["anna"], ["fern anna", None, "moss"]])
    names = pa.array([["x"], ["moss"], ["Fern"], ["fern"], ["Moss"]], pa.list_(pa.string()))[1:]
    assert hide_names(column, names).to_pylist() == ["anna", "[name] anna", None, "[name]"]


@pytest.mark.parametrize(
    ("name", "text", "stored"),
    [
        ("fern_99", "ask Fern_99 about it", "ask [name] about it"),
        ("Anna Moss", "ANNA moss, Anna", "[name], Anna"),
        ("JohnDoe", "johndoe waters", "[name] waters"),
        ("john.doe9", "John.Doe9!", "[name]!"),
        ("Garden", "the garden", "the garden"),
        ("a b", "a b", "a b"),
        ("2026", "in 2026", "in 2026"),
        ("WeLoveTulips", "#WeLoveTulips", "#WeLoveTulips"),
    ],
)
def test_names_that_look_like_identities_are_hidden_everywhere(name: str, text: str, stored: str) -> None:
    """Handles and names of two words are hidden in all texts; ordinary words and hashtags are not."""
    assert hide_anywhere(pa.array(["nothing", text, None]), sought({name})).to_pylist() == ["nothing", stored, None]


@given(st.lists(sentences, max_size=4), st.sets(words, max_size=4))
def test_everywhere_is_the_plain_search(rows: list[str], names: set[str]) -> None:
    """For any texts, the names that look like identities are hidden as by a plain search."""
    like = re.compile(r"[^\W\d_]\w*[\d_]|[\d_]\w*[^\W\d_]|[a-zåж][A-ZÜ]|\w\s+\w")
    wanted: list[str | None] = [name for name in names if len(name) >= 5 and like.search(name)]
    assert hide_anywhere(pa.array(rows, pa.string()), sought(names)).to_pylist() == [
        slow_hide(text, wanted) for text in rows
    ]
