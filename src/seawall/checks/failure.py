"""What a conformance check raises."""

from __future__ import annotations

from seawall.errors import SeawallError


class CheckFailed(SeawallError, AssertionError):  # noqa: N818 - it is an outcome
    """A plug-in breaks its contract; the message names which part of it."""


def expect(kept: bool, contract: str, where: str, mend: str | None = None) -> None:
    """Raise CheckFailed with the contract that is not kept.

    >>> expect(True, "The answer does not depend on the order of rows.", "detector canary")
    """
    if not kept:
        raise CheckFailed(f"Broken contract: {contract}", where=where, mend=mend)
