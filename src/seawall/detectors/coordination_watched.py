"""Coordination while it happens: by fixed thresholds, because chance is a statement about a whole table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from seawall.detectors.coordination import CoordinationDetector
from seawall.detectors.coordination_shares import COLUMNS
from seawall.detectors.coordination_standing import CoordinationStanding
from seawall.errors import ConfigurationError


@dataclass(frozen=True)
class WatchedCoordination(CoordinationDetector):
    """Groups of accounts that shared the same things within seconds of one another, again and again.

    ``CoordinationDetector`` with ``q`` None, in the layers text, repost and link: it has a standing state, and needs
    fewer columns. Why chance is not asked: docs/adr/0013.

    Raises:
        ConfigurationError: another layer, or a rate ``q``.
    """

    min_repeats: int = 5
    layers: tuple[str, ...] = tuple(COLUMNS)
    q: float | None = None

    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": ("message_id", "account_id", "sent_at", "text_key", "repost_of", "links")
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if not set(self.layers) <= set(COLUMNS):
            raise ConfigurationError(
                "This layer is not watched.", where="layers", mend=f"Choose from {', '.join(COLUMNS)}."
            )
        if self.q is not None:
            raise ConfigurationError(
                "Chance is not computed while it happens.", where="q", mend="Leave q out; see docs/adr/0013."
            )

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> CoordinationStanding:
        """An empty state that can be fed, or the one that was saved."""
        return CoordinationStanding(self, saved)
