"""Communities as numbers: channels, and where a platform has several, the platform as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.flow.acts import Acts, Ints, Known, Linked, Mask
from seawall.measures.keys import Keys

GATHERING = ("chat", "social")
"""Roles of places where people talk: these a community can move to."""
PASSING = ("shortener", "infrastructure")
"""Roles of what only leads on: these are left out."""

Name = tuple[str, str | None]
"""A platform, and a channel of it; None = the platform."""


@dataclass(frozen=True)
class Places:
    """The places that were linked to, by name: the n-th has the number n."""

    name: Sequence[str]
    kind: Sequence[str]
    role: Sequence[str]

    @property
    def gathering(self) -> Mask:
        """Where people talk."""
        return np.isin(np.array(self.role, str), GATHERING)

    @classmethod
    def of(cls, links: pa.Table) -> tuple[Places, Ints]:
        """The places of a table with ``place``, ``kind`` and ``role``, and the number of each row's place."""
        rows = links.select(["place", "kind", "role"]).group_by("place").aggregate([("kind", "min"), ("role", "min")])
        rows = rows.sort_by("place")
        found = cls(
            rows["place"].to_pylist(),
            rows["kind_min"].to_pylist(),
            rows["role_min"].to_pylist(),
        )
        number = pc.index_in(links["place"], rows["place"].combine_chunks()).to_numpy()
        return found, np.asarray(number, np.int64)


@dataclass(frozen=True)
class Level:
    """Communities of one size: channels, or whole platforms.

    Args:
        names: of the communities; ``acts`` and ``linked`` tell them by their places in it.
        known: what was collected of each.
    """

    names: Sequence[Name]
    acts: Acts
    linked: Linked
    known: Mapping[int, Known]


@dataclass(frozen=True)
class Scene:
    """All communities.

    Args:
        channels: the channels, and platforms without any.
        platforms: platforms with several channels, as a whole.
        places: that they linked to.
    """

    channels: Level
    platforms: Level
    places: Places

    @classmethod
    def of(
        cls,
        names: Sequence[Name],
        acts: Acts,
        linked: Linked,
        tie: Keys,
        places: Places,
        known: Mapping[Name, Known],
    ) -> Scene:
        """From what was written in channels.

        Args:
            names: platform and channel of each number in ``acts`` and ``linked``; channel None = in no channel.
            acts: who wrote on which day.
            linked: who linked where.
            tie: a key of the message of each row of the table that ``linked`` came from.
            places: the names of the places.
            known: what was collected, for each of ``names`` and for each (platform, None).
        """
        platforms = sorted({platform for platform, _ in names})
        several = [one for one in platforms if sum(platform == one for platform, _ in names) > 1]
        place = {platform: number for number, platform in enumerate(several)}
        home = np.array([place.get(platform, -1) for platform, _ in names], np.int64)
        whole = Level(
            [(platform, None) for platform in several],
            acts.whole(home),
            linked.whole(home, tie),
            {number: known[platform, None] for platform, number in place.items()},
        )
        alone = np.array([channel is None and platform in place for platform, channel in names], bool)
        own = np.where(alone, -1, np.arange(len(names)))
        channels = Level(
            names, acts.whole(own), linked.part(own[linked.community] >= 0),
            {number: known[name] for number, name in enumerate(names)},
        )  # fmt: skip
        return cls(channels, whole, places)

    def platform_of(self, community: int) -> int | None:
        """The number of the platform that a channel belongs to, where it has several."""
        name = (self.channels.names[community][0], None)
        return self.platforms.names.index(name) if name in self.platforms.names else None
