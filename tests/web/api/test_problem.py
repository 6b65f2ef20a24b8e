"""Refusals are problem details that say which field, and quote nothing of what was sent."""

from __future__ import annotations

import pytest

from seawall.casebook import Role
from tests.web.api.conftest import Program
from tests.web.conftest import Served


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"outcome": "watch"}, "#/reason"),
        ({"outcome": "secret tulips", "reason": "It is too early to tell."}, "#/outcome"),
        ({"outcome": "watch", "reason": " \u0000 "}, "#/reason"),
        ({"outcome": "watch", "reason": "secret tulips", "a/b~c": "secret tulips"}, "#/a~1b~0c"),
        ({"outcome": ["secret tulips"], "reason": "Seen."}, "#/outcome"),
    ],
    ids=["missing", "no-outcome", "empty", "unknown-field", "list"],
)
def test_the_field_is_named(program: Program, console: Served, body: dict[str, object], pointer: str) -> None:
    """A JSON pointer leads to what is wrong; the request's number is that of the header; no value comes back."""
    (case_id,) = (row.case_id for row in console.workspace().queue(limit=1).rows)
    answer = program().post(f"cases/{case_id}/decide", json=body)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [one["pointer"] for one in told["errors"]] == [pointer]
    assert told["request_id"] == answer.headers["x-request-id"]
    assert "secret tulips" not in answer.text
    assert console.workspace().case(case_id).case.status == "open"


@pytest.mark.parametrize("body", [b"{", b"\xff\x05"], ids=["broken", "no-text"])
def test_a_body_that_is_no_json(program: Program, body: bytes) -> None:
    """It is refused as a whole."""
    answer = program().post("campaigns", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("cases?limit=201", "limit"),
        ("cases?limit=0", "limit"),
        ("cases?severity=grim", "severity"),
        ("cases?severty=high", "severty"),
        ("cases?after=made-up", "after"),
        ("timeline?start=2026-05-01", "start"),
        ("timeline?start=0001-01-01T00:00:00%2B14:00", "start"),
        ("timeline?text=tulips", "text"),
        ("audit?after=WyJhdWRpdCIsIDFlOTld", "after"),
    ],
)
def test_the_parameter_is_named(program: Program, query: str, parameter: str) -> None:
    """A filter that is mistyped or out of bounds is refused, never left out in silence."""
    answer = program(Role.AUDITOR if query.startswith("audit") else Role.LEAD).get(query)
    assert answer.status_code == 422, answer.text
    assert [one["parameter"] for one in answer.json()["errors"]] == [parameter]


def test_a_rule_that_forbids_is_told(program: Program, console: Served) -> None:
    """A second decision is refused with 409, and says what to do."""
    (case_id,) = (row.case_id for row in console.workspace().queue(limit=1).rows)
    client, decision = program(), {"outcome": "watch", "reason": "It is too early to tell."}
    assert client.post(f"cases/{case_id}/decide", json=decision).status_code == 200
    refused = client.post(f"cases/{case_id}/decide", json=decision)
    assert refused.status_code == 409
    assert "decided already" in refused.json()["detail"]


def test_another_method_is_told(program: Program) -> None:
    """Whoever holds a token learns which methods a path has."""
    answer = program().delete("cases")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_too_much_at_once(program: Program) -> None:
    """A body above the bound is refused before it is read."""
    answer = program().post("campaigns", content=b" " * (1 << 20) + b" ")
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
