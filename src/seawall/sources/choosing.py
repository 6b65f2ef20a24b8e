"""One source out of several, by its name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Protocol, TypeVar

from seawall.errors import ConfigurationError


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """By which a user calls it."""
        ...


Chosen = TypeVar("Chosen", bound=Named)


def chosen(sources: Sequence[Chosen], name: str, *, kind: str, where: str) -> Chosen:
    """The source of that name.

    Args:
        sources: to choose from.
        name: as the user wrote it.
        kind: what messages call them: "live source".
        where: what the user wrote it for: "--source".

    Raises:
        ConfigurationError: there is none; the message names the nearest.
    """
    names = [source.name for source in sources]
    if name in names:
        return sources[names.index(name)]
    near = get_close_matches(name, names, n=1)
    raise ConfigurationError(
        f"There is no such {kind}.",
        where=where,
        mend=(f"Did you mean {near[0]}? " if near else "") + f"There are: {', '.join(sorted(names))}.",
    )
