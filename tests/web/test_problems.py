"""What a refused request is told, and what it is not; and that nothing written is lost with a session."""

from __future__ import annotations

import re

import pytest

from seawall.casebook import Role
from seawall.web.problems import own_path
from tests.web.conftest import Served


def without_number(text: str) -> str:
    return re.sub(r"[0-9a-f]{16}", "", text)


def test_forbidden_and_missing_look_alike(console: Served) -> None:
    """A page that one may not see and one that is not there are answered with the same bytes, but for the number."""
    browser = console.as_(Role.ANALYST)
    answers = [browser.get("/audit"), browser.get("/no-such-page"), browser.put("/you"), browser.get("/sign-out")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_number(answer.text) for answer in answers}) == 1


def test_strangers_are_led_to_the_sign_in_page_from_anywhere(console: Served) -> None:
    """Whether an address exists is not told to those who are not signed in."""
    for path in ("/audit", "/no-such-page?severity=high", "/you"):
        answer = console.anyone().get(path, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")


def test_programs_get_json(console: Served) -> None:
    """Who asks for JSON gets a problem of RFC 9457 with the number of the request."""
    answer = console.as_(Role.LEAD).get("/no-such-page", headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["request_id"]) == (404, answer.headers["x-request-id"])


def test_htmx_gets_a_part_of_a_page(console: Served) -> None:
    """A problem inside a page is a part of one; a session that ended leads the whole page to sign in."""
    headers = {"hx-request": "true"}
    part = console.as_(Role.LEAD).get("/no-such-page", headers=headers)
    assert "<html" not in part.text
    assert 'role="alert"' in part.text
    ended = console.anyone().get("/you", headers=headers, follow_redirects=False)
    assert (ended.status_code, ended.headers["hx-redirect"]) == (401, "/sign-in?next=/you")


def test_a_link_from_another_site_is_followed_once_more(console: Served) -> None:
    """Strict cookies are not sent along a link from another site: the page asks once more by itself."""
    answer = console.anyone().get("/you", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text


@pytest.mark.parametrize(
    "told", ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)", "", "/a\r\nb", "queue"]
)
def test_nobody_is_led_elsewhere(console: Served, told: str) -> None:
    """After sign-in only a path of the console is gone to."""
    assert own_path(told) == "/"
    page = console.anyone().get("/sign-in", params={"next": told})
    assert 'name="next" value="/"' in page.text


class TestKeptForms:
    """A half-written note survives the end of its session."""

    def ended(self, console: Served) -> tuple[object, object]:
        """A browser whose form was sent after its session had ended, and the answer to it."""
        browser = console.as_(Role.LEAD)
        console.workspace(Role.ADMINISTRATOR).close_sessions_of(console.names[Role.LEAD])
        answer = browser.post(
            "/you",
            data={"csrf": browser.csrf, "note": "Six accounts share\none text.", "password": "zq2x"},
            headers={"referer": "http://127.0.0.1:8767/you?part=2"},
            follow_redirects=False,
        )
        return browser, answer

    def sign_in_again(self, console: Served, browser: object, role: Role = Role.LEAD) -> object:
        keeper = console.workspace(Role.SAFEGUARDING if role is Role.SAFEGUARDING else Role.ADMINISTRATOR)
        token = keeper.sign_in_link(console.names[role])
        return browser.post("/sign-in/link", data={"token": token}, follow_redirects=False)  # type: ignore[attr-defined]

    def test_it_is_there_after_the_next_sign_in(self, console: Served) -> None:
        """The note is shown again to be sent, with the page it stood on; passwords are not kept."""
        browser, answer = self.ended(console)
        assert answer.headers["location"] == "/sign-in?next=/you%3Fpart%3D2"  # type: ignore[attr-defined]
        assert self.sign_in_again(console, browser).headers["location"] == "/kept"  # type: ignore[attr-defined]
        page = browser.get("/kept").text  # type: ignore[attr-defined]
        assert "Six accounts share\none text." in page
        assert 'action="/you"' in page
        assert 'href="/you?part=2"' in page
        assert "zq2x" not in page

    def test_nobody_else_gets_it(self, console: Served) -> None:
        """Another person who signs in with the same browser does not see it."""
        browser, _ = self.ended(console)
        assert self.sign_in_again(console, browser, Role.REVIEWER).headers["location"] != "/kept"  # type: ignore[attr-defined]
        answer = browser.get("/kept")  # type: ignore[attr-defined]
        assert answer.status_code == 404
        assert "Six accounts" not in answer.text

    def test_it_can_be_thrown_away(self, console: Served) -> None:
        """Thrown away, it is gone."""
        browser, _ = self.ended(console)
        self.sign_in_again(console, browser)
        csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/kept").text)[1]  # type: ignore[index, attr-defined]
        browser.post("/kept/forget", data={"csrf": csrf})  # type: ignore[attr-defined]
        assert browser.get("/kept").status_code == 404  # type: ignore[attr-defined]

    def test_a_strangers_form_is_not_kept(self, console: Served) -> None:
        """A form with a token that no session had is forgotten: it fills no memory."""
        answer = console.anyone().post("/you", data={"csrf": "made up", "note": "x"}, follow_redirects=False)
        assert "seawall_kept" not in answer.headers.get("set-cookie", "")
