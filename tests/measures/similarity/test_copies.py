"""Kinds of copies, and differences that are those of the original texts."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.similarity import copies
from tests.intake import strings
from tests.measures.similarity import reference, worlds

texts = st.one_of(strings.texts, worlds.texts())


@given(texts, texts)
def test_the_parts_are_both_texts(first: str, other: str) -> None:
    """What is not new is the first text and what is not gone the other; no part is empty or tears a character."""
    copy = copies(first, other)
    assert "".join(text for operation, text in copy.parts if operation != "new") == first
    assert "".join(text for operation, text in copy.parts if operation != "gone") == other
    assert all(text for _, text in copy.parts)
    for whole, left_out in ((first, "new"), (other, "gone")):
        ends, at = {0}, 0
        for cluster in regex.findall(r"\X", whole):
            at += len(cluster)
            ends.add(at)
        at = 0
        for operation, text in copy.parts:
            at += len(text) if operation != left_out else 0
            assert at in ends


@given(texts, texts)
def test_the_similarity_is_that_of_the_clusters(first: str, other: str) -> None:
    """Similarity is the Jaccard similarity of the shingles; 1 for what is verbatim or obfuscated."""
    copy = copies(first, other)
    if copy.kind == "verbatim":
        assert copy.similarity == 1.0
    else:
        assert copy.similarity == reference.jaccard(reference.shingles(first), reference.shingles(other))


@pytest.mark.parametrize(
    ("first", "other", "kind"),
    [
        ("Plant tulips in May", "Plant  tulips\nin May ", "verbatim"),
        ("Plant tulips in May", "PLANT tulips in May!!", "obfuscated"),
        ("Plant tulips in May", "Р1ant tu\u200blips in Mаy", "obfuscated"),
        ("Plant tulips in May https://t.co/a", "@anna Plant tulips in May https://t.co/b", "obfuscated"),
        ("Plant tulips in May", "Plant tulips in May and June", "edited"),
        ("花园俱乐部星期天早上种花", "花园俱乐部星期六早上种花", "edited"),
        ("Plant tulips", "Plant roses", "different"),
        ("🌷", "🌹", "different"),
        ("", "", "verbatim"),
        ("", "Plant tulips", "different"),
    ],
)
def test_kinds(first: str, other: str, kind: str) -> None:
    """Each kind of copy is told by its name, whichever of the two is first."""
    assert copies(first, other).kind == copies(other, first).kind == kind


@pytest.mark.parametrize(
    ("first", "other", "parts"),
    [
        (
            "Plant tulips in May",
            "Plant roses and herbs in May",
            [("same", "Plant "), ("gone", "tulips"), ("new", "roses and herbs"), ("same", " in May")],
        ),
        (
            "one two six",
            "one four five six",
            [("same", "one "), ("gone", "two"), ("new", "four five"), ("same", " six")],
        ),
        ("a b c", "x y z", [("gone", "a b c"), ("new", "x y z")]),
        (
            "نزرع الورود صباحا",
            "نزرع الزهور صباحا",
            [("same", "نزرع "), ("gone", "الورود"), ("new", "الزهور"), ("same", " صباحا")],
        ),
        ("花园俱乐部", "花圃俱乐部", [("same", "花"), ("gone", "园"), ("new", "圃"), ("same", "俱乐部")]),
        ("ride 👩‍🌾 now", "ride 👨‍🌾 now", [("same", "ride "), ("gone", "👩‍🌾"), ("new", "👨‍🌾"), ("same", " now")]),
    ],
)
def test_differences(first: str, other: str, parts: list[tuple[str, str]]) -> None:
    """Words, or letters of scripts without spaces, are marked whole; what replaces a phrase is one phrase."""
    assert copies(first, other).parts == parts


def test_long_texts() -> None:
    """Texts of a million characters that share nothing end in bounded time with a true difference."""
    first, other = "ab cd " * 160_000, "cd ef ab " * 110_000
    copy = copies(first, other)
    assert "".join(text for operation, text in copy.parts if operation != "new") == first
    assert "".join(text for operation, text in copy.parts if operation != "gone") == other
