"""Every error that Seawall raises on purpose.

The tree::

    SeawallError
    ├── ConfigurationError      a setting, option or workspace that cannot work as given
    │   └── WorkspaceError      no workspace here, a newer one, or one that is in use
    ├── InputError              something in a file or a table that was handed in
    │   ├── UnknownFormatError  no source recognises it
    │   └── UnsafeArchiveError  an archive that unpacks to too much, too deep or outside itself
    ├── ConnectError            a live source, a receiver or a cluster cannot be reached, or answers nonsense
    │   └── AccessError         it refuses the token: trying again is of no use
    ├── MeasureError            a measure was called with columns or parameters that it cannot use
    ├── StorageError            the disk or the object storage refused: full, no permission, damaged
    │   └── BacklogError        so much waits for the lake that no more is taken in for now
    └── RuleError               a rule of the casebook forbids this act

Each message says what is wrong, where (file, line, field) and how to mend it, and never quotes
a value out of the data, because that value may be private.
"""

from __future__ import annotations


class SeawallError(Exception):
    """Base of all errors that Seawall raises on purpose.

    Args:
        what: what is wrong, one sentence.
        where: the place: a file, a line, a field, a table.
        mend: what the reader can do about it.

    >>> print(SeawallError("The column is missing.", where="shares.csv, field at", mend="Name it with --map."))
    The column is missing. (shares.csv, field at) Name it with --map.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"({self.where})")
        if self.mend:
            parts.append(self.mend)
        return " ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.mend)


def _rebuild(kind: type[SeawallError], what: str, where: str | None, mend: str | None) -> SeawallError:
    return kind(what, where=where, mend=mend)


class ConfigurationError(SeawallError):
    """A setting or option that cannot work as given. It is never a finding."""

    exit_code = 2


class WorkspaceError(ConfigurationError):
    """There is no workspace here, a newer Seawall or another process writes it, or another workspace has this place."""

    exit_code = 3


class InputError(SeawallError):
    """Something in a file or table that was handed in cannot be read at all."""

    exit_code = 4


class UnknownFormatError(InputError):
    """No source recognises the input, or several do equally well."""


class UnsafeArchiveError(InputError):
    """An archive unpacks to too much, nests too deep, or names paths outside itself."""


class ConnectError(SeawallError):
    """A server cannot be reached, breaks off, or answers what its interface does not allow.

    ``retry_after``: seconds that the server asks to wait, where it does. ``status``: that of an HTTP answer.
    ``code``: the short word by which the server names its refusal ("error-room-not-found"); for the source alone.
    """

    exit_code = 7

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        mend: str | None = None,
        retry_after: float | None = None,
        status: int | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(what, where=where, mend=mend)
        self.retry_after = retry_after
        self.status = status
        self.code = code


class AccessError(ConnectError):
    """A server refuses the token or the right; trying again is of no use."""


class MeasureError(SeawallError):
    """A measure was called with columns or parameters that it cannot use."""

    exit_code = 4


class StorageError(SeawallError):
    """The disk refused (full, read-only, a damaged file), or the object storage did (rights, credentials, network)."""

    exit_code = 5


class BacklogError(StorageError):
    """So much waits to be written that no more is taken in; what was acknowledged is not touched.

    ``retry_after``: seconds to wait before trying again, where that can be said.
    """

    def __init__(
        self, what: str, *, where: str | None = None, mend: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(what, where=where, mend=mend)
        self.retry_after = retry_after


class RuleError(SeawallError):
    """A rule of the casebook forbids this act, whoever asks through whichever interface."""

    exit_code = 6
