"""What one of two reviewers contributes to opening some identities: worth nothing without the other's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Halves:
    """Halves of the data keys of the files in which these identities lie. They live in memory only."""

    public: bytes  # the reviewer's public key
    of_files: Mapping[str, Mapping[str, bytearray]]  # file -> pair of reviewers -> half

    def wipe(self) -> None:
        """Overwrite the halves; copies that Python or the cipher made meanwhile are out of reach."""
        for of_pairs in self.of_files.values():
            for half in of_pairs.values():
                half[:] = bytes(len(half))
