"""Text that strangers wrote cannot hide anything, run anything, or be clicked."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.web.hostile import LONGEST, cell, hostile, plainly

CHIP = re.compile(r'<span class="chip" title="[^"<>]*">([^<>]*)</span>')
TAG = re.compile(r"<[^>]*>")

HIDDEN = {
    "\u202e": "RLO U+202E",
    "\u2066": "LRI U+2066",
    "\u200b": "ZWSP U+200B",
    "\u200f": "RLM U+200F",
    "\ufeff": "BOM U+FEFF",
    "\U000e0041": "TAG A U+E0041",
    "\U000e0001": "U+E0001",
    "\x00": "NUL U+0000",
    "\x1b": "ESC U+001B",
    "\r": "CR U+000D",
    "\u2028": "LSEP U+2028",
    "\u034f": "CGJ U+034F",
    "\u3164": "U+3164",
    "\ue000": "U+E000",
    "\U000e0101": "U+E0101",
    "\u00ad": "SHY U+00AD",
}


@pytest.mark.parametrize(("letter", "chip"), HIDDEN.items(), ids=HIDDEN.values())
def test_what_cannot_be_seen_is_a_chip_with_its_code_point(letter: str, chip: str) -> None:
    """Controls, zero-width, direction, tag and private characters are shown by their code points."""
    shown = str(hostile(f"seed{letter}s"))
    assert CHIP.findall(shown) == [chip]
    assert letter not in shown


def test_many_of_a_kind_are_one_chip() -> None:
    """A thousand invisible letters do not fill the page."""
    assert CHIP.findall(str(hostile("a" + "\u200b" * 1000 + "b"))) == ["ZWSP U+200B ×1000"]


ORDINARY = ["می‌خواهم", "क्‍ष", "👩‍🌾 in the beds", "☀️ and ❤️", "👨🏽‍🌾", "two\nlines\tand a tab", "Gärtnerei", "7️⃣"]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_writing_stays_as_it_is(text: str) -> None:
    """Joiners within words and emoji, and selectors behind pictures, do their ordinary work."""
    assert str(hostile(text)) == text


@given(st.text(alphabet=st.characters(), max_size=60))
def test_nothing_unseen_and_no_markup_comes_through(text: str) -> None:
    """Whatever the text, what is left are visible letters and chips of ours; its markup is text."""
    shown = str(hostile(text))
    rest = CHIP.sub("", shown)
    assert not TAG.search(rest)
    for place, letter in enumerate(html.unescape(rest)):
        kind = unicodedata.category(letter)
        joins = letter in "\u200c\u200d" and place > 0
        assert kind not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or letter in "\n\t" or joins, hex(ord(letter))


LINKS = {
    "https://example.org/path?x=1": "hxxps://example[.]org/path?x=1",
    "HTTP://EXAMPLE.ORG": "HxxP://EXAMPLE[.]ORG",
    "write to seeds.example.net": "write to seeds[.]example[.]net",
    "ftp://beds.example": "fxp://beds[.]example",
}


@pytest.mark.parametrize(("text", "shown"), LINKS.items(), ids=LINKS.keys())
def test_no_address_can_be_clicked(text: str, shown: str) -> None:
    """Addresses are written so that no program takes them for a link."""
    assert str(hostile(text)).lower() == shown.lower()


def test_markup_is_shown_as_text() -> None:
    """Tags, attributes and entities of a message are escaped."""
    shown = str(hostile("""<img src=x onerror="alert('1')">&amp;"""))
    assert "<img" not in shown
    assert '"' not in shown
    assert html.unescape(shown) == """<img src=x onerror="alert('1')">&amp;"""


def test_long_texts_are_cut_and_say_so() -> None:
    """A text beyond the bound ends in a mark that tells how much is missing."""
    assert 'title="+10"' in str(hostile("a" * (LONGEST + 10)))


@given(st.text(alphabet=st.characters(), max_size=300))
def test_titles_are_one_visible_line(text: str) -> None:
    """A title or the name of a file holds no break and nothing unseen, and is not long."""
    told = plainly(text)
    assert len(told) <= 200
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Co", "Zl", "Zp") for one in told)


@given(st.sampled_from("=+-@\t\r\x00"), st.text(max_size=20))
def test_a_spreadsheet_calculates_nothing(first: str, rest: str) -> None:
    """A cell never begins with what a spreadsheet takes for a formula."""
    assert cell(first + rest)[0] == "'"
    assert "\x00" not in cell(first + rest)
