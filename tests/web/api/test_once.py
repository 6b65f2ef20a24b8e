"""An act that is sent twice with one key is done once."""

from __future__ import annotations

from tests.web.api.conftest import Program
from tests.web.conftest import Served

NAMING = {"name": "The vote on bed number 7", "reason": "The same texts."}


def naming(console: Served) -> dict[str, object]:
    """A campaign of the first case that waits."""
    return NAMING | {"cases": [console.workspace().queue(limit=1).rows[0].case_id]}


def test_the_same_key_and_body_are_answered_alike(program: Program, console: Served) -> None:
    """The second answer is the first one again, and says so; without a key the act would be refused."""
    client, body = program(), naming(console)
    first, second = (client.post("campaigns", json=body, headers={"idempotency-key": "k1"}) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 201
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert len(console.workspace().campaigns()) == 1
    assert client.post("campaigns", json=body).status_code == 409


def test_the_same_key_for_another_body_is_refused(program: Program, console: Served) -> None:
    """With 422, and nothing is done."""
    client, body = program(), naming(console)
    client.post("campaigns", json=body, headers={"idempotency-key": "k1"})
    other = client.post("campaigns", json=body | {"name": "Another"}, headers={"idempotency-key": "k1"})
    assert (other.status_code, other.json()["errors"][0]["parameter"]) == (422, "idempotency-key")
    assert len(console.workspace().campaigns()) == 1


def test_a_refusal_is_not_kept(program: Program, console: Served) -> None:
    """Once what stood in the way is gone, the same key does the act."""
    client, body = program(), naming(console)
    key = {"idempotency-key": "k1"}
    case_id = console.workspace().queue(limit=1).rows[0].case_id
    taken = console.workspace().name_campaign("Another", [case_id], "The same texts.")
    assert client.post("campaigns", json=body, headers=key).status_code == 409
    console.workspace().split_campaign(taken.campaign_id, [case_id], "It was a mistake.")
    assert client.post("campaigns", json=body, headers=key).status_code == 201


def test_another_token_has_keys_of_its_own(program: Program, console: Served) -> None:
    """A key that somebody else has used answers nothing of theirs."""
    body, key = naming(console), {"idempotency-key": "k1"}
    assert program().post("campaigns", json=body, headers=key).status_code == 201
    assert program().post("campaigns", json=body, headers=key).status_code == 409
