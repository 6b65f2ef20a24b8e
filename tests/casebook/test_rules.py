from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.casebook import Act, Role, may
from seawall.casebook.rules import PERMITTED, person_key

APART = {Act.READ_SAFEGUARDING, Act.SAFEGUARD, Act.KEEP_SAFEGUARDING}
TOGETHER = {Act.ASK_UNMASK, Act.SECOND, Act.UNMASK, Act.READ_REQUESTS}


def test_every_act_is_somebodys() -> None:
    """No act is stated that no role may do, and each role may do something."""
    assert frozenset[Act]().union(*PERMITTED.values()) == frozenset(Act)
    assert set(PERMITTED) == set(Role)
    assert all(PERMITTED.values())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SAFEGUARDING])
def test_safeguarding_is_apart(role: Role) -> None:
    """No other role reads or does what safeguarding does, the administrator and the lead included."""
    assert APART.isdisjoint(PERMITTED[role])
    assert PERMITTED[Role.SAFEGUARDING] - TOGETHER == APART


@pytest.mark.parametrize("act", [Act.DECIDE, Act.READ_CASES, Act.EXPLORE, Act.ASK_UNMASK, Act.SECOND, Act.UNMASK])
def test_who_keeps_people_judges_nobody(act: Act) -> None:
    """An administrator neither reads cases nor decides, asks for unmasking or agrees to it."""
    assert not may(Role.ADMINISTRATOR, act)


def test_only_an_administrator_keeps_people() -> None:
    """Enrolling and roles are the administrator's alone; the audit is read by auditor and administrator."""
    assert [role for role in Role if may(role, Act.KEEP_PEOPLE)] == [Role.ADMINISTRATOR]
    assert [role for role in Role if may(role, Act.READ_AUDIT)] == [Role.AUDITOR, Role.ADMINISTRATOR]


@given(st.text())
def test_a_name_is_compared_in_one_form(name: str) -> None:
    """Case, width and invisible characters do not make another person: comparing what is compared changes nothing."""
    key = person_key(name)
    assert person_key(key) == key
    assert person_key(f" {name.upper()}\u200b ") == person_key(name.upper())
