"""The console's words in two languages: complete, with the same gaps for values, and mirrored."""

from __future__ import annotations

import io
import re
import runpy
from importlib.resources import files

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po as read_with_babel

from seawall.casebook import Role
from seawall.web.catalogue import Catalogue, catalogue, read_po
from seawall.web.settings import LANGUAGES, ConsoleSettings
from tests.conftest import ROOT
from tests.web.conftest import ORIGIN, Served

WORDS = runpy.run_path(str(ROOT / "scripts" / "console_words.py"))
GAP = re.compile(r"%\(\w+\)s")
PLURALS = """msgid ""
msgstr "Plural-Forms: nplurals=3; plural=(n==0 ? 0 : n==1 ? 1 : 2);\\n"

msgid "%(num)s bed"
msgid_plural "%(num)s beds"
msgstr[0] "no beds"
msgstr[1] "a bed"
msgstr[2] "%(num)s "
"beds there"

#, fuzzy
msgid "Queue"
msgstr "guessed"

msgctxt "time"
msgid "second"
msgstr "moment"
"""


def test_plural_forms_follow_the_language() -> None:
    """The rule in the head of a catalogue chooses the form; texts in several lines are joined."""
    words = Catalogue(PLURALS)
    assert [words.ngettext("%(num)s bed", "%(num)s beds", n) for n in (0, 1, 5)] == [
        "no beds",
        "a bed",
        "%(num)s beds there",
    ]


def test_guesses_and_missing_words_stay_english() -> None:
    """What no person has checked (fuzzy) is not shown; what has no translation is shown in English."""
    words = Catalogue(PLURALS)
    assert (words.gettext("Queue"), words.gettext("Beds")) == ("Queue", "Beds")
    assert words.ngettext("one", "many", 2) == "many"


def test_a_word_may_mean_two_things() -> None:
    """A context tells two meanings of one word apart."""
    words = Catalogue(PLURALS)
    assert (words.pgettext("time", "second"), words.gettext("second")) == ("moment", "second")


@pytest.fixture(scope="module")
def arabic() -> Catalog:
    """The Arabic catalogue, with an empty entry for whatever the pages say and it does not."""
    catalog: Catalog = WORDS["renewed"]("ar")
    return catalog


def test_every_sentence_is_translated(arabic: Catalog) -> None:
    """Whatever a page marks has an Arabic text: python scripts/console_words.py tells what is missing."""
    assert WORDS["missing"](arabic) == []


def test_values_keep_their_places(arabic: Catalog) -> None:
    """Each translation has the gaps of its English, so that no page breaks and no number is lost in one language."""
    wrong = []
    for message in (one for one in arabic if one.id and one.string):
        english = (message.id,) if isinstance(message.id, str) else message.id
        told = (message.string,) if isinstance(message.string, str) else message.string
        gaps = {gap for one in english for gap in GAP.findall(one)}
        fits = all(set(GAP.findall(one)) <= gaps and "%" not in GAP.sub("", one).replace("%%", "") for one in told)
        if not fits or (len(english) == 1 and set(GAP.findall(told[0])) != gaps):
            wrong.append(english[0])
    assert wrong == []


def test_both_readers_read_the_same(arabic: Catalog) -> None:
    """The console's own reader finds in the file what Babel finds there."""
    text = files("seawall.web").joinpath("locale/ar/console.po").read_text(encoding="utf-8")
    words, _ = read_po(text)
    for message in read_with_babel(io.StringIO(text), locale="ar"):
        key = message.id if isinstance(message.id, str) else message.id[0]
        told = (message.string,) if isinstance(message.string, str) else message.string
        if key:
            assert [words[(None, key, form)] for form in range(len(told))] == list(told)


def test_who_has_chosen_none_meets_the_consoles_language(console: Served) -> None:
    """A console that is served in Arabic speaks it to everyone, until a person chooses otherwise for themself."""
    settings = ConsoleSettings(ORIGIN, "ar")
    console.console.settings = settings
    assert '<html lang="ar" dir="rtl"' in console.anyone().get("/sign-in").text
    browser = console.as_(Role.LEAD)
    assert 'lang="ar"' in browser.get("/you").text
    browser.post("/you", data={"csrf": browser.csrf, "theme": "system", "language": "en", "break_after": "45"})
    assert '<html lang="en" dir="ltr"' in browser.get("/you").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_the_chosen_language(console: Served, language: str) -> None:
    """The root says language and direction, and the page's words are those of the language."""
    browser = console.as_(Role.LEAD)
    browser.post("/you", data={"csrf": browser.csrf, "theme": "system", "language": language, "break_after": "45"})
    page = browser.get("/you").text
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert f"<h1>{catalogue(language).gettext('Your settings')}</h1>" in page
    assert (language == "en") == ("<h1>Your settings</h1>" in page)
