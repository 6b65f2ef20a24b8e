"""The casebook's tables of people: how they sign in, what they are signed in with, and what two of them agree on.

Of links, sessions and tokens only hashes are kept: whoever reads the casebook cannot sign in with what stands in it.
``person`` is the name as it is compared. Times are integers, UTC microseconds since 1970.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from seawall.casebook.metadata import metadata

passwords = Table(
    "passwords",
    metadata,
    Column("person", String, ForeignKey("reviewers.key"), primary_key=True),
    Column("hash", Text, nullable=False),  # Argon2id with its salt and its costs
    Column("set_at", BigInteger, nullable=False),
)

totp_secrets = Table(
    "totp_secrets",
    metadata,
    Column("person", String, ForeignKey("reviewers.key"), primary_key=True),
    Column("sealed", Text),  # under the key in the workspace's folder; null until a first code was right
    Column("pending", Text),  # a new one, until a first code was right
    Column("last_step", BigInteger, nullable=False),  # no code of this step or an earlier one is taken again
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("credential", String, primary_key=True),  # base64url
    Column("person", String, ForeignKey("reviewers.key"), nullable=False, index=True),
    Column("public_key", Text, nullable=False),  # COSE, base64url
    Column("counter", BigInteger, nullable=False),
    Column("label", String, nullable=False),
    Column("added_at", BigInteger, nullable=False),
)

passkey_challenges = Table(
    "passkey_challenges",
    metadata,
    Column("hash", String, primary_key=True),  # of the id that the browser gives back
    Column("person", String),  # null: somebody signs in
    Column("challenge", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("hash", String, primary_key=True),
    Column("person", String, ForeignKey("reviewers.key"), nullable=False, index=True),
    Column("ends_at", BigInteger, nullable=False),
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("subject", String, primary_key=True),  # a hash: what is tried, and by or for whom
    Column("tries", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("paused_until", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String, primary_key=True),
    Column("person", String, ForeignKey("reviewers.key"), nullable=False, index=True),
    Column("how", String, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_id", String, primary_key=True),
    Column("hash", String, nullable=False),
    Column("person", String, ForeignKey("reviewers.key"), nullable=False, index=True),
    Column("scopes", Text, nullable=False),  # separated by spaces
    Column("made_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    UniqueConstraint("hash"),
)

outside_identities = Table(
    "outside_identities",
    metadata,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("person", String, ForeignKey("reviewers.key"), nullable=False, index=True),
    Column("linked_at", BigInteger, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("person", String, ForeignKey("reviewers.key"), primary_key=True),
    Column("body", Text, nullable=False),
)

person_queues = Table(
    "person_queues",
    metadata,
    Column("person", String, ForeignKey("reviewers.key"), primary_key=True),
    Column("queue", String, primary_key=True),  # a detector's name; where a person has none, every queue is theirs
)

OF_A_PERSON = (
    passwords,
    totp_secrets,
    passkeys,
    sign_in_links,
    sessions,
    api_tokens,
    outside_identities,
    preferences,
    person_queues,
)
"""What goes when a person is removed."""

requests = Table(
    "requests",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subjects", Text, nullable=False),  # JSON list of ids
    Column("asked_by", String, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String, nullable=False),
    Column("state", String, nullable=False),
    Column("ends_at", BigInteger, nullable=False),  # a waiting request expires, an agreed one can no longer be used
    Column("apart", Integer, nullable=False),  # 1 = of safeguarding, and seen by nobody else
    Index("requests_by_state", "state"),
)

request_answers = Table(
    "request_answers",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("request_id", String, ForeignKey("requests.request_id"), nullable=False),
    Column("reviewer", String, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
    Column("agreed", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String, nullable=False),
    UniqueConstraint("request_id"),  # one other person settles it
)
