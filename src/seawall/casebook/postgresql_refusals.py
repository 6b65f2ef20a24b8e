"""What a PostgreSQL server or the way to it refuses, as sentences; never its own texts, which may quote values."""

from __future__ import annotations

import ssl

from seawall.errors import StorageError

APPEND_ONLY = "P0001"
BUSY = "55P03"
_LINK = "link"
_CERTIFICATE = "certificate"
_REFUSALS = {
    _LINK: (
        "The database's server cannot be reached, or broke off.",
        "Check that it runs, its address, and the network between; then repeat the command.",
    ),
    _CERTIFICATE: (
        "The database's server did not prove who it is.",
        "Name the certificates that vouch for it with sslrootcert=FILE in the casebook's address.",
    ),
    "28": (
        "The database's server does not accept this role or its password.",
        "Set SEAWALL_CASEBOOK_PASSWORD, or put the password into keys/casebook.password.",
    ),
    "3D000": ("The server has no such database.", "Make it first; docs/how-to/keep-the-casebook-in-postgresql.md."),
    "42501": ("This role may not do that in the database.", "Let the role own the database and its tables."),
    "42P01": ("A table of the casebook is gone.", "Restore the database from a copy."),
    "25006": ("The database cannot be written.", "Check that its server is not a standby."),
    "40": ("Another process holds the casebook.", "Wait until it has finished and repeat the command."),
    BUSY: ("Another process holds the casebook.", "Wait until it has finished and repeat the command."),
    "53100": ("The disk of the database's server is full; nothing was recorded.", "Free some space there and repeat."),
    "53300": ("The database's server takes no more connections.", "Raise its max_connections, or use fewer processes."),
    "53": ("The database's server has no room left for this act.", "Look into the server's log, then repeat."),
    "57": ("The database's server stops, starts or ended the act.", "Repeat the command in a moment."),
    "58": ("The disk of the database's server failed.", "Look into the server's log."),
    "XX": ("The casebook is damaged.", "Restore the database from a copy; seawall audit verify tells what is missing."),
    APPEND_ONLY: ("The audit refused to be changed, so the act was refused as well.", "Run seawall audit verify."),
}
"""SQLSTATE or its beginning -> what and how to mend it. The longest beginning counts."""


def refusal(error: BaseException | None, where: str) -> StorageError:
    """The error as a sentence."""
    code = code_of(error)
    for length in range(len(code), 1, -1):
        if code[:length] in _REFUSALS:
            what, mend = _REFUSALS[code[:length]]
            return StorageError(what, where=where, mend=mend)
    return StorageError(f"The casebook refused ({code}).", where=where, mend="Look into the server's log.")


def unknown_outcome(where: str) -> StorageError:
    """The link broke while an act was being made lasting."""
    return StorageError(
        "The database's server broke off while it recorded the act: it may have been recorded or not.",
        where=where,
        mend="Look before you repeat it.",
    )


def code_of(error: BaseException | None) -> str:
    """The SQLSTATE; "link" where there is no answer of the server, "certificate" where it is not who it should be."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE
    told = error.args[0] if error is not None and error.args else None
    if isinstance(told, dict):
        return str(told.get("C", "")) or _LINK
    return _LINK
