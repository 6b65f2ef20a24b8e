"""Who may call: a token that is in force, within its scopes, not too often; cookies open nothing."""

from __future__ import annotations

from seawall.casebook import Role
from seawall.casebook.rules import Act
from seawall.web.api import PREFIX
from seawall.web.limits import Limiter
from tests.web.api.conftest import Program, calling, token_of
from tests.web.conftest import ORIGIN, Served


def test_a_session_opens_no_call(console: Served) -> None:
    """The cookie of somebody who is signed in is no token."""
    browser = console.as_(Role.LEAD)
    answer = browser.get(f"{PREFIX}/cases")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_token_opens_no_page(console: Served) -> None:
    """What programs hold signs nobody in."""
    client = calling(console, token_of(console, Role.LEAD))
    assert client.get(f"{ORIGIN}/queue", follow_redirects=False).status_code == 303


def test_without_a_token_nothing_is_told(console: Served) -> None:
    """A call, an unknown path, another method and a broken body are answered alike: 401."""
    client = calling(console, None)
    answers = [
        client.get("cases"),
        client.get("nothing"),
        client.delete("cases"),
        client.post("campaigns", content=b"{"),
        calling(console, "seawall_made-up").get("cases"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


def test_a_token_that_was_taken_back_opens_nothing(console: Served) -> None:
    """From then on it is as if there were none."""
    lea = console.workspace(Role.LEAD)
    client = calling(console, token_of(console, Role.LEAD))
    assert client.get("cases").status_code == 200
    lea.revoke_token(lea.tokens()[0].token_id)
    assert client.get("cases").status_code == 401


def test_what_one_may_not_see_is_not_there(program: Program, console: Served) -> None:
    """An unknown path, an unknown case and a call outside the scopes are answered alike."""
    client = program(Role.LEAD, {Act.READ_CASES})
    answers = [client.get("nothing"), client.get("cases/C-0000"), client.get("people")]
    told = [answer.json() | {"request_id": ""} for answer in answers]
    assert told[0] == told[1] == told[2]
    assert told[0]["status"] == 404


def test_a_token_is_told_what_it_is(program: Program) -> None:
    """Its person, role and scopes; not its text."""
    told = program(Role.LEAD, {Act.READ_CASES, Act.DECIDE}).get("token").json()
    assert (told["name"], told["role"], told["scopes"]) == ("Lea Larkspur", "lead", ["decide", "read_cases"])
    assert "seawall_" not in str(told)


def test_a_program_that_asks_too_often_waits(console: Served) -> None:
    """It is told how long; another token of the same person is not held up."""
    one, other = (calling(console, token_of(console, Role.LEAD)) for _ in range(2))
    console.console.limiter = Limiter(lambda: 0.0)
    statuses = [one.get("token").status_code for _ in range(301)]
    assert statuses == [200] * 300 + [429]
    assert int(one.get("token").headers["retry-after"]) >= 1
    assert other.get("token").status_code == 200


def test_asking_needs_the_scope_of_what_is_asked(program: Program, console: Served) -> None:
    """A token that reads requests asks for a sanction only where it also has that scope."""
    account = console.workspace().messages(["account_id"])["account_id"][0].as_py()
    asking = {"kind": "sanction", "subjects": [account], "reason": "Asked by the club."}
    reading = program(Role.LEAD, {Act.READ_REQUESTS})
    assert reading.post("requests", json=asking).status_code == 404
    both = program(Role.LEAD, {Act.READ_REQUESTS, Act.ASK_SANCTION})
    made = both.post("requests", json=asking)
    assert (made.status_code, made.json()["state"]) == (201, "waiting")
    assert reading.get(f"requests/{made.json()['request_id']}").json()["subjects"] == [account]
