"""Reviewers' key pairs: X25519 (RFC 7748); the private half is kept under a passphrase (scrypt, ChaCha20-Poly1305)."""

from __future__ import annotations

import base64
import binascii
import secrets
import textwrap
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from seawall.errors import ConfigurationError

_PUBLIC_PREFIX = "seawall-reviewer-1:"
_BEGIN, _END = "-----BEGIN SEAWALL REVIEWER KEY-----", "-----END SEAWALL REVIEWER KEY-----"
_CONTEXT = b"seawall reviewer key 1"
_SALT, _NONCE, _KEY, _TAG = 16, 12, 32, 16
_SCRYPT_COST = 2**15
"""With r = 8 and p = 1: 32 MiB and about a tenth of a second for each guess of the passphrase."""


@dataclass(frozen=True, slots=True, repr=False)
class ReviewerKey:
    """A reviewer's opened private key. It lives in memory only and never shows itself."""

    private: X25519PrivateKey

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return self.private.public_key().public_bytes_raw()


def new_reviewer_key(passphrase: str) -> tuple[str, str]:
    """A new key pair: the public text to hand out, and the private text, useless without the passphrase.

    Raises:
        ConfigurationError: the passphrase is empty.

    >>> public, private = new_reviewer_key("four quiet green tomatoes")
    >>> open_reviewer_key(private, "four quiet green tomatoes").public == public_key_bytes(public)
    True
    """
    if not passphrase:
        raise ConfigurationError("The passphrase is empty.", mend="Choose one of several words.")
    key = ReviewerKey(X25519PrivateKey.generate())
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = ChaCha20Poly1305(_stretched(passphrase, salt)).encrypt(nonce, key.private.private_bytes_raw(), _CONTEXT)
    body = "\n".join(textwrap.wrap(base64.b64encode(salt + nonce + sealed).decode(), 64))
    return f"{_PUBLIC_PREFIX}{base64.b64encode(key.public).decode()}", f"{_BEGIN}\n{body}\n{_END}\n"


def open_reviewer_key(private: str, passphrase: str) -> ReviewerKey:
    """The key in a private text.

    Raises:
        ConfigurationError: this is no reviewer's key, or the passphrase is another one.
    """
    body = private.strip().removeprefix(_BEGIN).removesuffix(_END)
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != _SALT + _NONCE + _KEY + _TAG or not private.strip().startswith(_BEGIN):
        raise ConfigurationError("This is not a reviewer's private key.", mend="Name the file that was made with it.")
    salt, nonce, sealed = data[:_SALT], data[_SALT : _SALT + _NONCE], data[_SALT + _NONCE :]
    try:
        opened = ChaCha20Poly1305(_stretched(passphrase, salt)).decrypt(nonce, sealed, _CONTEXT)
    except InvalidTag:
        raise ConfigurationError(
            "The passphrase does not open this key.", mend="Try again; if the key file was changed, restore it."
        ) from None
    return ReviewerKey(X25519PrivateKey.from_private_bytes(opened))


def public_key_bytes(public: str) -> bytes:
    """The 32 bytes of a public text.

    Raises:
        ConfigurationError: this is no reviewer's public key.
    """
    try:
        data = base64.b64decode(public.strip().removeprefix(_PUBLIC_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != _KEY or not public.strip().startswith(_PUBLIC_PREFIX):
        raise ConfigurationError(
            "This is not a reviewer's public key.", mend=f"Name FILE.pub: one line that begins with {_PUBLIC_PREFIX}"
        )
    return data


def fingerprint(public: bytes) -> str:
    """A short name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return sha256(public).hexdigest()[:16]


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=_KEY, n=_SCRYPT_COST, r=8, p=1).derive(passphrase.encode("utf-8", "surrogatepass"))
