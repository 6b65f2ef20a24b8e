"""What a simulated takedown is made of: published figures as settings, and the ranges from which habits are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from seawall.errors import ConfigurationError
from seawall.simulate.manners import AMOUNT, PROBABILITY, Range, widened

LIFE_BEFORE_DAYS, LIFE_AFTER_DAYS = 302.0, 14.0
"""Published: the mean life of new channels before the action of 2019 and after it."""

FALL_2018, FALL_2019 = 0.15, 0.955
"""Published: by how much posts fell in the actions of 2018 and 2019."""


@dataclass(frozen=True)
class Action:
    """A day on which channels of the communities that are acted on are taken down.

    Args:
        day: days after the beginning of the world.
        fall: the share of those communities' messages that is gone afterwards.
        life_days: mean life of their channels that open from then on; None: as before.
        over_days: days over which the channels end.
    """

    day: float
    fall: float
    life_days: float | None = None
    over_days: float = 2.0

    def __post_init__(self) -> None:
        if not 0 <= self.fall <= 1:
            raise ConfigurationError("A share lies between 0 and 1.", where="setting actions, fall")
        if self.day < 0 or self.over_days <= 0 or (self.life_days is not None and self.life_days <= 0):
            raise ConfigurationError("Days of an action are above 0.", where="setting actions")


TAKEDOWN_RANGES: Mapping[str, tuple[str, Range]] = {
    "returns": (PROBABILITY, (0.45, 0.75)),
    "prepared": (PROBABILITY, (0.1, 0.35)),
    "return_days": (AMOUNT, (1.0, 4.0)),
    "merges": (PROBABILITY, (0.02, 0.08)),
    "splits": (PROBABILITY, (0.02, 0.08)),
    "keeps_name": (PROBABILITY, (0.4, 0.75)),
    "announces": (PROBABILITY, (0.3, 0.6)),
    "announced_by_others": (PROBABILITY, (0.3, 0.6)),
    "points_back": (PROBABILITY, (0.15, 0.4)),
    "forwards_old": (PROBABILITY, (0.2, 0.5)),
    "reposts_media": (PROBABILITY, (0.4, 0.8)),
    "repeats_texts": (PROBABILITY, (0.35, 0.75)),
    "keeps_sites": (PROBABILITY, (0.4, 0.8)),
    "share_copied": (AMOUNT, (0.05, 0.3)),
    "members_follow": (PROBABILITY, (0.3, 0.7)),
    "fans": (PROBABILITY, (0.04, 0.12)),
    "look_alikes": (PROBABILITY, (0.04, 0.12)),
    "copycats": (PROBABILITY, (0.02, 0.08)),
    "same_day": (PROBABILITY, (0.04, 0.12)),
    "spam_shares": (PROBABILITY, (0.1, 0.35)),
}
"""The fitting ranges of a world's habits, and how each is drawn."""

TAKEDOWN_MEANINGS: Mapping[str, str] = {
    "returns": "a channel that was taken down has a successor",
    "prepared": "the successor opened before the end",
    "return_days": "else days after the end until it opens, median",
    "merges": "it succeeds another ended channel, too",
    "splits": "there are two successors",
    "keeps_name": "its handle is made from the old one",
    "announces": "the old channel gave its address before the end",
    "announced_by_others": "channels that forwarded the old one give its address",
    "points_back": "it gives the old one's address",
    "forwards_old": "it forwards messages of the old one",
    "reposts_media": "it posts media of the old one again",
    "repeats_texts": "it posts texts of the old one again",
    "keeps_sites": "it links to the old one's own site",
    "share_copied": "share of its first month's messages that are such, of each kind",
    "members_follow": "a member of an ended group joins its successor",
    "fans": "channels that copy another one, for each channel and for each end",
    "look_alikes": "unrelated channels with a handle made from an ended one's, for each end",
    "copycats": "strangers who take a handle made from an ended one's and its old media, for each end",
    "same_day": "unrelated channels that open on the day of an end, for each end",
    "spam_shares": "share of groups in which an unrelated channel's address is given again and again",
}


@dataclass(frozen=True)
class TakedownSettings:
    """What ``takedown_world`` makes.

    Args:
        channels: alive at the beginning.
        communities: of channels that forward one another; the actions are on some of them.
        acted_on: share of communities that the actions are on; the others are what one compares with.
        days: how long the world lasts.
        groups: share of channels that are groups, in which members write; the others are broadcast channels.
        messages_a_day: of a channel, median.
        life_days: mean life of channels where nobody acts.
        actions: when channels are taken down; by default the first figures of 2018, later those of 2019.
        wide: the habits were drawn from the wide ranges.
        habits: of ``TAKEDOWN_RANGES``; those that are left out are the middle of their fitting range.

    Raises:
        ConfigurationError: a value that cannot be.
    """

    channels: int = 120
    communities: int = 8
    acted_on: float = 0.5
    days: float = 200.0
    groups: float = 0.3
    messages_a_day: float = 2.5
    life_days: float = LIFE_BEFORE_DAYS
    actions: tuple[Action, ...] = (Action(70.0, FALL_2018), Action(130.0, FALL_2019, LIFE_AFTER_DAYS))
    wide: bool = False
    habits: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, least in (("channels", 4), ("communities", 2), ("days", 10), ("messages_a_day", 0.01)):
            if getattr(self, name) < least:
                raise ConfigurationError(f"It cannot be below {least}.", where=f"setting {name}")
        for name in ("acted_on", "groups"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigurationError("A share lies between 0 and 1.", where=f"setting {name}")
        if self.life_days <= 0:
            raise ConfigurationError("A mean life is above 0.", where="setting life_days")
        _check_habits(self.habits)
        if late := [action.day for action in self.actions if action.day >= self.days]:
            raise ConfigurationError(
                f"The action on day {late[0]:g} lies after the end of the world, day {self.days:g}.",
                where="setting actions", mend="Give more days, or an earlier action.",
            )  # fmt: skip

    def habit(self, name: str) -> float:
        """A habit of this world."""
        law, (low, high) = TAKEDOWN_RANGES[name]
        middle = (low + high) / 2 if law == PROBABILITY else float(np.sqrt(low * high))
        return float(self.habits.get(name, middle))

    @classmethod
    def drawn(cls, rng: np.random.Generator, *, wide: bool = False, **told: Any) -> TakedownSettings:
        """Settings whose habits are drawn from their ranges.

        Args:
            rng: where chance comes from.
            wide: from the wider ranges, for evaluation; else from those that models are fitted on.
            told: settings that are given and not drawn.
        """
        habits = {}
        for name, (law, fitting) in TAKEDOWN_RANGES.items():
            low, high = widened(law, fitting) if wide else fitting
            share = float(rng.random())
            habits[name] = low + share * (high - low) if law == PROBABILITY else float(low * (high / low) ** share)
        return replace(cls(wide=wide, habits=habits), **told)

    def as_dict(self) -> dict[str, Any]:
        """The settings for JSON."""
        told = asdict(self) | {"actions": [asdict(action) for action in self.actions]}
        return told | {"habits": {name: self.habit(name) for name in TAKEDOWN_RANGES}}


def _check_habits(habits: Mapping[str, float]) -> None:
    for name, value in habits.items():
        if name not in TAKEDOWN_RANGES:
            raise ConfigurationError(
                f"There is no habit {name!r}.", where="habits", mend=f"There are: {', '.join(TAKEDOWN_RANGES)}."
            )
        highest = 1.0 if TAKEDOWN_RANGES[name][0] == PROBABILITY else 1000.0
        if not 0 <= value <= highest:
            raise ConfigurationError(
                f"The habit {name} cannot have this value.", where="habits", mend=f"Give 0 to {highest:g}."
            )
