"""Cases, alerts and decisions by programs."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from seawall.casebook import Role
from seawall.casebook.rules import Act
from seawall.model import Severity
from tests.web.api.conftest import Program
from tests.web.conftest import Served
from tests.web.pages.cases import alerts, decide, propose

REFER = {"outcome": "refer", "reason": "It is part of a push by several accounts."}


def all_rows(client: TestClient, path: str, limit: int) -> list[dict[str, Any]]:
    """Every row of a list, page after page."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        page = client.get(path, params={"limit": limit} | ({"after": after} if after else {})).json()
        assert 1 <= len(page["rows"]) <= limit
        rows += page["rows"]
        after = page["next"]
        if after is None:
            return rows


def test_pages_of_cases_are_the_queue(program: Program, console: Served) -> None:
    """Page after page each waiting case comes once, in the order of the queue."""
    propose(console, *alerts(5, Severity.HIGH))
    rows = all_rows(program(), "cases", 2)
    assert [row["case_id"] for row in rows] == [row.case_id for row in console.workspace().queue(limit=200).rows]


def test_filters_narrow_the_cases(program: Program, console: Served) -> None:
    """By severity, by who holds them, by time and by text."""
    client = program()
    first = propose(console, *alerts(3, Severity.URGENT))[0]
    client.post(f"cases/{first}/take")
    assert client.get("cases?severity=urgent").json()["total"] == 3
    assert [row["case_id"] for row in client.get("cases?held=me").json()["rows"]] == [first]
    assert first not in {row["case_id"] for row in client.get("cases?held=nobody").json()["rows"]}
    assert client.get("cases?start=2190-01-01T00:00:00Z").json()["total"] == 0
    assert client.get(f"cases?text={first}").json()["total"] == 1


def test_a_case_with_its_alerts(program: Program, console: Served) -> None:
    """The case says what was decided, its alerts what is claimed; the read is audited."""
    client = program()
    case_id = client.get("cases").json()["rows"][0]["case_id"]
    decide(console, case_id)
    told = client.get(f"cases/{case_id}").json()
    assert [one["outcome"] for one in told["decisions"]] == ["watch"]
    rows = all_rows(client, f"cases/{case_id}/alerts", 1)
    assert [row["alert_id"] for row in rows] == told["alert_ids"]
    reads = [entry for entry in console.workspace().casebook.audit.entries() if entry.detail == {"case": case_id}]
    assert [entry.actor for entry in reads if entry.act == "read"][-1] == console.names[Role.LEAD]


def test_all_alerts_page_after_page(program: Program, console: Served) -> None:
    """Each alert comes once, the latest first."""
    propose(console, *alerts(4))
    rows = all_rows(program(), "alerts", 3)
    assert len({row["alert_id"] for row in rows}) == len(rows) == console.workspace().alerts().num_rows
    assert [row["start"] for row in rows] == sorted((row["start"] for row in rows), reverse=True)


def test_no_message_is_told_in_words(program: Program, console: Served) -> None:
    """Alerts name the messages that they rest on by id; what stands in these is not there."""
    answer = program().get("alerts?limit=200")
    named = {one for row in answer.json()["rows"] for one in row["evidence"]}
    texts = console.workspace().messages_by_id(sorted(named), ["text"])["text"].to_pylist()
    assert texts
    assert not any(text in answer.text for text in texts)


def test_alerts_of_other_queues_are_not_there(program: Program, console: Served) -> None:
    """A person who is limited to one detector meets no alert and no case of another, by any call."""
    client, case_id = program(Role.REVIEWER), propose(console, *alerts(1))[0]
    console.workspace(Role.ADMINISTRATOR).set_queues(console.names[Role.REVIEWER], ["surge"])
    assert {row["detector"] for row in client.get("alerts?limit=200").json()["rows"]} <= {"surge"}
    for path in (f"cases/{case_id}", f"cases/{case_id}/alerts", f"cases/{case_id}/alike"):
        assert client.get(path).status_code == 404
    watch = {"outcome": "watch", "reason": "It is too early to tell."}
    for there in (case_id, "C-0000"):
        answers = [
            client.post(f"cases/{there}/decide", json=watch),
            client.post("cases/decide", json=watch | {"cases": [there]}),
            client.post("cases/next", json={"after": there}),
            client.post("campaigns", json={"name": "Bed number 7", "cases": [there], "reason": "The same texts."}),
        ]
        assert [one.status_code for one in answers] == [404] * 4


def test_a_decision_is_recorded_and_taken_back(program: Program, console: Served) -> None:
    """It stands in the person's name; undone within ten seconds, the case waits again."""
    client = program()
    case_id = client.post("cases/next", json={}).json()["case_id"]
    watch = {"outcome": "watch", "reason": "It is too early to tell.", "note": "Ask the allotment club."}
    made = client.post(f"cases/{case_id}/decide", json=watch)
    assert (made.status_code, made.json()["reviewer"]) == (200, console.names[Role.LEAD])
    assert client.post(f"cases/{case_id}/undo").json()["outcome"] == "watch"
    assert client.get(f"cases/{case_id}").json()["status"] == "open"


def test_a_program_proposes_and_confirms_nothing(program: Program, console: Served) -> None:
    """Two people's tokens together refer nothing: the second person confirms in the console. No reason is told."""
    (case_id,) = propose(console, *alerts(1))
    first = program(Role.LEAD).post(f"cases/{case_id}/decide", json=REFER)
    assert first.json()["stage"] == "proposed"
    rosa = program(Role.REVIEWER)
    told = rosa.get(f"cases/{case_id}")
    assert told.json()["decisions"][0]["hidden"]
    assert REFER["reason"] not in told.text
    refused = rosa.post(f"cases/{case_id}/decide", json=REFER)
    assert (refused.status_code, "No program" in refused.json()["detail"]) == (409, True)
    many = rosa.post("cases/decide", json=REFER | {"cases": [case_id]})
    assert [one["done"] for one in many.json()["rows"]] == [False]
    assert console.workspace(Role.REVIEWER).decide(case_id, "refer", "I agree.").stage == "confirmed"


def test_many_are_decided_but_some(program: Program, console: Served) -> None:
    """Each by itself, and those that are taken out stay as they are."""
    one, other, out = propose(console, *alerts(3))
    body = {"cases": [one, other, out], "but": [out], "outcome": "no_action", "reason": "A seed swap."}
    done = program().post("cases/decide", json=body).json()["rows"]
    assert {row["case_id"]: row["done"] for row in done} == {one: True, other: True}
    assert console.workspace().case(out).case.status == "open"


def test_a_decided_case_is_opened_again(program: Program, console: Served) -> None:
    """By who may, with a reason."""
    (case_id,) = propose(console, *alerts(1))
    decide(console, case_id)
    assert program(Role.REVIEWER).post(f"cases/{case_id}/reopen", json={"reason": "New."}).status_code == 404
    moved = program(Role.LEAD).post(f"cases/{case_id}/reopen", json={"reason": "The channel came back."})
    assert moved.json() == {"case_id": case_id, "status": "reopened"}


def test_a_held_case_is_given_back(program: Program, console: Served) -> None:
    """Nobody else decides it meanwhile; after that they can."""
    (case_id,) = propose(console, *alerts(1))
    lea, rosa = program(Role.LEAD), program(Role.REVIEWER, {Act.DECIDE})
    assert lea.post(f"cases/{case_id}/take").json()["held_until"] is not None
    watch = {"outcome": "watch", "reason": "It is too early to tell."}
    assert rosa.post(f"cases/{case_id}/decide", json=watch).status_code == 409
    assert lea.post(f"cases/{case_id}/give-back").json()["held_until"] is None
    assert rosa.post(f"cases/{case_id}/decide", json=watch).status_code == 200
