"""Passkeys (W3C Web Authentication, level 2): a key pair on the person's device; only its public half is kept here.

Each ceremony has a challenge that is used once and lasts five minutes. A passkey names its person, so that signing in
asks for no name and tells nobody which names exist.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, insert, select, update

from seawall.casebook import people_acts
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, moment
from seawall.casebook.people_secrets import kept_of, new_secret
from seawall.casebook.rules import Reviewer, person_key
from seawall.casebook.tables_people import passkey_challenges, passkeys
from seawall.errors import RuleError

RELYING_PARTY = "Seawall"
LASTS = timedelta(minutes=5)
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Passkey:
    """One of a person's passkeys."""

    credential: str
    label: str
    added_at: datetime


def begin(connection: Connection, at: datetime, name: str, origin: str) -> tuple[str, str]:
    """The options for the browser as JSON, and the name of the challenge, which it gives back.

    Args:
        origin: of the console, as https://seawall.example: the passkey works there alone.

    Raises:
        RuleError: not enrolled.
    """
    import webauthn
    from webauthn.helpers import structs

    known = people_acts.find(connection, name)
    person = person_key(name)
    held = connection.scalars(select(passkeys.c.credential).where(passkeys.c.person == person))
    options = webauthn.generate_registration_options(
        rp_id=_host(origin),
        rp_name=RELYING_PARTY,
        user_name=known.name,
        user_id=hashlib.sha256(person.encode()).digest(),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(webauthn.base64url_to_bytes(one)) for one in held],
    )
    return webauthn.options_to_json(options), _challenge(connection, at, options.challenge, origin, person)


def finish(
    connection: Connection, at: datetime, name: str, asked: Row[str] | None, credential: str, label: str
) -> Passkey:
    """Keep the passkey that the browser made.

    Args:
        asked: the challenge, as ``used`` gave it.
        credential: JSON of the browser's ``PublicKeyCredential``.

    Raises:
        RuleError: the challenge is over or another person's, or the answer does not fit it.
    """
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    if asked is None or asked.person != person_key(name):
        raise RuleError("This took too long, or was begun by another person.", mend="Begin again.")
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=webauthn.base64url_to_bytes(asked.challenge),
            expected_rp_id=_host(asked.origin),
            expected_origin=asked.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise RuleError("This device's answer does not fit what was asked.", mend="Try again.") from None
    row = {
        "credential": bytes_to_base64url(made.credential_id),
        "person": asked.person,
        "public_key": bytes_to_base64url(made.credential_public_key),
        "counter": made.sign_count,
        "label": "".join(char for char in label.strip() if char.isprintable())[:LONGEST_LABEL] or "passkey",
        "added_at": micros(at),
    }
    if connection.scalar(select(passkeys.c.person).where(passkeys.c.credential == row["credential"])) is not None:
        raise RuleError("This passkey is known already.", mend="Use it to sign in.")
    connection.execute(insert(passkeys).values(row))
    write_entry(connection, at, name, "passkey", {"added": _short(row["credential"])})
    return Passkey(str(row["credential"]), str(row["label"]), at)


def begin_sign_in(connection: Connection, at: datetime, origin: str) -> tuple[str, str]:
    """The options for the browser as JSON, and the name of the challenge, which it gives back."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=_host(origin), user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), _challenge(connection, at, options.challenge, origin, None)


def finish_sign_in(connection: Connection, at: datetime, challenge_id: str, credential: str) -> Reviewer | None:
    """Who signs in, or None: the challenge is over, the passkey unknown, or the answer wrong.

    A counter that does not rise is refused: the passkey was copied.
    """
    import webauthn
    from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    asked = used(connection, at, challenge_id)
    if asked is None or asked.person is not None:
        return None
    try:
        given = parse_authentication_credential_json(credential)
        of_it = passkeys.c.credential == bytes_to_base64url(given.raw_id)
        held = connection.execute(select(passkeys).where(of_it)).one_or_none()
        if held is None:
            return None
        done = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=webauthn.base64url_to_bytes(asked.challenge),
            expected_rp_id=_host(asked.origin),
            expected_origin=asked.origin,
            credential_public_key=webauthn.base64url_to_bytes(held.public_key),
            credential_current_sign_count=held.counter,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    connection.execute(update(passkeys).where(of_it).values(counter=done.new_sign_count))
    return people_acts.by_key(connection, held.person)


def listed(connection: Connection, name: str) -> list[Passkey]:
    """A person's passkeys, the oldest first."""
    theirs = select(passkeys).where(passkeys.c.person == person_key(name))
    rows = connection.execute(theirs.order_by(passkeys.c.added_at, passkeys.c.credential))
    return [Passkey(row.credential, row.label, moment(row.added_at)) for row in rows]


def remove(connection: Connection, at: datetime, name: str, credential: str) -> None:
    """Forget one of a person's own passkeys.

    Raises:
        RuleError: they have no such passkey.
    """
    of_it = passkeys.c.credential == credential, passkeys.c.person == person_key(name)
    if connection.execute(delete(passkeys).where(*of_it)).rowcount == 0:
        raise RuleError("You have no such passkey.", mend="List yours.")
    write_entry(connection, at, name, "passkey", {"removed": _short(credential)})


def _challenge(connection: Connection, at: datetime, challenge: bytes, origin: str, person: str | None) -> str:
    from webauthn.helpers import bytes_to_base64url

    connection.execute(delete(passkey_challenges).where(passkey_challenges.c.ends_at <= micros(at)))
    name = new_secret()
    told = {"person": person, "challenge": bytes_to_base64url(challenge), "origin": origin}
    ends = micros(at + LASTS)
    connection.execute(insert(passkey_challenges).values(hash=kept_of(name), ends_at=ends, **told))
    return name


def used(connection: Connection, at: datetime, challenge_id: str) -> Row[str] | None:
    """A challenge that is still good, and then no more."""
    of_it = passkey_challenges.c.hash == kept_of(challenge_id)
    row = connection.execute(select(passkey_challenges).where(of_it)).one_or_none()
    connection.execute(delete(passkey_challenges).where(of_it))
    return None if row is None or row.ends_at <= micros(at) else row


def _host(origin: str) -> str:
    host = urlsplit(origin).hostname
    if not host:
        raise RuleError("A passkey belongs to an address.", where="origin", mend="Give it as https://seawall.example")
    return host


def _short(credential: str) -> str:
    return hashlib.sha256(credential.encode()).hexdigest()[:16]
