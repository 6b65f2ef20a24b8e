"""What simulated channels post: texts, media and links as numbers, copies of what others had, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from seawall.simulate.clock import by_day
from seawall.simulate.rows import Codes, Longs, Reals
from seawall.simulate.takedown_lives import COPYCAT, FAN, Life, Lives

NONE = -1
FIRST_DAYS = 35.0
"""Days after its opening in which a successor takes up what the old channel had."""

_WEEK = np.array([1.0, 1.0, 1.0, 1.05, 1.1, 1.2, 1.1])
_PERIOD_DAYS = 4.0
_POOL = 40
COMMON, SITES, PAGES = 1 << 40, 60, 200
"""Numbers of things that several channels have begin at ``COMMON``; a link is a site times ``PAGES`` plus a page."""


@dataclass(slots=True)
class Posts:
    """The messages of one channel by time; -1 is nothing, ``origin`` a channel's number and ``of`` a place in it."""

    at: Reals
    account: Longs
    media: Longs
    text: Longs
    site: Longs
    address: Codes
    origin: Codes
    of: Longs

    def __len__(self) -> int:
        return len(self.at)

    @classmethod
    def joined(cls, parts: list[Posts]) -> Posts:
        """All, by time."""
        whole = cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))
        order = np.argsort(whole.at, kind="stable")
        return cls(*(getattr(whole, one.name)[order] for one in fields(cls)))


class Writer:
    """Writes the posts of channels, in the order in which they open.

    Args:
        lives: the channels.
        rng: where chance comes from.
    """

    def __init__(self, lives: Lives, rng: np.random.Generator) -> None:
        self._rng = rng
        self._next = 0
        self._settings = lives.settings
        self._by_number = {life.number: life for life in lives.all}

    def ordinary(self, life: Life, members: Longs, written: Mapping[int, Posts]) -> Posts:
        """What a channel posts by itself and takes from those before it.

        Args:
            life: the channel.
            members: accounts that write in it.
            written: the posts of channels that opened before.
        """
        at = self._times(life)
        posts = self.empty(at, members)
        self._common(posts.text, at, life.community, np.full(len(at), 0.08))
        has = self._rng.random(len(at)) < 0.35
        posts.media[:] = np.where(has, self._fresh(len(at)), NONE)
        self._common(posts.media, at, life.community, np.where(has, 0.2, 0.0))
        self._sites(posts, life)
        for parent in life.after:
            self._taken_up(posts, life, written[parent])
        if life.role in (FAN, COPYCAT) and life.of in written:
            self._copied(posts, written[life.of])
        return posts

    def empty(self, at: Reals, members: Longs) -> Posts:
        """Posts with new texts and nothing else."""
        count = len(at)
        nothing = np.full(count, NONE, np.int64)
        return Posts(
            at, self._rng.choice(members, count) if count else nothing, nothing.copy(), self._fresh(count),
            nothing.copy(), nothing.astype(np.int32), nothing.astype(np.int32), nothing.copy(),
        )  # fmt: skip

    def _fresh(self, count: int) -> Longs:
        self._next += count
        return np.arange(self._next - count, self._next, dtype=np.int64)

    def _times(self, life: Life) -> Reals:
        begin, end = max(0.0, life.opened), min(life.ended, self._settings.days)
        days = np.arange(np.floor(begin), np.ceil(end))
        share = np.minimum(days + 1, end) - np.maximum(days, begin)
        noise = self._rng.gamma(3.0, 1 / 3.0, len(days)) * _WEEK[days.astype(np.int64) % 7]
        counts = self._rng.poisson(np.maximum(share, 0) * noise * life.rate)
        even = np.repeat(days, counts) + self._rng.random(int(counts.sum()))
        at = np.sort(by_day(even, np.zeros(1)))
        return at[(at >= begin) & (at < end)]

    def _common(self, things: Longs, at: Reals, community: int, share: Reals) -> None:
        """Some of the things are those that go round in the community, or everywhere, in these days."""
        rng = self._rng
        chosen = np.flatnonzero(rng.random(len(at)) < share)
        everywhere = rng.random(len(chosen)) < 0.3
        pool = np.where(everywhere, 0, community + 1)
        place = np.minimum(rng.zipf(1.5, len(chosen)), _POOL)
        period = (at[chosen] / _PERIOD_DAYS).astype(np.int64)
        things[chosen] = COMMON + (pool * 10_000 + period) * 100 + place

    def _sites(self, posts: Posts, life: Life) -> None:
        """Links: to the channel's own site, to those of its community, to those that everybody knows."""
        rng, count = self._rng, len(posts)
        root = self._root(life)
        kind = rng.choice(4, count, p=(0.75, 0.06, 0.1, 0.09))
        everybody = np.minimum(rng.zipf(1.6, count), SITES)
        community = SITES * (life.community + 1) + np.minimum(rng.zipf(1.5, count), SITES - 1)
        own = SITES * (self._settings.communities + 1) + root
        site = np.select([kind == 1, kind == 2, kind == 3], [np.full(count, own), community, everybody], NONE)
        posts.site[:] = np.where(site < 0, NONE, site * PAGES + rng.integers(0, PAGES, count))

    def _root(self, life: Life) -> int:
        """Whose site a channel calls its own: that of the channel before it, where it keeps sites."""
        while life.after and "keeps_sites" in life.traces:
            life = self._by_number[life.after[0]]
        return life.number

    def _taken_up(self, posts: Posts, life: Life, old: Posts) -> None:
        """A successor's copies of media and texts of the old channel, in its first weeks."""
        share = self._settings.habit("share_copied") * np.exp(-(posts.at - life.opened) / FIRST_DAYS)
        for trace, name in (("reposts_media", "media"), ("repeats_texts", "text")):
            if trace in life.traces:
                self._copy(posts, old, name, share, old.at[-1] - old.at[0] if len(old) else 0.0)

    def _copied(self, posts: Posts, old: Posts) -> None:
        """A fan's copies of the channel that it likes: of the last days, or of all that there was."""
        share = np.full(len(posts), float(self._rng.uniform(0.1, 0.5)))
        for name in ("media", "text"):
            self._copy(posts, old, name, share, 5.0)

    def _copy(self, posts: Posts, old: Posts, name: str, share: Reals, reach: float) -> None:
        if not len(old):
            return
        rng = self._rng
        chosen = np.flatnonzero(rng.random(len(posts)) < share)
        known = np.searchsorted(old.at, posts.at[chosen])
        chosen, known = chosen[known > 0], known[known > 0]
        first = np.searchsorted(old.at, old.at[known - 1] - reach)
        taken = first + (rng.random(len(chosen)) * (known - first)).astype(np.int64)
        things = getattr(old, name)[taken]
        getattr(posts, name)[chosen[things >= 0]] = things[things >= 0]
