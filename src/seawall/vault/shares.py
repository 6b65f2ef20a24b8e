"""A data key that any two of several reviewers open together, and no one alone.

For each pair the key is the exclusive or of two random halves, one sealed to each of the two. A sealed half is an
ephemeral X25519 exchange, HKDF-SHA256 (RFC 5869) and ChaCha20-Poly1305 (RFC 8439) under a key that is used once.
"""

from __future__ import annotations

import secrets
from itertools import combinations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from seawall.errors import StorageError
from seawall.vault.reviewer_keys import ReviewerKey, fingerprint

DATA_KEY_BYTES = 32
_PUBLIC = 32
_ONLY_NONCE = bytes(12)

Shares = dict[str, tuple[str, str]]
"""``"A+B"``, the fingerprints of a pair in order -> its two sealed halves in hexadecimal."""


def seal_key(data_key: bytes, reviewers: list[bytes], context: bytes) -> Shares:
    """Shares of a data key for each pair of reviewers.

    Args:
        data_key: 32 bytes.
        reviewers: public keys, 32 bytes each, at least two.
        context: what the key belongs to; a share opens nowhere else.
    """
    shares: Shares = {}
    ordered = sorted(reviewers, key=fingerprint)
    for one, two in combinations(ordered, 2):
        pair = f"{fingerprint(one)}+{fingerprint(two)}"
        half = secrets.token_bytes(DATA_KEY_BYTES)
        other = joined(half, data_key)
        about = context + pair.encode()
        shares[pair] = _seal(half, one, about).hex(), _seal(other, two, about).hex()
    return shares


def open_key(shares: Shares, one: ReviewerKey, two: ReviewerKey, context: bytes) -> bytes:
    """The data key, which must have been sealed to this pair.

    Raises:
        StorageError: a share is missing or was changed.
    """
    first, second = sorted((one, two), key=lambda key: fingerprint(key.public))
    pair = f"{fingerprint(first.public)}+{fingerprint(second.public)}"
    about = context + pair.encode()
    try:
        halves = [
            _open(bytes.fromhex(sealed), key, about) for sealed, key in zip(shares[pair], (first, second), strict=True)
        ]
    except (KeyError, InvalidTag, ValueError):
        raise damaged() from None
    return joined(*halves)


def open_halves(shares: Shares, key: ReviewerKey, context: bytes) -> dict[str, bytearray]:
    """One reviewer's half for each pair that they are in: useless without the other one's.

    Raises:
        StorageError: a share was changed.
    """
    own = fingerprint(key.public)
    halves = {}
    for pair, sealed in shares.items():
        first, _, second = pair.partition("+")
        if own not in (first, second):
            continue
        try:
            half = _open(bytes.fromhex(sealed[0 if own == first else 1]), key, context + pair.encode())
        except (InvalidTag, ValueError):
            raise damaged() from None
        halves[pair] = bytearray(half)
    return halves


def damaged() -> StorageError:
    """The vault does not hold what was sealed."""
    return StorageError(
        "The vault was changed or damaged, so it does not open.", where="vault", mend="Restore it from a backup."
    )


def _seal(half: bytes, reviewer: bytes, about: bytes) -> bytes:
    once = X25519PrivateKey.generate()
    public = once.public_key().public_bytes_raw()
    key = _agreed(once.exchange(X25519PublicKey.from_public_bytes(reviewer)), public + reviewer)
    return public + ChaCha20Poly1305(key).encrypt(_ONLY_NONCE, half, about)


def _open(sealed: bytes, reviewer: ReviewerKey, about: bytes) -> bytes:
    public = sealed[:_PUBLIC]
    shared = reviewer.private.exchange(X25519PublicKey.from_public_bytes(public))
    key = _agreed(shared, public + reviewer.public)
    return ChaCha20Poly1305(key).decrypt(_ONLY_NONCE, sealed[_PUBLIC:], about)


def _agreed(shared: bytes, parties: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=parties, info=b"seawall vault share 1").derive(shared)


def joined(one: bytes | bytearray, two: bytes | bytearray) -> bytes:
    """The data key of two halves."""
    return bytes(a ^ b for a, b in zip(one, two, strict=True))
