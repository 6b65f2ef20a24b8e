"""More than a thousand texts that try to run something, in what the frame's own pages show of others."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from seawall.casebook import Role
from seawall.casebook.audit import write_entry
from seawall.web.hostile import hostile, plainly
from tests.web.conftest import Served
from tests.web.payloads import PAYLOADS, harm_in


def test_the_reader_of_harm_sees_it() -> None:
    """What would run in a browser is found by the check itself."""
    for text in (
        "<img src=x onerror=alert(1)>",
        "<script>1</script>",
        "<a href=javascript:x>",
        "<p style=x>",
        "<base href=/>",
    ):
        assert harm_in(text)
    assert len(PAYLOADS) >= 1000


@pytest.mark.parametrize("show", [hostile, plainly], ids=["words", "one line"])
def test_no_payload_becomes_markup(show: object) -> None:
    """Each text, as a template shows it, is text."""
    from markupsafe import escape

    assert [text for text in PAYLOADS if harm_in(f'<p title="{escape(plainly(text))}">{escape(show(text))}</p>')] == []  # type: ignore[operator]


def test_the_audit_shows_all_of_them_harmlessly(console: Served) -> None:
    """Stored as person, act, name and value of entries, they run nothing on any page of the audit."""
    with console.console.workspace.casebook._store.write() as connection:
        for text in PAYLOADS:
            clean = text.replace("\x00", "")
            write_entry(connection, datetime.now(UTC), f"x{clean}", "water", {f"k{clean}": clean, "list": [clean]})
    browser = console.as_(Role.AUDITOR)
    path, pages = "/audit?act=water", 0
    while path:
        page = browser.get(path).text
        assert harm_in(page) == []
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path, pages = (following[1].replace("&amp;", "&") if following else ""), pages + 1
    assert pages == -(-len(PAYLOADS) // 100)


def test_what_is_typed_comes_back_harmlessly(console: Served) -> None:
    """Whatever stands in an address or a field is shown again as text: filters, names, wrong input."""
    auditor, ada, stranger = console.as_(Role.AUDITOR), console.as_(Role.ADMINISTRATOR), console.anyone()
    for text in PAYLOADS[:: len(PAYLOADS) // 30]:
        answers = [
            auditor.get("/audit", params={"person": text, "act": text, "before": text}),
            auditor.post("/audit/verify", data={"csrf": auditor.csrf, "against": text}),
            ada.post("/reviewers", data={"csrf": ada.csrf, "name": text * 9, "role": text}),
            stranger.get("/sign-in", params={"next": text}),
        ]
        assert [harm_in(answer.text) for answer in answers] == [[], [], [], []]
