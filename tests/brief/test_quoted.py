from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.brief.quoted import LONGEST, defanged, quoted


@given(st.text())
def test_nothing_invisible_and_no_markup_gets_through(text: str) -> None:
    """Outside our own chips there is no tag, and no unseen character but line break, tab and joiner."""
    shown = re.sub(r'<span class="(?:chip" title="U\+[0-9A-F]+"|more")>[^<]*</span>', "", str(quoted(text)))
    assert "<" not in shown
    for letter in html.unescape(shown):
        assert letter in "\n\t\u200c\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://example.org/a.b?c=d", "hxxp://example[.]org/a.b?c=d"),
        ("HTTPS://EXAMPLE.ORG", "HxxPS://EXAMPLE[.]ORG"),
        ("www.example.org and t.me/garden", "www[.]example[.]org and t[.]me/garden"),
        ("сад.рф", "сад[.]рф"),
        ("3.5 litres, at 10.30.", "3.5 litres, at 10.30."),
    ],
)
def test_addresses_cannot_be_clicked(text: str, shown: str) -> None:
    """Schemes and dots of addresses are defanged, numbers are left alone."""
    assert defanged(text) == shown


def test_joiners_stay_where_a_script_needs_them() -> None:
    """A joiner within a Persian word or an emoji family is no chip; one between Latin letters is."""
    assert "chip" not in quoted("می\u200cخواهم")
    assert "chip" not in quoted("👨\u200d🌾")
    assert "zero-width joiner" in quoted("see\u200dds")


def test_tag_characters_are_shown() -> None:
    """Invisible tag letters appear with their code."""
    assert "U+E0041" in quoted("a\U000e0041b")


def test_a_long_message_is_cut_and_says_so() -> None:
    """No more than the limit is shown, and how much is missing is told."""
    shown = quoted("x" * (LONGEST + 1500))
    assert shown.count("x") == LONGEST
    assert "1,500 more characters" in shown
