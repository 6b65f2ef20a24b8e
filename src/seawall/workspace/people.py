"""People: who is enrolled, how they sign in, and what they chose."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from seawall.casebook import Act, Passkey, Person, Reviewer, Role, Session, Token
from seawall.errors import ConfigurationError
from seawall.workspace.checked_file import read_checked, write_checked
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.settings import disk_refused

SIGN_IN_KEY = Path("keys") / "sign-in.key"
LINK_MINUTES = 15


class People(OpenedFolder):
    """The people of a workspace. Each act is that of ``reviewer``; whatever changes how a person signs in, they do.

    Refusals are RuleError, with what to do; the casebook holds the rules.
    """

    # --- who is enrolled ------------------------------------------------------------------------------

    def people(self) -> list[Person]:
        """Who is enrolled, by name, and with what each can sign in."""
        self.permit(Act.READ_PEOPLE)
        return self.casebook.people.all()

    def enrol(self, name: str, role: Role | str) -> Reviewer:
        """Enrol a person; from the first one on, an administrator, only enrolled people act, each within their role.

        Raises:
            RuleError: enrolled already, not permitted, or the first one is no administrator.
            ConfigurationError: there is no such role.
        """
        return self.casebook.people.enrol(name, _role(role), by=self.reviewer)

    def set_role(self, name: str, role: Role | str) -> Reviewer:
        """Give a person another role, from now on.

        Raises:
            RuleError: not enrolled, not permitted, the last administrator, or into or out of safeguarding.
            ConfigurationError: there is no such role.
        """
        return self.casebook.people.set_role(name, _role(role), by=self.reviewer)

    def remove_person(self, name: str) -> None:
        """Remove a person with all that they sign in with; what they did stays on the record.

        Raises:
            RuleError: not enrolled, not permitted, or the last administrator.
        """
        self.casebook.people.remove(name, by=self.reviewer)

    def set_queues(self, name: str, detectors: Collection[str]) -> None:
        """Limit a person to the cases of some detectors; none: every case.

        Raises:
            RuleError: not enrolled, or not permitted.
        """
        self.casebook.people.set_queues(name, detectors, by=self.reviewer)

    # --- coming in ------------------------------------------------------------------------------------

    def first_administrator(self, name: str, *, minutes: int = LINK_MINUTES) -> str:
        """Enrol the first administrator; the secret of a link that signs them in once.

        Raises:
            RuleError: somebody is enrolled already.
        """
        return self.casebook.people.first_administrator(name, minutes=minutes)

    def sign_in_link(self, name: str, *, minutes: int = LINK_MINUTES, anew: bool = False) -> str:
        """The secret of a link that signs a person in once.

        Args:
            name: who.
            minutes: how long it works.
            anew: forget what they signed in with before; without it, only who cannot sign in yet gets a link.

        Raises:
            RuleError: not enrolled, not permitted, the person can sign in already, or too many minutes.
        """
        return self.casebook.people.sign_in_link(name, minutes=minutes, by=self.reviewer, anew=anew)

    def by_link(self, secret: str) -> Reviewer:
        """Who a link signs in; it works no second time.

        Raises:
            RuleError: there is no such link, it was used, or its time is over.
        """
        return self.casebook.people.by_link(secret)

    def identity(self, issuer: str, subject: str) -> Reviewer | None:
        """The person for whom an identity of another sign-in service (OIDC) stands."""
        return self.casebook.people.identity(issuer, subject)

    def link_identity(self, name: str, issuer: str, subject: str) -> None:
        """Let an identity of another sign-in service stand for yourself, or for who cannot sign in yet.

        Raises:
            RuleError: not enrolled, not permitted, or it stands for somebody already.
        """
        self.casebook.people.link_identity(name, issuer, subject, by=self.reviewer)

    def unlink_identities(self) -> None:
        """Forget the identities of other services that stand for you."""
        self.casebook.people.unlink_identities(self.reviewer, by=self.reviewer)

    # --- password and authenticator -------------------------------------------------------------------

    def set_password(self, name: str, password: str, *, current: str | None = None) -> None:
        """Set your own password: at least 12 characters, and none that is tried first.

        Args:
            name: you.
            password: the new one.
            current: the one of before, where there is one.

        Raises:
            RuleError: another person, not enrolled, too weak, or the current one is wrong.
        """
        self.casebook.people.set_password(name, password, by=self.reviewer, current=current)

    def check_password(self, name: str, password: str) -> Reviewer | None:
        """The person, if this is their password. It alone signs nobody in: a code comes with it.

        Raises:
            RuleError: tried too often; it says until when to wait.
        """
        return self.casebook.people.check_password(name, password)

    def begin_totp(self, name: str) -> tuple[str, str]:
        """A secret for your own authenticator app, and as an otpauth address; it counts once a code confirms it.

        Raises:
            RuleError: another person, or not enrolled.
        """
        return self.casebook.people.begin_totp(name, self._sign_in_key(), by=self.reviewer)

    def confirm_totp(self, name: str, code: str) -> bool:
        """Whether a code is one of your new secret, which counts from then on.

        Raises:
            RuleError: another person, tried too often, or no secret waits for it.
        """
        return self.casebook.people.confirm_totp(name, code, self._sign_in_key(), by=self.reviewer)

    def check_totp(self, name: str, code: str) -> bool:
        """Whether a code is right and was not taken before; it is not taken again.

        Raises:
            RuleError: tried too often; it says until when to wait.
        """
        return self.casebook.people.check_totp(name, code, self._sign_in_key())

    # --- passkeys -------------------------------------------------------------------------------------

    def begin_passkey(self, name: str, origin: str) -> tuple[str, str]:
        """The browser's options for making a passkey of your own (JSON), and the name of the challenge.

        Args:
            name: you.
            origin: of the console, as https://seawall.example: the passkey works there alone.

        Raises:
            RuleError: another person, or not enrolled.
        """
        return self.casebook.people.begin_passkey(name, origin, by=self.reviewer)

    def finish_passkey(self, name: str, challenge: str, credential: str, *, label: str = "") -> Passkey:
        """Keep the passkey that the browser made (JSON).

        Raises:
            RuleError: another person, the challenge is over, or the answer does not fit it.
        """
        return self.casebook.people.finish_passkey(name, challenge, credential, by=self.reviewer, label=label)

    def begin_passkey_sign_in(self, origin: str) -> tuple[str, str]:
        """The browser's options for signing in (JSON), and the name of the challenge. It asks for no name."""
        return self.casebook.people.begin_passkey_sign_in(origin)

    def finish_passkey_sign_in(self, challenge: str, credential: str) -> Reviewer | None:
        """Who signs in with a passkey; None: the challenge is over, or the answer is not right."""
        return self.casebook.people.finish_passkey_sign_in(challenge, credential)

    def passkeys(self) -> list[Passkey]:
        """Your passkeys, the oldest first."""
        return self.casebook.people.passkeys(self.reviewer)

    def remove_passkey(self, credential: str) -> None:
        """Forget one of your passkeys.

        Raises:
            RuleError: you have no such passkey.
        """
        self.casebook.people.remove_passkey(self.reviewer, credential, by=self.reviewer)

    # --- sessions and tokens --------------------------------------------------------------------------

    def open_session(self, name: str, how: str) -> str:
        """Sign in a person who has shown who they are; the token, which is shown once.

        Args:
            name: an enrolled person.
            how: "link", "passkey", "password" (with a code) or "oidc".

        Raises:
            RuleError: not enrolled.
        """
        return self.casebook.sessions.open(name, how)

    def session(self, token: str) -> Session | None:
        """Who a token signs in; None after half an hour without it, after twelve hours, or without that person."""
        return self.casebook.sessions.find(token)

    def close_session(self, token: str) -> None:
        """Sign out."""
        self.casebook.sessions.close(token)

    def close_sessions_of(self, name: str, *, but: str | None = None) -> int:
        """Sign a person out everywhere, but for the session of one token; how many sessions that were.

        Raises:
            RuleError: not enrolled, or another person and not permitted.
        """
        return self.casebook.sessions.close_all(name, by=self.reviewer, but=but)

    def make_token(self, scopes: Collection[str], days: int) -> str:
        """A token with which a program acts for you; its text is shown once.

        Args:
            scopes: what it may do, as "read_cases" (``Act.scope``): some of what your role allows.
            days: how long, from 1 to 365.

        Raises:
            RuleError: not enrolled, no or other scopes, or too many days.
        """
        return self.casebook.tokens.make(scopes, days, by=self.reviewer)

    def by_token(self, text: str) -> Token | None:
        """Whom a token stands for, and what it may do now."""
        return self.casebook.tokens.find(text)

    def tokens(self) -> list[Token]:
        """Your tokens, the oldest first."""
        return self.casebook.tokens.listed(self.reviewer)

    def revoke_token(self, token_id: str) -> None:
        """Take back one of your tokens.

        Raises:
            RuleError: you have no such token.
        """
        self.casebook.tokens.revoke(token_id, by=self.reviewer)

    # --- preferences ----------------------------------------------------------------------------------

    def preferences(self, name: str) -> dict[str, Any]:
        """What a person chose: theme, language, blur, grey, mute, break_after (minutes)."""
        return self.casebook.people.preferences(name)

    def set_preferences(self, name: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Keep some of your own choices beside those of before; all of them.

        Raises:
            RuleError: another person, or not enrolled.
            ConfigurationError: there is no such choice.
        """
        return self.casebook.people.set_preferences(name, chosen, by=self.reviewer)

    def _sign_in_key(self) -> bytes:
        return sign_in_key(self.path)


def sign_in_key(folder: Path) -> bytes:
    """The key that seals the secrets of authenticators, 32 bytes; made when it is first asked for.

    Raises:
        StorageError: the disk refused, or the file is damaged.
    """
    path = folder / SIGN_IN_KEY
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        write_checked(fresh, secrets.token_hex(32))
        try:
            os.link(fresh, path)  # whole, or not at all: another process may make it at this moment
        except FileExistsError:
            pass
        except OSError as error:
            raise disk_refused(error, path) from error
        finally:
            fresh.unlink(missing_ok=True)
    return bytes.fromhex(read_checked(path, None))


def _role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise ConfigurationError("There is no such role.", mend=f"It is one of: {', '.join(Role)}.") from None
