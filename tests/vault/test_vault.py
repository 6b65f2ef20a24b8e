"""The vault opens for any two of its reviewers, and for nobody else."""

from __future__ import annotations

import stat
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from seawall.errors import ConfigurationError, RuleError, StorageError, WorkspaceError
from seawall.model import IDENTITIES
from seawall.vault import ReviewerKey, Vault, new_reviewer_key, open_reviewer_key
from seawall.vault import sealed_file as files
from seawall.vault.shares import open_key, seal_key

PASSPHRASES = ("green tomatoes", "red radishes", "late leeks", "early peas")
PAIRS = [new_reviewer_key(passphrase) for passphrase in PASSPHRASES]
PUBLICS = [public for public, _ in PAIRS[:3]]
KEYS = [open_reviewer_key(private, passphrase) for (_, private), passphrase in zip(PAIRS, PASSPHRASES, strict=True)]
REASON = "A court asks for it, file 12."
ROWS = [
    {"pseudonym": "a1", "platform": "x", "id": "4711", "handle": "fern_meadow", "name": "Fern Meadow"},
    {"pseudonym": "a2", "platform": "x", "id": "4712", "handle": None, "name": "Клуб садоводов"},
    {"pseudonym": "h3", "platform": "x", "id": None, "handle": "spokes", "name": None},
]


def identities(rows: list[dict[str, str | None]] = ROWS) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=IDENTITIES)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = Vault.create(tmp_path / "vault", PUBLICS)
    assert made.seal(identities()) == 3
    return made


def unmasked(vault: Vault, *pseudonyms: str, keys: tuple[int, int] = (0, 1)) -> list[dict[str, str | None]]:
    rows: list[dict[str, str | None]] = vault.unmask(pseudonyms, KEYS[keys[0]], KEYS[keys[1]], REASON).to_pylist()
    return rows


@pytest.mark.parametrize("pair", [*combinations(range(3), 2), (2, 0)])
def test_any_two_reviewers_open_it_in_either_order(vault: Vault, pair: tuple[int, int]) -> None:
    """Any two reviewers together read what was sealed, whoever comes first."""
    assert unmasked(vault, "a2", "h3", "unknown", keys=pair) == ROWS[1:]


def test_one_reviewer_alone_is_refused(vault: Vault) -> None:
    """The same reviewer twice, a stranger, and a missing reason are refused."""
    for one, two, reason in ((KEYS[0], KEYS[0], REASON), (KEYS[0], KEYS[3], REASON), (KEYS[0], KEYS[1], "  ")):
        with pytest.raises(RuleError):
            vault.unmask(["a1"], one, two, reason)


def test_no_single_key_opens_any_share_pair(vault: Vault, tmp_path: Path) -> None:
    """Nothing that one key can open by itself is the data key: each half alone decrypts no record."""
    (path,) = (tmp_path / "vault").glob("*.sealed")
    file = files.read(path)
    whole = open_key(file.shares, KEYS[0], KEYS[1], file.name.encode())
    record = file.records[0]
    for pair, (first, second) in file.shares.items():
        for key in KEYS[:3]:
            for own in ((first, first), (second, second)):
                with pytest.raises(StorageError):
                    open_key({pair: own}, key, key, file.name.encode())
    assert ChaCha20Poly1305(whole).decrypt(record.nonce, record.sealed, file.name.encode() + record.index)


def test_shares_open_only_in_their_own_file() -> None:
    """A share that is moved to another file is refused."""
    data_key = bytes(range(32))
    shares = seal_key(data_key, [key.public for key in KEYS[:2]], b"one")
    assert open_key(shares, KEYS[1], KEYS[0], b"one") == data_key
    with pytest.raises(StorageError):
        open_key(shares, KEYS[0], KEYS[1], b"two")


def test_nothing_stands_in_clear_and_only_the_owner_reads(vault: Vault, tmp_path: Path) -> None:
    """No pseudonym and no identity is readable on disk, and the files are the owner's alone."""
    for path in (tmp_path / "vault").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        content = path.read_bytes()
        for row in ROWS:
            for value in row.values():
                assert value is None or len(value) < 4 or value.encode() not in content


def test_it_opens_again_from_disk(vault: Vault, tmp_path: Path) -> None:
    """What was sealed is there for the next process, and an unfinished file is cleared away."""
    unfinished = tmp_path / "vault" / "x.sealed.unfinished"
    unfinished.write_bytes(b"cut")
    again = Vault.open(tmp_path / "vault")
    assert unmasked(again, "a1") == ROWS[:1]
    assert not unfinished.exists()
    assert again.reviewers == tuple(sorted(PUBLICS))


def test_the_same_identity_is_sealed_once_and_a_new_name_beside_it(vault: Vault) -> None:
    """Repeats of later batches add nothing; another name of the same account is kept beside the first."""
    renamed = ROWS[0] | {"name": "Fern M."}
    assert vault.seal(identities()) == 0
    assert vault.seal(identities([renamed, ROWS[1]])) == 1
    assert {row["name"] for row in unmasked(vault, "a1")} == {"Fern Meadow", "Fern M."}


def test_erasure_needs_no_key_and_leaves_the_others(vault: Vault, tmp_path: Path) -> None:
    """Erasing one pseudonym removes its records from every file; the others still open."""
    vault.seal(identities([ROWS[0] | {"name": "F. M."}]))
    assert vault.erase(["a1", "h3"]) == 3
    assert unmasked(vault, "a1", "a2", "h3") == ROWS[1:2]
    assert len(list((tmp_path / "vault").glob("*.sealed"))) == 1
    assert vault.seal(identities(ROWS[:1])) == 1


def test_a_changed_byte_is_noticed(vault: Vault, tmp_path: Path) -> None:
    """Whichever byte of a sealed file is changed, nothing but what was sealed is given out."""
    (path,) = (tmp_path / "vault").glob("*.sealed")
    original = path.read_bytes()
    refused = 0
    for place in range(0, len(original), 7):
        changed = bytearray(original)
        changed[place] ^= 0x01
        path.write_bytes(changed)
        try:
            rows = unmasked(vault, "a1", "a2", "h3")
        except StorageError:
            refused += 1
        else:
            assert all(row in ROWS for row in rows)
    assert refused > len(original) / 7 / 3


def test_a_file_cut_short_is_refused(vault: Vault, tmp_path: Path) -> None:
    """A truncated file gives a clear error."""
    (path,) = (tmp_path / "vault").glob("*.sealed")
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(StorageError):
        unmasked(vault, "a1")


def test_a_wrong_passphrase_and_a_wrong_file_are_told_apart() -> None:
    """The error says whether the passphrase or the file is wrong, and quotes neither."""
    private = PAIRS[0][1]
    with pytest.raises(ConfigurationError, match="passphrase does not open") as wrong:
        open_reviewer_key(private, "blue tomatoes")
    assert "blue" not in str(wrong.value)
    for text in ("", "no key", private[:80], PAIRS[0][0]):
        with pytest.raises(ConfigurationError, match="not a reviewer's private key"):
            open_reviewer_key(text, PASSPHRASES[0])
    with pytest.raises(ConfigurationError, match="passphrase is empty"):
        new_reviewer_key("")


def test_a_key_does_not_show_itself() -> None:
    """Neither the private text nor a printed key holds the private bytes."""
    raw = KEYS[0].private.private_bytes_raw()
    assert raw.hex() not in repr(KEYS[0])
    assert isinstance(KEYS[0], ReviewerKey)


def test_two_different_reviewers_are_needed_to_make_one(tmp_path: Path) -> None:
    """One key, the same key twice, and a text that is no key make no vault; a second vault in a folder neither."""
    for publics in ([], PUBLICS[:1], PUBLICS[:1] * 2, [PUBLICS[0], "seawall-reviewer-1:AAAA"]):
        with pytest.raises(ConfigurationError):
            Vault.create(tmp_path / "vault", publics)
    with pytest.raises(WorkspaceError):
        Vault.open(tmp_path / "vault")
    Vault.create(tmp_path / "vault", PUBLICS)
    with pytest.raises(WorkspaceError):
        Vault.create(tmp_path / "vault", PUBLICS)


def test_damaged_settings_are_a_clear_error(vault: Vault, tmp_path: Path) -> None:
    """Settings that cannot be read are a StorageError."""
    (tmp_path / "vault" / "vault.json").write_text("{", encoding="utf-8")
    with pytest.raises(StorageError):
        Vault.open(tmp_path / "vault")
