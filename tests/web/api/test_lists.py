"""Indicators, networks, places, the audit and people by programs."""

from __future__ import annotations

import time

import pytest

from seawall.casebook import RequestKind, Role
from seawall.casebook.rules import Act
from seawall.web.api.paging import mark, place
from seawall.web.api.problem import Unfit
from tests.web.api.conftest import Program
from tests.web.conftest import Served

SEEDS = {"kind": "domain", "value": "seeds.example", "bank": "seeds", "reason": "A contest of two clubs."}


def test_an_entry_is_listed_and_taken_back(program: Program) -> None:
    """Listed by a program it is counted; taken back it stays as retracted."""
    client = program()
    made = client.post("indicators", json=SEEDS)
    assert (made.status_code, made.json()["status"]) == (201, "shadow")
    path = f"indicators/{made.json()['id']}"
    assert client.get(path).json()["reason"] == SEEDS["reason"]
    assert client.post(f"{path}/promote", json={"reason": "It is the one."}).json()["status"] == "live"
    assert client.post("indicators/lists/disable", json={"bank": "seeds", "reason": "A test."}).json()["entries"] == 1
    assert client.post(f"{path}/retract", json={"reason": "A mistake."}).json()["status"] == "retracted"


def test_a_phrase_waits_for_a_person(program: Program) -> None:
    """It matches nothing until a second person agrees, who sees no reason before; no call agrees."""
    phrase = SEEDS | {"kind": "phrase", "value": "vote for bed number 7"}
    made = program(Role.LEAD).post("indicators", json=phrase).json()
    assert made["status"] == "proposed"
    rosa = program(Role.REVIEWER)
    assert rosa.get(f"indicators/{made['id']}").json()["reason"] is None
    assert rosa.post(f"indicators/{made['id']}/second", json={}).status_code == 404


def test_what_cannot_be_listed_is_told(program: Program) -> None:
    """The field is named, the value is not."""
    answer = program().post("indicators", json=SEEDS | {"value": "no domain at all"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/value")
    assert "no domain at all" not in answer.text


def test_pages_of_indicators(program: Program) -> None:
    """Each entry comes once, also where a page ends within the list."""
    client = program()
    for number in range(5):
        client.post("indicators", json=SEEDS | {"value": f"seeds{number}.example"})
    first = client.get("indicators?limit=3").json()
    rest = client.get("indicators", params={"limit": 3, "after": first["next"]}).json()
    ids = [row["id"] for row in (*first["rows"], *rest["rows"])]
    assert (len(ids), len(set(ids)), rest["next"], first["total"]) == (5, 5, None, 5)


def test_a_network_is_computed_and_told(program: Program) -> None:
    """202 while it is computed, then the pairs that chance does not explain."""
    client = program(Role.ANALYST)
    statuses = set()
    for _ in range(200):
        answer = client.get("network?platform=forum&start=2026-05-01T00:00:00Z&least=3")
        statuses.add(answer.status_code)
        if answer.status_code == 200:
            break
        time.sleep(0.1)
    told = answer.json()
    assert statuses <= {200, 202}
    assert (told["state"], told["accounts"]) == ("ready", 6)


def test_an_account_is_told_in_counts_and_audited(program: Program, console: Served) -> None:
    """Alerts that name it are for tokens that read cases; the look is in the audit, without the pseudonym."""
    account = console.workspace().messages(["account_id"])["account_id"][0].as_py()
    told = program(Role.LEAD, {Act.READ_ACCOUNT}).get(f"accounts/{account}").json()
    assert sum(told["hours"]) == told["messages"] > 0
    assert told["alerts"] == []
    entry = console.workspace().casebook.audit.entries()[-1]
    assert (entry.act, account in str(entry.detail)) == ("read account", False)


def test_a_channel_is_told_in_counts(program: Program, console: Served) -> None:
    """Its messages by account."""
    channel = console.workspace().messages(["channel_id"])["channel_id"][0].as_py()
    told = program(Role.LEAD).get(f"channels/{channel}").json()
    assert told["messages"] >= sum(one["count"] for one in told["accounts"]) > 0


def test_a_surge_is_told_with_its_case_to_who_reads_cases(program: Program) -> None:
    """Others see the surge alone."""
    for scopes, named in (({Act.READ_OVERVIEW, Act.READ_CASES}, True), ({Act.READ_OVERVIEW}, False)):
        surges = program(Role.LEAD, scopes).get("overview").json()["timeline"]["surges"]
        assert surges
        assert all((one["case_id"] is not None) is named for one in surges)


def test_the_audit_is_read_and_verified(program: Program) -> None:
    """The newest first, page after page; a changed head is found; no file's name is taken."""
    client = program(Role.AUDITOR)
    first = client.get("audit?limit=2").json()
    second = client.get("audit", params={"limit": 2, "after": first["next"]}).json()
    numbers = [row["sequence"] for row in (*first["rows"], *second["rows"])]
    assert numbers == list(range(numbers[0], numbers[0] - 4, -1))
    whole = client.post("audit/verify", json={}).json()
    assert (whole["whole"], whole["problems"]) == (True, [])
    assert client.post("audit/verify", json={"against": whole["head"]}).json()["whole"]
    count, _, digest = whole["head"].partition(":")
    changed = f"{count}:{'0' * len(digest)}"
    assert not client.post("audit/verify", json={"against": changed}).json()["whole"]
    assert client.post("audit/verify", json={"against": "/etc/passwd"}).status_code == 422


def test_people_of_safeguarding_are_asked_about_in_the_console_alone(program: Program, console: Served) -> None:
    """A request about them, which names them, is not there for programs."""
    ada = console.workspace(Role.ADMINISTRATOR)
    asked = ada.casebook.requests.ask(RequestKind.PEOPLE, ["Basil Fern"], "New here.", reviewer=ada.reviewer)
    client = program(Role.AUDITOR)
    assert console.workspace(Role.AUDITOR).request(asked.request_id).subjects
    assert client.get(f"requests/{asked.request_id}").status_code == 404
    assert "basil" not in client.get("requests").text.lower()


@pytest.mark.parametrize("told", ["", "x", "é", "WzFd", mark("audit", 1), mark("cases", "C-1"), mark("cases", 1 << 60)])
def test_a_mark_of_another_list_is_refused(told: str) -> None:
    """A mark leads on in its own list only."""
    with pytest.raises(Unfit):
        place(told, "cases", int)
