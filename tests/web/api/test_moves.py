"""Places, lives, before and after, and successors by programs."""

from __future__ import annotations

import pytest

from seawall.casebook import Role
from seawall.casebook.rules import Act
from tests.web.api.conftest import Program
from tests.web.conftest import Served
from tests.web.pages.seen import PATIENCE_SECONDS, some_place
from tests.web.pages.test_places_after import write_ends


def test_pages_of_places(program: Program, console: Served) -> None:
    """Each place comes once over the pages, those of most channels first; a filter leaves what fits."""
    some_place(console)
    client = program(Role.ANALYST)
    first = client.get("places?limit=2").json()
    rest = client.get("places", params={"limit": 2, "after": first["next"]}).json()
    names = [row["place"] for row in (*first["rows"], *rest["rows"])]
    assert sorted(names) == [f"seeds{number}.example" for number in range(3)]
    assert (first["state"], first["total"], rest["next"]) == ("ready", 3, None)
    assert client.get("places?kind=onion").json()["total"] == 0
    assert client.get("places/emerging").json()["rows"] == []


def test_lives_by_programs(program: Program, console: Served) -> None:
    """Curves have two hundred points at most, with the groups' medians."""
    write_ends(console, 8)
    assert console.workspace().survival_seen(by=None, patience=PATIENCE_SECONDS).state == "ready"
    told = program(Role.ANALYST).get("survival?by=all").json()
    assert told["state"] == "ready"
    assert len(told["groups"]) == 1
    assert 0 < len(told["curve"]) <= 200


def test_successors_by_programs(program: Program, console: Served) -> None:
    """Each end has its candidates with reasons; null stands for no successor."""
    write_ends(console, 6)
    assert console.workspace().successors_seen(patience=PATIENCE_SECONDS).state == "ready"
    told = program(Role.ANALYST).get("successors").json()
    assert told["total"] == 6
    assert {"ended", "at", "successor", "none", "candidates"} == set(told["rows"][0])


def test_effects_need_cases_too(program: Program, console: Served) -> None:
    """Before and after of decisions is told only to a token that may read cases; why it is not there is told."""
    assert console.workspace().effect_seen(patience=PATIENCE_SECONDS).state == "failed"
    told = program(Role.ANALYST).get("effects").json()
    assert (told["state"], told["rows"]) == ("failed", [])
    assert "No case was referred" in told["problem"]
    assert program(Role.ANALYST, [Act.EXPLORE]).get("effects").status_code == 404


def test_no_list_of_actions(program: Program) -> None:
    """Where the workspace keeps no list of actions, it is refused with what to do."""
    answer = program().get("effects?of=list")
    assert answer.status_code == 422
    assert "actions.csv" in answer.text


@pytest.mark.parametrize("path", ["places", "places/emerging", "effects", "successors"])
def test_a_strange_mark(program: Program, path: str) -> None:
    """A mark that no page has given is refused."""
    answer = program().get(path, params={"after": "tulips"})
    assert answer.status_code == 422
