from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from seawall.errors import RuleError, StorageError
from seawall.vault import Vault
from tests.vault.test_vault import KEYS, PUBLICS, ROWS, identities


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = Vault.create(tmp_path / "vault", PUBLICS)
    for row in ROWS:
        made.seal(identities([row]))
    return made


@pytest.mark.parametrize("pair", list(combinations(range(3), 2)))
def test_the_halves_of_any_two_reviewers_open_it(vault: Vault, pair: tuple[int, int]) -> None:
    """What two reviewers contribute one after the other opens what both were asked about, over several files."""
    one, two = (vault.halves(["a1", "a2", "unknown"], KEYS[number]) for number in pair)
    opened = vault.unmask_with(["a1", "a2", "unknown"], one, two).to_pylist()
    assert sorted(opened, key=lambda row: row["pseudonym"]) == ROWS[:2]


def test_one_reviewers_halves_open_nothing(vault: Vault) -> None:
    """The same reviewer twice is refused, and a stranger has no halves."""
    one, again = vault.halves(["a1"], KEYS[0]), vault.halves(["a1"], KEYS[0])
    with pytest.raises(RuleError, match="alone"):
        vault.unmask_with(["a1"], one, again)
    with pytest.raises(RuleError, match="not sealed"):
        vault.halves(["a1"], KEYS[3])


def test_halves_open_only_what_they_were_made_for(vault: Vault) -> None:
    """Halves for one account open no file in which another lies."""
    one, two = vault.halves(["a1"], KEYS[0]), vault.halves(["a1"], KEYS[1])
    with pytest.raises(StorageError):
        vault.unmask_with(["a2"], one, two)


def test_wiped_halves_open_nothing(vault: Vault) -> None:
    """After wiping every byte is zero, and the vault stays shut."""
    one, two = vault.halves(["a1"], KEYS[0]), vault.halves(["a1"], KEYS[1])
    one.wipe()
    assert {byte for pairs in one.of_files.values() for half in pairs.values() for byte in half} == {0}
    with pytest.raises(StorageError):
        vault.unmask_with(["a1"], one, two)


def test_halves_show_nothing_of_themselves(vault: Vault) -> None:
    """Neither in a traceback nor in a log: their text holds no byte of them."""
    halves = vault.halves(["a1"], KEYS[0])
    half = next(iter(next(iter(halves.of_files.values())).values()))
    assert half.hex() not in repr(halves)
    assert repr(bytes(half))[2:-1] not in repr(halves)
