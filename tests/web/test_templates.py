"""The templates hold nothing that the policy of the pages would have to allow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import seawall.web
from seawall.web.settings import LANGUAGES
from seawall.web.templating import _environment, static
from seawall.workspace import shown

HERE = Path(seawall.web.__file__).parent
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
SHEETS = sorted((HERE / "static" / "css").glob("*.css"))
SCRIPTS = sorted((HERE / "static" / "js").glob("*.js"))
OFTEN = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)


@OFTEN
def test_no_template_has_anything_inline(path: Path) -> None:
    """No style, script or event handler stands in a template, and none asks another host."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


@OFTEN
def test_nothing_is_marked_as_safe(path: Path) -> None:
    """Templates leave the escaping on: whatever is safe was made safe by Python."""
    assert not re.search(r"\|\s*safe\b|autoescape", path.read_text(encoding="utf-8"))


@OFTEN
def test_every_form_that_acts_carries_the_token(path: Path) -> None:
    """Each form that is posted holds the session's token, but for those by which one signs in."""
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
        if "sign-in." in form.partition(">")[0] and "you.sign-in" not in form.partition(">")[0]:
            continue
        assert "csrf" in form, form[:120]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_style_sheets_use_the_colours_of_the_brief(path: Path) -> None:
    """No sheet names a colour of its own but the white ground of a QR code; none fetches anything."""
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"#[a-z][\w-]*\{", "", text))) <= {"#fff"}
    assert "url(" not in text
    assert "@import" not in text
    assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= {*shown.TOKENS, "hue"}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_style_sheets_mirror(path: Path) -> None:
    """Sides are named by the direction of reading, so that a page from right to left mirrors."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right):|text-align:(?:left|right)", text
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_make_no_code_out_of_text(path: Path) -> None:
    """No script of ours evaluates text, writes markup or asks another host."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|https?://(?!www\.w3\.org)", text
    )


def test_a_file_that_is_missing_is_noticed() -> None:
    """A page cannot name a file that does not come with the console."""
    with pytest.raises(FileNotFoundError):
        static("css/none.css")


def test_numbers_of_sentences_are_grouped_and_parts_speak_the_language() -> None:
    """The number of a plural has its thousands apart; a part of a whole is told in the language of the page."""
    made = {code: _environment(code, lambda name, **_: name) for code in LANGUAGES}
    counted = '{{ ngettext("%(num)s case fits the filters.", "%(num)s cases fit the filters.", 12345) }}'
    assert made["en"].from_string(counted).render() == "12,345 cases fit the filters."
    assert "12,345" in made["ar"].from_string(counted).render()
    parts = "{{ 9 | part(12) }}; {{ 1 | part(1000) }}"
    assert made["en"].from_string(parts).render().replace("\xa0", " ") == "9 of 12 (75 %); 1 of 1,000 (below 1 %)"
    assert not re.search("[a-z]", made["ar"].from_string(parts).render())
