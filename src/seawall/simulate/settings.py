"""What a simulated world is to hold, and the ranges from which the settings of the world itself are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from seawall.errors import ConfigurationError
from seawall.simulate.manners import PROBABILITY, Range, check_pinned, widened
from seawall.simulate.platform import Platform
from seawall.simulate.roles import DECOYS

WORLD_RANGES: Mapping[str, Range] = {
    "existing": (0.2, 0.6),
    "second_generation": (0.02, 0.1),
    "cover": (3.0, 12.0),
}
"""The fitting ranges of the settings that belong to a world and not to a group."""
_LAWS = {"existing": PROBABILITY, "second_generation": PROBABILITY, "cover": "amount"}


@dataclass(frozen=True)
class FunnelSettings:
    """What ``funnel_world`` plants.

    Args:
        accounts: of the synthetic background, where none is given.
        days: of the synthetic background.
        interactions: about how many rows it has; ten for each account where None.
        prevalence: hubs of funnels for each account of the background; at least one is planted.
        hubs: so many instead (0: none).
        decoys_per_hub: accounts in honest roles for each hub of a funnel.
        decoys: so many instead.
        roles: the honest roles, taken in turns.
        existing: share of groups that use accounts which the background has, with their ordinary life going on; the
            others are new accounts.
        cover: acquaintances of ordinary life that a new account has, median.
        second_generation: chance that a newcomer who was handed over becomes a hub later.
        wide: draw habits from the wide ranges instead of the fitting ones.
        pinned: habits of the funnels that are set instead of drawn (names of ``seawall.simulate.MEANINGS``).
        platform: which acts the platform has; None: those that the background shows.

    Raises:
        ConfigurationError: a value that cannot be.
    """

    accounts: int = 20_000
    days: float = 60.0
    interactions: int | None = None
    prevalence: float = 1e-3
    hubs: int | None = None
    decoys_per_hub: float = 1.0
    decoys: int | None = None
    roles: tuple[str, ...] = DECOYS
    existing: float = 0.4
    cover: float = 6.0
    second_generation: float = 0.05
    wide: bool = False
    pinned: Mapping[str, float] = field(default_factory=dict)
    platform: Platform | None = None

    def __post_init__(self) -> None:
        for name in ("prevalence", "existing", "second_generation"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigurationError("A share lies between 0 and 1.", where=f"setting {name}")
        for name in ("hubs", "decoys", "decoys_per_hub", "cover"):
            told = getattr(self, name)
            if told is not None and not 0 <= told < 1e6:
                raise ConfigurationError("A number cannot be below 0.", where=f"setting {name}")
        unknown = [role for role in self.roles if role not in DECOYS]
        if unknown:
            raise ConfigurationError(
                f"There is no honest role {unknown[0]!r}.",
                where="setting roles",
                mend=f"There are: {', '.join(DECOYS)}.",
            )
        check_pinned(self.pinned)

    @classmethod
    def drawn(cls, rng: np.random.Generator, *, wide: bool = False, **told: Any) -> FunnelSettings:
        """Settings of a world drawn from their ranges; habits are drawn from them group by group, too.

        Args:
            rng: where chance comes from.
            wide: from the wider ranges, for evaluation; else from those that models are fitted on.
            told: settings that are given and not drawn.
        """
        values: dict[str, Any] = {}
        for name, fitting in WORLD_RANGES.items():
            low, high = widened(_LAWS[name], fitting) if wide else fitting
            values[name] = float(low + rng.random() * (high - low))
        return replace(cls(wide=wide, **values), **told)

    def as_dict(self) -> dict[str, Any]:
        """The settings for JSON."""
        told = asdict(self) | {"roles": list(self.roles), "pinned": dict(self.pinned)}
        return told | {"platform": None if self.platform is None else self.platform.as_dict()}
