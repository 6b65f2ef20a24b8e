"""Second pass over simulated channels: whom they forward, whose address they give, and who gives it everywhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seawall.simulate.rows import Longs, Reals
from seawall.simulate.takedown_lives import COPYCAT, FAN, SPAM, SUCCESSOR, Life, Lives
from seawall.simulate.takedown_posts import FIRST_DAYS, NONE, Posts, Writer

_FAVOURITES = 4
_SPAM_DAYS = 12.0
_COPYCAT_POINTS = 0.3
"""How often a copycat gives the address of the channel whose name and media it took."""


class Connections:
    """Adds forwards and addresses to what channels posted.

    Args:
        lives: the channels.
        posts: of each channel, by its number; changed in place.
        members: accounts that write in each channel.
        writer: makes new posts.
        rng: where chance comes from.
    """

    def __init__(
        self, lives: Lives, posts: dict[int, Posts], members: Mapping[int, Longs], writer: Writer,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        self._lives, self._posts, self._members, self._writer, self._rng = lives, posts, members, writer, rng
        self._life = {life.number: life for life in lives.all}
        self._next: dict[int, int] = {}
        for life in lives.all:
            for old in life.after:
                self._next.setdefault(old, life.number)
        self._own = {number: one.at.copy() for number, one in posts.items()}
        self._forwarding = {number: rng.random(len(one)) < rng.beta(2, 10) for number, one in posts.items()}
        self._extra: dict[int, list[Posts]] = {}

    def add(self) -> None:
        """All of them."""
        friends = {life.number: self._friends(life) for life in self._lives.all}
        for life in self._lives.all:
            self._forward(life, friends[life.number])
            self._advertise(life, friends[life.number])
        for life in self._lives.all:
            if life.role == SUCCESSOR:
                self._announce(life, [one for one, liked in friends.items() if set(life.after) & set(liked)])
            elif life.role == SPAM:
                self._spam(life)
            elif life.role == COPYCAT and self._rng.random() < _COPYCAT_POINTS:
                self._give(life.number, np.sort(life.opened + self._rng.exponential(6.0, 2)), life.of)
        self._merge()

    def _friends(self, life: Life) -> list[int]:
        """Channels that it forwards now and then: most of its own community; a successor those of the old one."""
        rng = self._rng
        near = [one.number for one in self._lives.all if one.community == life.community and one is not life]
        far = [one.number for one in self._lives.all if one.community != life.community]
        alive = [one for one in near if self._overlap(self._life[one], life)] or near
        liked = [int(one) for one in rng.choice(alive, min(_FAVOURITES, len(alive)), replace=False)] if alive else []
        return [*liked, *(int(one) for one in rng.choice(far, min(1, len(far)), replace=False))]

    @staticmethod
    def _overlap(one: Life, other: Life) -> bool:
        return max(one.opened, other.opened) < min(one.ended, other.ended)

    def _forward(self, life: Life, friends: list[int]) -> None:
        posts = self._posts[life.number]
        for place in np.flatnonzero(self._forwarding[life.number]):
            at = float(posts.at[place])
            origin = self._origin(life, friends, at)
            of = self._message(origin, at, archive=origin in life.after)
            if of >= 0:
                told = self._posts[origin]
                posts.origin[place], posts.of[place] = origin, of
                for name in ("media", "text", "site"):
                    getattr(posts, name)[place] = getattr(told, name)[of]

    def _origin(self, life: Life, friends: list[int], at: float) -> int:
        rng = self._rng
        back = "forwards_old" in life.traces and rng.random() < 0.6 * np.exp(-(at - life.opened) / FIRST_DAYS)
        if back and life.after:
            return life.after[0]
        if life.role in (FAN, COPYCAT) and rng.random() < 0.3:
            return life.of
        if not friends:
            return NONE
        origin = friends[int(rng.integers(len(friends)))]
        while origin in self._next and self._life[origin].ended < at and rng.random() < 0.6:
            origin = self._next[origin]
        return origin

    def _message(self, origin: int, at: float, *, archive: bool) -> int:
        """A recent message of a channel, any of them where it is an archive; none where there is none."""
        if origin < 0:
            return NONE
        known = int(np.searchsorted(self._own[origin], at))
        if not known or (not archive and self._own[origin][known - 1] < at - 5):
            return NONE
        back = int(self._rng.integers(known)) if archive else min(known - 1, int(self._rng.geometric(0.5)) - 1)
        place = known - 1 - back
        return NONE if self._forwarding[origin][place] else place

    def _advertise(self, life: Life, friends: list[int]) -> None:
        """Now and then the address of a friend is given."""
        posts, rng = self._posts[life.number], self._rng
        for place in np.flatnonzero(rng.random(len(posts)) < 0.015):
            friend = friends[int(rng.integers(len(friends)))] if friends else NONE
            if friend >= 0 and self._life[friend].opened <= posts.at[place] < self._life[friend].ended:
                posts.address[place] = friend

    def _announce(self, life: Life, near: list[int]) -> None:
        rng = self._rng
        for old in life.after:
            ended = self._life[old].ended
            if "announces" in life.traces:
                before = ended - rng.exponential(1.5, int(rng.integers(1, 6)))
                self._give(old, np.sort(before), life.number)
            if "announced_by_others" in life.traces:
                for other in near[: int(rng.integers(1, 7))]:
                    after = max(life.opened, ended) + rng.exponential(4.0, int(rng.integers(1, 3)))
                    self._give(other, np.sort(after), life.number)
            if "points_back" in life.traces:
                self._give(life.number, np.sort(life.opened + rng.exponential(6.0, int(rng.integers(1, 4)))), old)

    def _give(self, channel: int, at: Reals, address: int, text: int = NONE) -> None:
        """Posts in a channel that hold an address, while it is alive."""
        life = self._life[channel]
        at = at[(at >= max(0.0, life.opened)) & (at < min(life.ended, self._lives.settings.days))]
        made = self._writer.empty(at, self._members[channel])
        made.address[:] = address
        if text >= 0:
            made.text[:] = text
        self._extra.setdefault(channel, []).append(made)

    def _spam(self, life: Life) -> None:
        """One text with one address, in many groups and by their members' accounts, for days."""
        rng = self._rng
        text = int(self._writer.empty(np.zeros(1), np.zeros(1, np.int64)).text[0])
        share = self._lives.settings.habit("spam_shares")
        for other in self._lives.all:
            if other is not life and other.kind == "group" and rng.random() < share:
                at = np.sort(life.opened + rng.uniform(0, _SPAM_DAYS, int(rng.integers(1, 8))))
                self._give(other.number, at, life.number, text)

    def _merge(self) -> None:
        """Extra posts move into their places; places of forwarded messages follow."""
        moved: dict[int, Longs] = {}
        for number, extra in self._extra.items():
            own = self._posts[number]
            whole = Posts.joined([own, *extra])
            moved[number] = np.searchsorted(whole.at, own.at)
            self._posts[number] = whole
        for posts in self._posts.values():
            for origin in np.unique(posts.origin[posts.origin >= 0]):
                if int(origin) in moved:
                    mine = posts.origin == origin
                    posts.of[mine] = moved[int(origin)][posts.of[mine]]
