"""Places that unusually many members of a community link to, as against its own past and the rest of its platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import beta, chi2

from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.flow.acts import Ints, Linked, Mask
from seawall.measures.flow.chance import Floats, Uptake
from seawall.measures.flow.episodes import Episodes, Rule, episodes
from seawall.measures.flow.leaving import Leaving, leaving
from seawall.measures.flow.scene import Level, Scene
from seawall.measures.keys import Keys

UNUSUAL = 0.05
"""A page that so many members link to by chance is not looked at further."""
LEAST = 1e-300


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
        q: the rate of false discoveries at which it is still one.
        compared: with so many new places.
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
    q: float = 1.0
    compared: int = 0

    @property
    def share(self) -> float:
        """Of the members that followed."""
        return self.followed / self.members


def moves(scene: Scene, rule: Rule, bounds: Bounds) -> list[Move]:
    """Places that more members followed to than bounds ask, each with its p and q.

    A place where people gather: p of the uptake (how likely so many members link to a new place within so few days, by
    what new places drew before), or, where that is known and less, of uptake and leaving together (Fisher's sum of
    logarithms; twice the lesser of the two, Bonferroni); q by Benjamini and Hochberg over all new places of this kind.

    Pages that everybody links to for a while (an event, a collection, a popular site) draw as many. So any other place
    counts if its uptake is unusual (``UNUSUAL``), and p is that of leaving: those who linked fell silent, or it stood
    on their last day; q over all whose uptake is unusual, because these were chosen without a look at who fell silent.

    A channel is told where the share is ``Bounds.factor`` times that of the rest of its platform at least; a platform
    as a whole, where no single channel holds half of those who linked.
    """
    found: list[Move] = []
    for name, level in (("channel", scene.channels), ("platform", scene.platforms)):
        new = episodes(level.linked, level.acts, level.known, rule)
        gathers = scene.places.gathering[new.linked.place[new.first]] if len(new) else np.empty(0, bool)
        unusual = list(_unusual(new, level, gathers, bounds))
        kept = [one for one in (_move(scene, name, level, new, *told, rule, bounds) for told in unusual) if one]
        found += _judged([one for one in kept if one.gathering], int((new.told & gathers).sum()))
        found += _judged([one for one in kept if not one.gathering], 0)
    return found


def _judged(kept: list[Move], number: int) -> list[Move]:
    q = benjamini_hochberg(np.array([one.p for one in kept]), number) if kept else np.empty(0)
    compared = max(number, len(kept))
    return [replace(one, q=float(rate), compared=compared) for one, rate in zip(kept, q, strict=True)]


def _unusual(new: Episodes, level: Level, gathers: Mask, bounds: Bounds) -> Iterator[tuple[int, float, float]]:
    """The episodes that bounds let pass, with the chance of their uptake, platform by platform and role by role."""
    if not len(new):
        return
    community = new.linked.community[new.first]
    platforms = np.array([name[0] for name in level.names])[community]
    for platform in np.unique(platforms).tolist():
        for role in (True, False):
            chosen = np.flatnonzero(new.told & (platforms == platform) & (gathers == role))
            for told in _in_turn(new, chosen[np.argsort(new.start[chosen], kind="stable")], community, bounds):
                if role or told[1] <= UNUSUAL:
                    yield told


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
    if there * size * bounds.factor > followed * others or (name == "platform" and _of_one_channel(scene, rows)):
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
        p=_together(p, left) if gathering else 1.0 if left is None else left.p,
    )


def _of_one_channel(scene: Scene, rows: Linked) -> bool:
    """Whether half of those who linked did so in one channel: then that is where something happens."""
    linked = scene.channels.linked
    own = np.isin(linked.row, rows.row)
    pairs = np.unique(np.stack([linked.community[own].astype(np.uint64), linked.account[own]]), axis=1)
    _, counts = np.unique(pairs[0], return_counts=True)
    return bool(2 * counts.max(initial=0) >= len(np.unique(rows.account)))


def _together(p: float, left: Leaving | None) -> float:
    """Of uptake and leaving: the lesser of the uptake's alone and both, doubled."""
    if left is None:
        return p
    both = float(chi2.sf(-2.0 * (np.log(max(p, LEAST)) + np.log(max(left.p, LEAST))), 4))
    return min(1.0, 2.0 * min(p, both))


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
