"""What programs read."""

from __future__ import annotations

import pytest

from seawall.casebook import Role
from tests.web.api.conftest import Program

READ = {
    Role.LEAD: "token cases alerts campaigns appeals requests indicators indicators/lists sources coverage overview "
    "timeline people quality health",
    Role.AUDITOR: "audit",
}


@pytest.mark.parametrize("path", [f"{role.value}:{path}" for role, paths in READ.items() for path in paths.split()])
def test_lists_are_read(program: Program, path: str) -> None:
    """Each list answers whoever may read it with JSON."""
    role, _, path = path.partition(":")
    answer = program(Role(role)).get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
