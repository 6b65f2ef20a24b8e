"""Which simulated channels there are: when each opens and ends, what comes after it, and what only looks so."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from math import inf

import numpy as np

from seawall.simulate.takedown_handles import Handles
from seawall.simulate.takedown_settings import Action, TakedownSettings

CHANNEL, SUCCESSOR, FAN, LOOK_ALIKE, COPYCAT, SAME_DAY, SPAM = (
    "channel", "successor", "fan", "look_alike", "copycat", "same_day", "spam",
)  # fmt: skip
_DECOYS = (
    (LOOK_ALIKE, "look_alikes", 10.0), (COPYCAT, "copycats", 10.0), (SAME_DAY, "same_day", 0.4), (FAN, "fans", 10.0),
)  # fmt: skip
"""What may open after an end without being a successor, how often, and within about how many days."""
END_KINDS = ("taken_down", "dormant", "renamed", "unknown")
_NATURAL = (0.35, 0.35, 0.1, 0.2)
_RETURNS = {"taken_down": 1.0, "dormant": 0.15, "renamed": inf, "unknown": 0.5}
"""How often an end of each kind is followed by a successor, in parts of the habit ``returns``."""

TRACES = (
    "keeps_name", "announces", "announced_by_others", "points_back", "forwards_old", "reposts_media", "repeats_texts",
    "keeps_sites",
)  # fmt: skip
_MERGED_WITHIN, _SPAMMERS = 6.0, 2


@dataclass(slots=True)
class Life:
    """One channel. Times in days of the world; ``opened`` may lie before its beginning, ``ended`` after its end."""

    number: int
    handle: str
    kind: str
    community: int
    opened: float
    ended: float
    rate: float
    role: str = CHANNEL
    end_kind: str = ""
    after: list[int] = field(default_factory=list)
    """The ended channels that it succeeds."""
    of: int = -1
    """The channel that a decoy is about."""
    traces: frozenset[str] = frozenset()


class Lives:
    """The channels of a world, in the order in which they open.

    Args:
        settings: of the world.
        rng: where chance comes from.
    """

    def __init__(self, settings: TakedownSettings, rng: np.random.Generator) -> None:
        self.settings = settings
        self.all: list[Life] = []
        self._rng = rng
        self._handles = Handles(rng)
        self._agenda: list[tuple[float, int, str, int]] = []
        self._counted = 0
        self._acted_on = max(1, round(settings.acted_on * settings.communities)) if settings.acted_on else 0
        self._begin()
        self._run()
        self.all.sort(key=lambda life: (life.opened, life.number))

    def is_acted_on(self, community: int) -> bool:
        """Whether the actions are on channels of this community."""
        return community < self._acted_on

    def _plan(self, when: float, what: str, which: int = -1) -> None:
        self._counted += 1
        heapq.heappush(self._agenda, (when, self._counted, what, which))

    def _begin(self) -> None:
        settings, rng = self.settings, self._rng
        for _ in range(settings.channels):
            self._open(-float(rng.exponential(settings.life_days)))
        arrivals = rng.poisson(settings.days * settings.channels / settings.life_days)
        for when in rng.uniform(0, settings.days, arrivals):
            self._plan(float(when), "open")
        for place, action in enumerate(settings.actions):
            self._plan(action.day, "act", place)
        for when in rng.uniform(0.1, 0.9, _SPAMMERS) * settings.days:
            self._plan(float(when), "spam")

    def _run(self) -> None:
        while self._agenda and self._agenda[0][0] < self.settings.days:
            when, _, what, which = heapq.heappop(self._agenda)
            if what == "open":
                self._open(when)
            elif what == "act":
                self._act(self.settings.actions[which])
            elif what == "spam":
                self._open(when, role=SPAM)
            elif self.all[which].ended == when:
                self._end(self.all[which])

    def _open(self, opened: float, *, like: Life | None = None, role: str = CHANNEL, handle: str | None = None) -> Life:
        settings, rng = self.settings, self._rng
        community = int(rng.integers(settings.communities)) if like is None else like.community
        kind = like.kind if like is not None else "group" if rng.random() < settings.groups else "broadcast"
        rate = settings.messages_a_day * float(np.exp(rng.normal(0, 0.7)))
        life = Life(len(self.all), handle or self._handles.fresh(), kind, community, opened, inf, rate, role)
        life.ended = max(opened, 0.0) + float(rng.exponential(self._mean_life(community, opened)))
        life.end_kind = str(rng.choice(END_KINDS, p=_NATURAL))
        self.all.append(life)
        self._plan(life.ended, "end", life.number)
        if role in (CHANNEL, SUCCESSOR) and rng.random() < settings.habit("fans"):
            self._decoy(FAN, life, max(opened, 0.0) + float(rng.uniform(3, 60)))
        return life

    def _mean_life(self, community: int, when: float) -> float:
        told = [
            action.life_days
            for action in self.settings.actions
            if action.life_days is not None and action.day <= when and self.is_acted_on(community)
        ]
        return told[-1] if told else self.settings.life_days

    def _act(self, action: Action) -> None:
        """Channels of the communities that are acted on end until their messages have fallen by the share."""
        rng = self._rng
        alive = [
            life for life in self.all if life.opened <= action.day < life.ended and self.is_acted_on(life.community)
        ]
        left = action.fall * sum(life.rate for life in alive)
        for place in rng.permutation(len(alive)):
            life = alive[int(place)]
            if life.rate > left * 1.5:
                continue
            left -= life.rate
            life.ended, life.end_kind = action.day + float(rng.uniform(0, action.over_days)), "taken_down"
            self._plan(life.ended, "end", life.number)

    def _end(self, life: Life) -> None:
        settings, rng = self.settings, self._rng
        if life.role in (CHANNEL, SUCCESSOR):
            if rng.random() < min(1.0, settings.habit("returns") * _RETURNS[life.end_kind]):
                self._succeed(life)
            for role, habit, spread in _DECOYS:
                if rng.random() < settings.habit(habit):
                    late = float(rng.normal(0, spread))
                    late = abs(late) if role in (FAN, COPYCAT) else late
                    self._decoy(role, life, max(0.0, life.ended + late))

    def _decoy(self, role: str, about: Life, when: float) -> None:
        if when >= self.settings.days:
            return
        handle = self._handles.after(about.handle) if role in (LOOK_ALIKE, COPYCAT) else None
        near = about if role in (FAN, COPYCAT) or self._rng.random() < 0.5 else None
        self._open(when, like=near, role=role, handle=handle).of = about.number

    def _succeed(self, life: Life) -> None:
        settings, rng = self.settings, self._rng
        if rng.random() < settings.habit("merges"):
            for other in reversed(self.all):
                if self._takes_in(other, life):
                    other.after.append(life.number)
                    return
        for _ in range(2 if rng.random() < settings.habit("splits") else 1):
            self._successor(life)

    def _takes_in(self, other: Life, life: Life) -> bool:
        near = other.role == SUCCESSOR and other.community == life.community and other.number != life.number
        return near and life.opened < other.opened and self._at_once(other, life)

    @staticmethod
    def _at_once(other: Life, life: Life) -> bool:
        return abs(other.opened - life.ended) < _MERGED_WITHIN and other.ended > life.ended + 1

    def _successor(self, life: Life) -> None:
        settings, rng = self.settings, self._rng
        traces = frozenset(name for name in TRACES if rng.random() < settings.habit(name))
        if life.end_kind == "renamed":
            opened = life.ended + float(rng.uniform(0, 0.02))
        elif rng.random() < settings.habit("prepared"):
            opened = max(life.opened + 0.1, 0.05, life.ended - float(np.exp(rng.normal(np.log(6), 1.0))))
        else:
            opened = life.ended + settings.habit("return_days") * float(np.exp(rng.normal(0, 1.0)))
        if opened >= settings.days:
            return
        handle = self._handles.after(life.handle) if "keeps_name" in traces else None
        made = self._open(opened, like=life, role=SUCCESSOR, handle=handle)
        made.rate = life.rate * float(rng.uniform(0.4, 1.1))
        if made.ended < life.ended + 0.2:
            made.ended = life.ended + 0.2
            self._plan(made.ended, "end", made.number)
        made.after, made.traces = [life.number], traces
