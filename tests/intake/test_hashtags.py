"""Hashtags, against a walk over the characters in plain Python."""

from __future__ import annotations

import re
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given

from seawall.intake.hashtags import hashtags
from tests.intake.strings import columns


def slow_hashtags(text: str) -> list[str]:
    """The definition of ``hashtags``, character by character."""
    text = re.sub(r"://[^\x00-\x20]*", " ", text)
    found, at = [], 0
    while at < len(text):
        at += 1
        if text[at - 1] not in "#＃" or (at > 1 and (_in_word(text[at - 2]) or text[at - 2] in "&/")):
            continue
        end = at
        while end < len(text) and _in_word(text[end]):
            end += 1
        tag = text[at:end]
        if any(_is_letter(character) for character in tag):
            found.append(_folded(tag))
            at = end
    return found


def _is_letter(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "L" or category in ("Nl", "No", "Mc")


def _in_word(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Nd", "Mn", "Me") or character in "_\u200c\u200d" or _is_letter(character)
    )


def _folded(tag: str) -> str:
    for _ in range(2):
        tag = unicodedata.normalize("NFKC", tag).casefold()
    return unicodedata.normalize("NFKC", tag)


@given(columns())
def test_kernel_is_the_plain_walk(column: pa.Array | pa.ChunkedArray) -> None:
    """The kernel finds the hashtags of the plain walk in every script, slice, chunk and null."""
    expected = [None if text is None else slow_hashtags(text) for text in column.to_pylist()]
    assert hashtags(column).to_pylist() == expected


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#Tulips, #tulips! ＃TULIPS", ["tulips", "tulips", "tulips"]),
        (
            "#велоКЛУБ #حديقة #گل‌ها #बाग़ #花园",
            ["велоклуб", "حديقة", "گل‌ها", unicodedata.normalize("NFKC", "बाग़"), "花园"],
        ),
        ("#Straße", ["strasse"]),
        ("#2026 #may2026 #1st_bed", ["may2026", "1st_bed"]),
        ("https://garden.example/beds#top and garden/#top &#39;", []),
        ("c#sharp a# #", []),
        ("#one#two", ["one", "two"]),
    ],
)
def test_what_is_a_hashtag(text: str, tags: list[str]) -> None:
    """Tags are Unicode words behind a sign, not parts of links, not numbers."""
    assert hashtags(pa.array([text])).to_pylist() == [tags]
