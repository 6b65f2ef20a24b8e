"""The people of one casebook and how they sign in: what interfaces use; every rule is below this line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from seawall.casebook import people_acts as acts
from seawall.casebook import people_links as links
from seawall.casebook import people_passkeys as keys
from seawall.casebook import people_passwords as words
from seawall.casebook import people_preferences as choices
from seawall.casebook import people_totp as totp
from seawall.casebook import people_tries as tries
from seawall.casebook import rules
from seawall.casebook.audit import Clock
from seawall.casebook.people_acts import Person
from seawall.casebook.people_passkeys import Passkey
from seawall.casebook.rules import Act, Reviewer, Role
from seawall.casebook.store import Store
from seawall.errors import RuleError

_PASSWORD, _CODE = "password", "authenticator"


class PeopleBook:
    """Every act is one transaction with its entry in the audit. Any method may raise StorageError: the disk refuses.

    ``by`` is who acts. Whatever changes how a person signs in, that person alone may do.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    # --- who is enrolled ------------------------------------------------------------------------------

    def enrolled(self) -> bool:
        """Whether anybody is; a casebook without people belongs to whoever runs it."""
        with self._store.read() as connection:
            return rules.anyone_enrolled(connection)

    def permit(self, name: str, act: Act) -> None:
        """Refuse what a person's role does not allow.

        Raises:
            RuleError: people are enrolled, and this person is not or may not.
        """
        with self._store.read() as connection:
            rules.permit(connection, name, act)

    def find(self, name: str) -> Reviewer:
        """The enrolled person of a name.

        Raises:
            RuleError: not enrolled.
        """
        with self._store.read() as connection:
            return acts.find(connection, name)

    def all(self) -> list[Person]:
        """Who is enrolled, by name, and with what each can sign in."""
        with self._store.read() as connection:
            return acts.listed(connection)

    def enrol(self, name: str, role: Role, *, by: str) -> Reviewer:
        """Enrol a person. Once anyone is enrolled, only enrolled people act, each within their role.

        Raises:
            RuleError: no name, enrolled already, not permitted, or the first one is no administrator.
        """
        with self._store.write() as connection:
            return acts.enrol(connection, self._clock(), name, role, by)

    def set_role(self, name: str, role: Role, *, by: str) -> Reviewer:
        """Give a person another role, from now on.

        Raises:
            RuleError: not enrolled, not permitted, the last administrator, or into or out of safeguarding.
        """
        with self._store.write() as connection:
            return acts.set_role(connection, self._clock(), name, role, by)

    def remove(self, name: str, *, by: str) -> None:
        """Remove a person with all that they sign in with; what they did stays on the record.

        Raises:
            RuleError: not enrolled, not permitted, or the last administrator.
        """
        with self._store.write() as connection:
            acts.remove(connection, self._clock(), name, by)

    def set_queues(self, name: str, queues: Collection[str], *, by: str) -> None:
        """Limit a person to the queues of some detectors; none: every queue.

        Raises:
            RuleError: not enrolled, or not permitted.
        """
        with self._store.write() as connection:
            acts.set_queues(connection, self._clock(), name, queues, by)

    def queues_of(self, name: str) -> frozenset[str] | None:
        """The detectors whose cases a person is limited to; None: every case."""
        with self._store.read() as connection:
            return acts.queues_of(connection, name)

    # --- coming in for the first time, or again -------------------------------------------------------

    def first_administrator(self, name: str, *, minutes: int) -> str:
        """Enrol the first administrator; the secret of a link that signs them in once.

        Raises:
            RuleError: somebody is enrolled already.
        """
        with self._store.write() as connection:
            return links.first(connection, self._clock(), name, minutes)

    def sign_in_link(self, name: str, *, minutes: int, by: str, anew: bool = False) -> str:
        """The secret of a link that signs a person in once.

        Args:
            anew: forget what they signed in with before; without it, only who cannot sign in yet gets a link.

        Raises:
            RuleError: not enrolled, not permitted, the person can sign in already, or too many minutes.
        """
        with self._store.write() as connection:
            return links.make(connection, self._clock(), name, minutes, by, anew)

    def by_link(self, secret: str) -> Reviewer:
        """Who a link signs in; it works no second time.

        Raises:
            RuleError: there is no such link, it was used, or its time is over.
        """
        with self._store.write() as connection:
            return links.use(connection, self._clock(), secret)

    def link_identity(self, name: str, issuer: str, subject: str, *, by: str) -> None:
        """Let an identity of another sign-in service (OIDC) stand for oneself, or for who cannot sign in yet.

        Raises:
            RuleError: not enrolled, not permitted, or it stands for somebody already.
        """
        with self._store.write() as connection:
            links.link_identity(connection, self._clock(), name, issuer, subject, by)

    def identity(self, issuer: str, subject: str) -> Reviewer | None:
        """The person for whom an identity of another service stands."""
        with self._store.read() as connection:
            return links.identity(connection, issuer, subject)

    def unlink_identities(self, name: str, *, by: str) -> None:
        """Forget the identities of other services that stand for oneself.

        Raises:
            RuleError: another person.
        """
        acts.only_self(name, by)
        with self._store.write() as connection:
            links.unlink_identities(connection, self._clock(), name)

    # --- password and code ----------------------------------------------------------------------------

    def set_password(self, name: str, password: str, *, by: str, current: str | None = None) -> None:
        """Set one's own password.

        Args:
            current: the password of before, where there is one.

        Raises:
            RuleError: another person, not enrolled, the current password is wrong, tried too often, or a password
                that is guessed quickly.
        """
        acts.only_self(name, by)
        words.check_new(name, password)
        with self._store.read() as connection:
            kept = words.kept_of(connection, name)
        if kept is not None and not self._right_password(name, current or ""):
            raise RuleError("The current password is another one.", where="current", mend="Type it again.")
        fresh = words.hashed(password)
        with self._store.write() as connection:
            words.put(connection, self._clock(), name, fresh)

    def check_password(self, name: str, password: str) -> Reviewer | None:
        """The person, if this is their password. It alone signs nobody in: a code comes with it.

        Names that nobody has get the same answer after the same work.

        Raises:
            RuleError: tried too often; it says until when to wait.
        """
        return self._reviewer(name) if self._right_password(name, password) else None

    def begin_totp(self, name: str, key: bytes, *, by: str) -> tuple[str, str]:
        """A secret for one's own authenticator app, and as an otpauth address; it counts once a code confirms it.

        Raises:
            RuleError: another person, or not enrolled.
        """
        acts.only_self(name, by)
        with self._store.write() as connection:
            return totp.begin(connection, name, key)

    def confirm_totp(self, name: str, code: str, key: bytes, *, by: str) -> bool:
        """Whether a code is one of the new secret, which counts from then on.

        Raises:
            RuleError: another person, tried too often, or no secret waits for it.
        """
        acts.only_self(name, by)
        self._count(_CODE, name)
        with self._store.write() as connection:
            right = totp.confirm(connection, self._clock(), name, code, key)
            if right:
                tries.succeeded(connection, _CODE, name)
        return right

    def check_totp(self, name: str, code: str, key: bytes) -> bool:
        """Whether a code is right and was not taken before; it is not taken again.

        Raises:
            RuleError: tried too often; it says until when to wait.
        """
        self._count(_CODE, name)
        with self._store.write() as connection:
            right = totp.check(connection, self._clock(), name, code, key)
            if right:
                tries.succeeded(connection, _CODE, name)
        return right

    # --- passkeys -------------------------------------------------------------------------------------

    def begin_passkey(self, name: str, origin: str, *, by: str) -> tuple[str, str]:
        """The browser's options for making a passkey of one's own (JSON), and the name of the challenge.

        Raises:
            RuleError: another person, or not enrolled.
        """
        acts.only_self(name, by)
        with self._store.write() as connection:
            return keys.begin(connection, self._clock(), name, origin)

    def finish_passkey(self, name: str, challenge_id: str, credential: str, *, by: str, label: str = "") -> Passkey:
        """Keep the passkey that the browser made.

        Raises:
            RuleError: another person, the challenge is over, or the answer does not fit it.
        """
        acts.only_self(name, by)
        with self._store.write() as connection:
            asked = keys.used(
                connection, self._clock(), challenge_id
            )  # by itself: it is used even if what follows fails
        with self._store.write() as connection:
            return keys.finish(connection, self._clock(), name, asked, credential, label)

    def begin_passkey_sign_in(self, origin: str) -> tuple[str, str]:
        """The browser's options for signing in (JSON), and the name of the challenge."""
        with self._store.write() as connection:
            return keys.begin_sign_in(connection, self._clock(), origin)

    def finish_passkey_sign_in(self, challenge_id: str, credential: str) -> Reviewer | None:
        """Who signs in with a passkey; None: the challenge is over, or the answer is not right."""
        with self._store.write() as connection:
            return keys.finish_sign_in(connection, self._clock(), challenge_id, credential)

    def passkeys(self, name: str) -> list[Passkey]:
        """A person's passkeys, the oldest first."""
        with self._store.read() as connection:
            return keys.listed(connection, name)

    def remove_passkey(self, name: str, credential: str, *, by: str) -> None:
        """Forget one of one's own passkeys.

        Raises:
            RuleError: another person, or no such passkey.
        """
        acts.only_self(name, by)
        with self._store.write() as connection:
            keys.remove(connection, self._clock(), name, credential)

    # --- preferences ----------------------------------------------------------------------------------

    def preferences(self, name: str) -> dict[str, Any]:
        """What a person has chosen, and what is usual where they chose nothing."""
        with self._store.read() as connection:
            return choices.read(connection, name)

    def set_preferences(self, name: str, chosen: Mapping[str, Any], *, by: str) -> dict[str, Any]:
        """Keep some of one's own choices beside those of before; all of them.

        Raises:
            RuleError: another person, or not enrolled.
            ConfigurationError: there is no such choice.
        """
        acts.only_self(name, by)
        with self._store.write() as connection:
            return choices.write(connection, name, chosen)

    # --- inside ---------------------------------------------------------------------------------------

    def _right_password(self, name: str, password: str) -> bool:
        """The try is counted first, and the work is done outside any transaction."""
        self._count(_PASSWORD, name)
        with self._store.read() as connection:
            kept = words.kept_of(connection, name)
        if not words.matches(kept, password) or kept is None:
            return False
        anew = words.hashed(password) if words.outdated(kept) else None
        with self._store.write() as connection:
            tries.succeeded(connection, _PASSWORD, name)
            if anew is not None and words.kept_of(connection, name) == kept:
                words.replace(connection, self._clock(), name, anew)
        return True

    def _count(self, kind: str, name: str) -> None:
        with self._store.write() as connection:
            tries.begin(connection, self._clock(), kind, name)

    def _reviewer(self, name: str) -> Reviewer | None:
        with self._store.read() as connection:
            return acts.by_key(connection, rules.person_key(name))
