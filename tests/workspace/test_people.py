from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pyotp import TOTP

import seawall
from seawall.casebook import Act, Role, may
from seawall.errors import ConfigurationError, RuleError
from seawall.workspace import Workspace
from seawall.workspace.people import SIGN_IN_KEY


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    made = seawall.create(tmp_path / "club", reviewer="Ada")
    made.first_administrator("Ada")
    for role in Role:
        if role is not Role.ADMINISTRATOR:
            made.enrol(role.value, role)
    return made


def acting(club: Workspace, name: str) -> Workspace:
    return seawall.open(club.path, reviewer=name)


def test_somebody_signs_in_from_the_first_start_to_the_last(club: Workspace) -> None:
    """Link, password, authenticator, session, token, choices, and out: each step works with the one before."""
    rosa = acting(club, "Rosa")
    club.enrol("Rosa", "lead")
    found = rosa.by_link(club.sign_in_link("Rosa"))
    assert (found.name, found.role) == ("Rosa", Role.LEAD)
    rosa.set_password("Rosa", "quiet green tomatoes")
    secret, _ = rosa.begin_totp("Rosa")
    assert rosa.confirm_totp("Rosa", TOTP(secret).now())
    assert rosa.check_password("Rosa", "quiet green tomatoes") is not None
    token = rosa.open_session("Rosa", "password")
    session = rosa.session(token)
    assert session is not None
    assert session.role is Role.LEAD
    made = rosa.make_token(["read_cases"], 1)
    (kept,) = rosa.tokens()
    assert rosa.by_token(made) == kept
    rosa.revoke_token(kept.token_id)
    assert rosa.set_preferences("Rosa", {"language": "ar"}) == rosa.preferences("Rosa")
    assert {one.name for one in club.people() if one.can_sign_in} == {"Rosa"}
    rosa.close_session(token)
    assert rosa.session(token) is None
    assert rosa.close_sessions_of("Rosa") == 0


def test_the_key_of_authenticators_is_the_owners_alone(club: Workspace) -> None:
    """It is made when it is first needed, by one of several at the same moment, and nobody else can read it."""
    path = club.path / SIGN_IN_KEY
    assert not path.exists()
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(club._sign_in_key())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.glob("sign-in*")) == [path]
    assert club.check() == []
    path.write_text(path.read_text().replace("a", "b"))
    assert any("sign-in.key" in problem for problem in club.check())


READING = {
    "messages": Act.EXPLORE,
    "interactions": Act.EXPLORE,
    "alerts": Act.READ_CASES,
    "cases": Act.READ_CASES,
    "clusters": Act.EXPLORE,
    "people": Act.READ_PEOPLE,
    "audit_entries": Act.READ_AUDIT,
    "brief": Act.BRIEF,
}


@pytest.mark.parametrize("method", READING)
def test_what_a_role_may_not_read_it_does_not_read(club: Workspace, method: str) -> None:
    """Once people are enrolled each role reads what it may, and strangers read nothing."""
    refused = set()
    for name in [*(role.value for role in Role if role is not Role.ADMINISTRATOR), "Ada", "a stranger"]:
        try:
            getattr(acting(club, name), method)()
        except RuleError:
            refused.add(name)
    able = {"Ada" if role is Role.ADMINISTRATOR else role.value for role in Role if may(role, READING[method])}
    assert refused == {*(role.value for role in Role), "Ada", "a stranger"} - able - {"administrator"}


def test_without_people_the_workspace_is_whose_it_is(tmp_path: Path) -> None:
    """Nobody enrolled: whoever opens it reads and does everything, as ever."""
    with seawall.create(tmp_path / "club", reviewer="anybody") as club:
        for act in Act:
            club.permit(act)
        assert club.people() == []
        assert club.messages().num_rows == 0


def test_there_is_no_such_role(club: Workspace) -> None:
    """A role that there is not is a message that lists those that there are."""
    with pytest.raises(ConfigurationError, match="reviewer, lead, analyst, auditor, administrator, safeguarding"):
        club.enrol("Rosa", "king")


def test_identities_of_other_services_and_passkeys_are_ones_own(club: Workspace) -> None:
    """What a person adds to sign in with, they list and take back."""
    lead = acting(club, "lead")
    lead.link_identity("lead", "https://id.example", "4711")
    found = lead.identity("https://id.example", "4711")
    assert found is not None
    assert found.name == "lead"
    lead.unlink_identities()
    assert lead.identity("https://id.example", "4711") is None
    assert lead.passkeys() == []
    options, challenge = lead.begin_passkey("lead", "https://seawall.example")
    assert "seawall.example" in options
    with pytest.raises(RuleError, match="does not fit"):
        lead.finish_passkey("lead", challenge, "{}")
    with pytest.raises(RuleError, match="no such passkey"):
        lead.remove_passkey("none")
    _, challenge = club.begin_passkey_sign_in("https://seawall.example")
    assert club.finish_passkey_sign_in(challenge, "{}") is None


def test_roles_and_queues_are_the_administrators(club: Workspace) -> None:
    """An administrator gives another role, limits to queues and removes; the person themself does not."""
    club.set_queues("reviewer", ["surge"])
    assert club.set_role("analyst", "auditor").role is Role.AUDITOR
    club.remove_person("lead")
    told = {one.name: (one.role, one.queues) for one in club.people()}
    assert told["reviewer"] == (Role.REVIEWER, {"surge"})
    assert told["analyst"] == (Role.AUDITOR, frozenset())
    assert "lead" not in told
    with pytest.raises(RuleError, match="may not"):
        acting(club, "reviewer").set_queues("reviewer", [])
