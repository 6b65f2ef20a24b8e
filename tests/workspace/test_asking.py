"""Two people unmask an account in two visits, and nobody does it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import seawall
from seawall.errors import ConfigurationError, RuleError
from seawall.workspace import Workspace, make_reviewer_key

WORDS = "four quiet green tomatoes"
NAMES = ("Rosa", "Ben", "Fern")
ROWS = "id,author,time,text\n1,rosa_of_bed_nine,2026-05-03T14:05:00Z,Ride\n2,ben,2026-05-03T14:06:00Z,Ride\n"


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a vault that is sealed to three keys, two reviewers, a lead and an administrator."""
    folder = tmp_path_factory.mktemp("asking")
    publics = [make_reviewer_key(folder / name, WORDS)[0].read_text() for name in NAMES]
    (folder / "rides.csv").write_text(ROWS, encoding="utf-8")
    with seawall.create(folder / "club", identities="vault", reviewer_keys=publics, reviewer="Ada") as made:
        made.add(folder / "rides.csv", options=seawall.ReadOptions(visibility="public", platform="forum"))
        made.first_administrator("Ada")
        for name, role in (("Rosa", "reviewer"), ("Ben", "lead"), ("Fern", "reviewer"), ("Sol", "safeguarding")):
            made.enrol(name, role)
    return folder / "club"


def acting(club: Path, name: str) -> Workspace:
    return seawall.open(club, reviewer=name)


def key(club: Path, name: str) -> bytes:
    return (club.parent / f"{name}.key").read_bytes()


@pytest.fixture
def account(club: Path) -> str:
    (rosa,) = acting(club, "Ada").pseudonyms_of(platform="forum", handle="rosa_of_bed_nine")
    return rosa


@pytest.fixture
def agreed(club: Path, account: str) -> str:
    """A request of Rosa's to which Ben has agreed."""
    request = acting(club, "Rosa").ask("unmask", [account], "Danger to life.")
    acting(club, "Ben").answer(request.request_id, True, "I was told the same.")
    return request.request_id


def test_two_people_unmask_in_two_visits(club: Path, agreed: str, account: str) -> None:
    """Each hands in their own key; then each may look; the audit has every step before it happens."""
    first = acting(club, "Rosa").hand_in_key(agreed, key(club, "Rosa"), WORDS)
    assert (first.people, first.complete) == (1, False)
    with pytest.raises(RuleError, match="Two people"):
        acting(club, "Rosa").unmasked(agreed)
    assert acting(club, "Ben").hand_in_key(agreed.lower(), key(club, "Ben"), WORDS).complete
    for name in ("Ben", "Rosa"):
        (row,) = acting(club, name).unmasked(agreed).to_pylist()
        assert (row["pseudonym"], row["handle"]) == (account, "rosa_of_bed_nine")
    entries = acting(club, "Ada").audit_entries()
    told = [(one["actor"], one["act"]) for one in entries if one["act"] in ("hand in key", "unmask")]
    assert told == [("Rosa", "hand in key"), ("Ben", "hand in key"), ("Ben", "unmask"), ("Rosa", "unmask")]
    assert account not in str(entries)
    assert "rosa_of_bed_nine" not in str(entries)


def test_nobody_else_looks(club: Path, agreed: str) -> None:
    """A third reviewer neither hands in a key nor looks, though their key would open the vault too."""
    acting(club, "Rosa").hand_in_key(agreed, key(club, "Rosa"), WORDS)
    acting(club, "Ben").hand_in_key(agreed, key(club, "Ben"), WORDS)
    for name in ("Fern", "Ada", "Sol"):
        with pytest.raises(RuleError):
            acting(club, name).unmasked(agreed)
        with pytest.raises(RuleError):
            acting(club, name).hand_in_key(agreed, key(club, "Fern"), WORDS)
    acting(club, "Ben").forget_keys(agreed)
    with pytest.raises(RuleError, match="Two people"):
        acting(club, "Rosa").unmasked(agreed)


def test_one_person_with_two_keys_is_one_person(club: Path, agreed: str) -> None:
    """Rosa, who holds Fern's key as well, is still alone, and Ben cannot use hers."""
    rosa, ben = acting(club, "Rosa"), acting(club, "Ben")
    rosa.hand_in_key(agreed, key(club, "Fern"), WORDS)
    assert not rosa.hand_in_key(agreed, key(club, "Rosa"), WORDS).complete
    with pytest.raises(RuleError, match="of their own"):
        ben.hand_in_key(agreed, key(club, "Rosa"), WORDS)
    assert ben.handed_in(agreed).people == 1


def test_a_request_that_is_not_agreed_takes_no_key(club: Path, account: str) -> None:
    """While it waits, and once it is refused, no key is taken and none is held."""
    rosa, ben = acting(club, "Rosa"), acting(club, "Ben")
    request = rosa.ask("unmask", [account], "Danger to life.").request_id
    with pytest.raises(RuleError, match="waiting"):
        rosa.hand_in_key(request, key(club, "Rosa"), WORDS)
    ben.answer(request, False, "It was another club.")
    with pytest.raises(RuleError, match="refused"):
        ben.hand_in_key(request, key(club, "Ben"), WORDS)
    assert rosa.handed_in(request).people == 0


@pytest.mark.parametrize(("given", "passphrase"), [(b"nonsense", WORDS), (b"\xff\x00", ""), (None, "wrong words")])
def test_a_wrong_key_is_said_plainly(club: Path, agreed: str, given: bytes | None, passphrase: str) -> None:
    """What is no key, or another passphrase, is a message without either, and nothing is held."""
    rosa = acting(club, "Rosa")
    with pytest.raises(ConfigurationError) as refused:
        rosa.hand_in_key(agreed, given or key(club, "Rosa"), passphrase)
    assert not passphrase or passphrase not in str(refused.value)
    assert rosa.handed_in(agreed).people == 0


def test_what_cannot_be_asked_for_is_refused(club: Path, tmp_path: Path, account: str) -> None:
    """Another kind, a name instead of a pseudonym, and a workspace that forgot identities."""
    rosa = acting(club, "Rosa")
    with pytest.raises(ConfigurationError, match="no such kind"):
        rosa.ask("everything", [account], "Why not.")
    with pytest.raises(ConfigurationError, match="not the pseudonym"):
        rosa.ask("sanction", ["rosa_of_bed_nine"], "Why not.")
    with pytest.raises(ConfigurationError, match="forgot identities"):
        seawall.create(tmp_path / "other").ask("unmask", [account], "Why not.")


def test_the_command_line_keeps_to_the_roles(club: Path, account: str) -> None:
    """Unmasking with two key files at once is refused to whoever may not take part in one."""
    keys = [(club.parent / f"{name}.key", WORDS) for name in ("Rosa", "Ben")]
    with pytest.raises(RuleError, match="may not"):
        acting(club, "Ada").unmask([account], keys, "Danger to life.")
    assert acting(club, "Rosa").unmask([account], keys, "Danger to life.").num_rows == 1
