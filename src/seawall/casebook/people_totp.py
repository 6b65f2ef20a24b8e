"""Codes of an authenticator app: TOTP (RFC 6238), 6 digits, 30 seconds. A code is taken once.

The secrets are sealed with AES-256-GCM under a key that lies in the workspace's folder and not in the casebook.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from seawall.casebook.audit import write_entry
from seawall.casebook.rules import enrolled_role, person_key
from seawall.casebook.tables_people import totp_secrets
from seawall.errors import RuleError, StorageError

if TYPE_CHECKING:
    from pyotp import TOTP

ISSUER = "Seawall"
STEP_SECONDS = 30
_NONCE = 12
_LEEWAY = (0, -1, 1)
"""Steps around now: clocks differ, and people type slowly."""


def begin(connection: Connection, name: str, key: bytes) -> tuple[str, str]:
    """A new secret for a person, to be confirmed with a first code: the secret, and as an otpauth address.

    Raises:
        RuleError: the person is not enrolled.
    """
    from pyotp import random_base32

    enrolled_role(connection, name)
    person, secret = person_key(name), random_base32()
    pending = _seal(key, person, secret)
    if connection.scalar(select(totp_secrets.c.person).where(totp_secrets.c.person == person)) is None:
        connection.execute(insert(totp_secrets).values(person=person, pending=pending, last_step=0))
    else:
        connection.execute(update(totp_secrets).where(totp_secrets.c.person == person).values(pending=pending))
    return secret, _totp(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def confirm(connection: Connection, at: datetime, name: str, code: str, key: bytes) -> bool:
    """Whether a code is one of the new secret, which counts from then on.

    Raises:
        RuleError: no secret waits for it.
    """
    person = person_key(name)
    row = connection.execute(select(totp_secrets).where(totp_secrets.c.person == person)).one_or_none()
    if row is None or row.pending is None:
        raise RuleError("No authenticator waits to be confirmed.", mend="Begin again.")
    step = _step_of(at, code, _open(key, person, row.pending), after=0)
    if step is None:
        return False
    values = {"sealed": row.pending, "pending": None, "last_step": step}
    connection.execute(update(totp_secrets).where(totp_secrets.c.person == person).values(values))
    write_entry(connection, at, name, "authenticator", {})
    return True


def check(connection: Connection, at: datetime, name: str, code: str, key: bytes) -> bool:
    """Whether a code is right and was not taken before; it is not taken again."""
    person = person_key(name)
    row = connection.execute(select(totp_secrets).where(totp_secrets.c.person == person)).one_or_none()
    known = row is not None and row.sealed is not None
    secret = _open(key, person, row.sealed) if row is not None and known else _DECOY
    step = _step_of(at, code, secret, after=row.last_step if row is not None and known else 0)
    if step is None or not known:
        return False
    connection.execute(update(totp_secrets).where(totp_secrets.c.person == person).values(last_step=step))
    return True


_DECOY = base64.b32encode(bytes(20)).decode()


def _step_of(at: datetime, code: str, secret: str, *, after: int) -> int | None:
    """The step whose code this is, if it comes after one that was taken."""
    now = int(at.timestamp()) // STEP_SECONDS
    digits, totp = "".join(code.split()), _totp(secret)
    right = [now + by for by in _LEEWAY if secrets.compare_digest(_code(totp, now + by), digits.encode())]
    return right[0] if right and right[0] > after else None


def _code(totp: TOTP, step: int) -> bytes:
    return totp.generate_otp(step).encode()


def _totp(secret: str) -> TOTP:
    from pyotp import TOTP  # late: the command line seldom needs it

    return TOTP(secret, interval=STEP_SECONDS)


def _seal(key: bytes, person: str, secret: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # late, as well

    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, secret.encode(), person.encode())).decode()


def _open(key: bytes, person: str, sealed: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data = base64.b64decode(sealed)
    try:
        return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], person.encode()).decode()
    except InvalidTag:
        raise StorageError(
            "The key of the authenticators does not open their secrets.",
            where="keys/sign-in.key",
            mend="Restore that file from a backup; or let an administrator make a sign-in link that begins anew.",
        ) from None
