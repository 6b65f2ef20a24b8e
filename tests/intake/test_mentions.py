"""The handles that texts mention."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.intake.mentions import mention_handles
from tests.intake.strings import columns

_WORDS = r"\w+(?:[.\-]\w+)*"
_SLOW = re.compile(rf"(?<!\w)[@＠﹫]({_WORDS}(?:@{_WORDS}|:\w+(?:-\w+)*\.{_WORDS})?)", re.ASCII)
plain = st.text("ab1_ .-:@/\n", max_size=25)


def slow_handles(text: str) -> list[str]:
    """The handles of a text in ASCII."""
    return _SLOW.findall(re.sub(r"://[^\x00-\x20]*", " ", text))


@given(columns(of=plain))
def test_kernel_is_the_pattern(column: pa.Array | pa.ChunkedArray) -> None:
    """On texts in ASCII the kernel finds what the pattern finds."""
    expected = [None if text is None else slow_handles(text) for text in column.to_pylist()]
    assert mention_handles(column).to_pylist() == expected


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("RT @Anna: with @ben_2, @john.doe and @moss-green.", ["Anna", "ben_2", "john.doe", "moss-green"]),
        ("@фиалка ＠زهرة @बाग़ @花园", ["фиалка", "زهرة", "बाग़", "花园"]),
        ("@fern@plants.example @fern:garden.example @fern: hi", ["fern@plants.example", "fern:garden.example", "fern"]),
        ("fern@garden.example https://a.example/@fern @ the garden", []),
        ("(@a)(@b)@c", ["a", "b", "c"]),
    ],
)
def test_who_is_mentioned(text: str, handles: list[str]) -> None:
    """Handles of any script count, with their server; addresses and links do not."""
    assert mention_handles(pa.array([text])).to_pylist() == [handles]
