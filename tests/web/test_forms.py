"""What a form may hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.web.forms import SECRET_FIELDS, Form, _plain


@given(st.text(alphabet=st.characters()))
def test_texts_have_one_kind_of_break_and_no_nul(text: str) -> None:
    """Whatever a browser sends becomes text that every part can keep."""
    told = _plain(text)
    assert "\r" not in told
    assert "\x00" not in told
    told.encode("utf-8")


def test_secrets_are_not_kept() -> None:
    """Passwords, codes, tokens and keys are not among what is shown again."""
    form = Form(tuple((name, "zq1x") for name in (*sorted(SECRET_FIELDS), "note")))
    assert form.keepable() == (("note", "zq1x"),)


def test_missing_and_empty_are_told_apart() -> None:
    """A field that was sent empty is there; both read as no text."""
    form = Form((("note", ""),))
    assert ("note" in form, "reason" in form) == (True, False)
    assert form["note"] == form["reason"] == ""
    assert (list(form), len(form)) == (["note"], 1)
