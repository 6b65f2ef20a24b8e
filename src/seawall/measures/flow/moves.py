"""Places that unusually many members of a community link to, as against its own past and the rest of its platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from seawall.measures.flow.acts import Ints, Linked, Mask
from seawall.measures.flow.chance import Floats, Uptake
from seawall.measures.flow.episodes import Episodes, Rule, episodes
from seawall.measures.flow.leaving import Leaving, leaving
from seawall.measures.flow.scene import Level, Scene
from seawall.measures.keys import Keys


@dataclass(frozen=True)
class Bounds:
    """Below these nothing is asked.

    Args:
        least: members who linked to the place within ``Rule.window`` days of one another.
        share: of the members, that these are.
        factor: so many times the share among the platform's other accounts.
    """

    least: int = 5
    share: float = 0.05
    factor: float = 3.0


@dataclass(frozen=True)
class Move:
    """A place that members of a community began to link to.

    Args:
        level: "channel" or "platform".
        community: number of the community in its level.
        place: number of the place.
        gathering: whether people talk there (chat or social network).
        rows: the links of the first weeks.
        members: of the community when the first link came.
        followed: most of them whose first link fell within the window of one another.
        linked: all of them who linked within the first weeks.
        low: 95 % interval of ``followed / members`` (Clopper and Pearson).
        high: of the same.
        expected: how many of them new places of this kind usually draw.
        p_uptake: how likely so many are, by the community's own past.
        elsewhere: accounts of the rest of the platform that linked to it meanwhile.
        elsewhere_members: accounts of the rest of the platform.
        leaving: whether who linked fell silent; None = it is too early to tell.
        p: of all together (``seawall.measures.flow.moves``).
    """

    level: str
    community: int
    place: int
    gathering: bool
    rows: Linked
    members: int
    followed: int
    linked: int
    low: float
    high: float
    expected: float
    p_uptake: float
    elsewhere: int
    elsewhere_members: int
    leaving: Leaving | None
    p: float

    @property
    def share(self) -> float:
        """Of the members that followed."""
        return self.followed / self.members


def moves(scene: Scene, rule: Rule, bounds: Bounds) -> tuple[list[Move], int]:
    """Places that more members followed to than bounds ask, and how many new places there were in all.

    For a place where people gather p is that of the uptake: how likely so many members link to a new place within so
    few days, by what new places drew before. Pages that everybody links to for a while (an event, a collection, a
    popular site) draw as many; so for any other place p is the larger of the uptake's and that of leaving: those who
    linked fell silent, or it stood on their last day.
    """
    found: list[Move] = []
    number = 0
    for name, level in (("channel", scene.channels), ("platform", scene.platforms)):
        new = episodes(level.linked, level.acts, level.known, rule)
        number += int(new.told.sum())
        for place, p, expected in _unusual(new, level, scene.places.gathering, bounds):
            one = _move(scene, name, level, new, place, p, expected, rule, bounds)
            if one is not None:
                found.append(one)
    return found, number


def _unusual(new: Episodes, level: Level, gathering: Mask, bounds: Bounds) -> Iterator[tuple[int, float, float]]:
    """The episodes that bounds let pass, with the chance of their uptake, platform by platform and role by role."""
    if not len(new):
        return
    community = new.linked.community[new.first]
    gathers = gathering[new.linked.place[new.first]]
    platforms = np.array([name[0] for name in level.names])[community]
    for platform in np.unique(platforms).tolist():
        for role in (True, False):
            chosen = np.flatnonzero(new.told & (platforms == platform) & (gathers == role))
            yield from _in_turn(new, chosen[np.argsort(new.start[chosen], kind="stable")], community, bounds)


def _in_turn(new: Episodes, chosen: Ints, community: Ints, bounds: Bounds) -> Iterator[tuple[int, float, float]]:
    """Each is compared with those that began on days before."""
    uptake = Uptake()
    start, followers = new.start[chosen], np.maximum(new.followed[chosen] - 1, 0)
    others = np.maximum(new.members[chosen] - 1, followers)
    asked = (new.followed[chosen] >= bounds.least) & (new.followed[chosen] >= bounds.share * new.members[chosen])
    learnt: Floats | float = 0.0
    until, number = 0, 0
    for one in np.flatnonzero(asked).tolist():
        before = int(np.searchsorted(start, start[one]))
        if before > until:
            more, _ = uptake.likelihood(followers[until:before], others[until:before])
            learnt, until, number = learnt + more, before, before
        mine = np.flatnonzero(community[chosen[:before]] == community[chosen[one]])
        own, owned = uptake.likelihood(followers[mine], others[mine])
        p, expected = uptake.tail(int(followers[one]), int(others[one]), own, learnt - own, number - owned)
        yield int(chosen[one]), p, expected + 1.0


def _move(
    scene: Scene,
    name: str,
    level: Level,
    new: Episodes,
    one: int,
    p: float,
    expected: float,
    rule: Rule,
    bounds: Bounds,
) -> Move | None:
    rows, community, start = new.rows(one), new.community(one), int(new.start[one])
    members = level.acts.members(community, start - rule.pause, start, rule.least_days)
    followed, size = int(new.followed[one]), int(new.members[one])
    there, others = _elsewhere(scene, community, members, rows, rule) if name == "channel" else (0, 0)
    if there * size * bounds.factor > followed * others:
        return None
    gathering = bool(scene.places.gathering[int(rows.place[0])])
    left = leaving(rows, level.acts, level.known[community], members, rule)
    return Move(
        level=name,
        community=community,
        place=int(rows.place[0]),
        gathering=gathering,
        rows=rows,
        members=size,
        followed=followed,
        linked=int(np.isin(np.unique(rows.account), members).sum()),
        low=float(beta.ppf(0.025, followed, size - followed + 1)),
        high=float(beta.ppf(0.975, followed + 1, size - followed)) if followed < size else 1.0,
        expected=expected,
        p_uptake=p,
        elsewhere=there,
        elsewhere_members=others,
        leaving=left,
        p=p if gathering else max(p, 1.0 if left is None else left.p),
    )


def _elsewhere(scene: Scene, community: int, members: Keys, rows: Linked, rule: Rule) -> tuple[int, int]:
    """Accounts of the rest of the platform that linked to the place at the time, and all of them."""
    platform = scene.platform_of(community)
    if platform is None:
        return 0, 0
    whole, start = scene.platforms, int(rows.day[0])
    others = whole.acts.members(platform, start - rule.pause, start, rule.least_days)
    others = others[~np.isin(others, members)]
    low, high = np.searchsorted(whole.linked.community, (platform, platform + 1))
    low, high = low + np.searchsorted(whole.linked.place[low:high], (rows.place[0], rows.place[0] + 1))
    linked = whole.linked.part(slice(int(low), int(high)))
    meanwhile = (linked.day >= start - rule.pause) & (linked.day < start + rule.new)
    return int(np.isin(np.unique(linked.account[meanwhile]), others).sum()), len(others)
