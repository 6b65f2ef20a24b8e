"""A refusal as a page shows it beside the form that it is about."""

from __future__ import annotations

from dataclasses import dataclass

from seawall.errors import SeawallError


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong and how to mend it; English, the keys of their translations."""

    what: str
    mend: str = ""

    @classmethod
    def of(cls, error: SeawallError) -> Told:
        """An error of Seawall's own."""
        return cls(error.what, error.mend or "")
