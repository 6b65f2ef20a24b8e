"""One account of a group and one person: the steps from the first word to the hand-off, as far as they go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seawall.simulate.chats import Chat, chat
from seawall.simulate.clock import awake, delay
from seawall.simulate.party import Party
from seawall.simulate.rows import DAY, KIND, Mask, Rows
from seawall.simulate.talk import own_address, replies

SUSTAINED = 3 * DAY
"""So long after the address (or the first direct message, where none is passed) a talk counts as sustained."""
_ELSEWHERE = 0.15
_FOLLOW_UP = 0.4
_SHARED = 0.3
"""How often an address is passed by an act of its own, where the platform has one."""


@dataclass
class Pair:
    """What became of a meeting: the truth, in microseconds."""

    hub: int
    newcomer: int
    role: str
    group: str
    begun_by_hub: bool
    approached_at: int
    followed_back_at: int | None = None
    direct_at: int | None = None
    contact_at: int | None = None
    sustained_at: int | None = None
    handed_off_at: int | None = None
    handed_to: int | None = None


class Meeting:
    """Plays one meeting and writes its acts into the group's ledger.

    Args:
        party: the group.
        hub: its account.
        other: the person.
        at: the first step, microseconds.
    """

    def __init__(self, party: Party, hub: int, other: int, at: int) -> None:
        self.party, self.manner, self.rng = party, party.manner, party.rng
        self.ledger, self.kinds = party.ledger, party.ledger.platform.kinds
        self.hub, self.other, self.at = hub, other, at
        self.other_clock = float(self.rng.integers(-8, 11))
        self.begins = party.chance(self.manner.begins)
        self.pair = Pair(hub, other, party.role, party.name, self.begins, at)
        self.first, self.second = (hub, other) if self.begins else (other, hub)
        self.step = 0

    def play(self) -> Pair:
        """The whole meeting; what became of it."""
        party, manner = self.party, self.manner
        public = bool(self.ledger.platform.public) and ("dm" not in self.kinds or party.chance(manner.in_public))
        refused = party.chance(manner.refused)
        answered_at = self._public_step() if public else None
        engaged_at = self._follows(answered_at)
        if refused:
            self._refuse(public=public)
            return self.pair
        chance = manner.direct if engaged_at is not None else manner.direct_cold
        if "dm" in self.kinds and (not public or party.chance(chance)):
            since = max(self.at, answered_at or 0, engaged_at or 0)
            self._direct(self._later(since, manner.direct_h) if public else self.at, public=public)
        if party.chance(manner.introduced):
            self._introduce()
        if self.pair.direct_at is not None and party.chance(manner.returns):
            self._return()
        return self.pair

    def _later(self, since: int, median_h: float, spread: float = 0.8, *, other: bool = False) -> int:
        at = np.array([since + delay(self.rng, median_h, spread)])
        return int(awake(at, self.other_clock if other else self.party.clock_h, self.rng)[0])

    def _public_step(self) -> int | None:
        """The first words in public; when they were answered there."""
        party, kinds = self.party, self.ledger.platform.public
        channel = party.channel(self.other if self.begins else self.hub)
        words = party.opening() if self.begins else party.words()
        self.ledger.add(self._one_of(kinds), self.at, self.first, self.second, channel=channel, words=words)
        if not party.chance(self.manner.answers_public):
            return None
        at = self._later(self.at, 0.8, 1.2, other=self.begins)
        words = party.words() if self.begins else party.opening()
        self.ledger.add(self._one_of(kinds[::-1]), at, self.second, self.first, channel=channel, words=words)
        return at

    def _one_of(self, kinds: tuple[str, ...]) -> str:
        return kinds[0] if self.party.chance(0.6) else kinds[-1]

    def _follows(self, answered_at: int | None) -> int | None:
        """Follows of both; since when they are engaged, by a follow-back or, where nobody followed, an answer."""
        manner = self.manner
        if "follow" not in self.kinds or not self.party.chance(manner.first_follows):
            return answered_at
        follow = self._later(self.at, 0.3, 1.0)
        self.ledger.add("follow", follow, self.first, self.second)
        if not self.begins:
            self.pair.followed_back_at = follow
        likely = manner.follow_back * (0.85 if answered_at is None else 1.15)
        if not self.party.chance(likely):
            return None if self.begins else answered_at
        back = self._later(follow, manner.follow_back_h, other=self.begins)
        self.ledger.add("follow", back, self.second, self.first)
        if self.begins:
            self.pair.followed_back_at = back
        return back

    def _refuse(self, *, public: bool) -> None:
        if not public:
            self._unanswered(self.at, own=self.begins, gives=False)
        kind = "block" if self.party.chance(0.7) else "report"
        self.ledger.add(kind, self._later(self.at, 3.0, other=True), self.other, self.hub)

    def _direct(self, start: int, *, public: bool) -> None:
        """Direct messages: unanswered ones, a short talk, or one that lasts and is handed over."""
        party, manner = self.party, self.manner
        own = party.chance(manner.writes_first) if public else self.begins
        gives = party.chance(manner.contact)
        at_once = gives and party.chance(manner.contact_at_once)
        if not party.chance(manner.answers):
            self._unanswered(start, own=own, gives=at_once)
            return
        lasts = party.chance(manner.sustains)
        days = manner.chat_days * self._spread(0.25) if lasts else manner.short_days * self._spread(0.6)
        stop = start + round(max(0.05, days) * DAY)
        talk = chat(self.rng, manner, start, stop, own_first=own, clock_h=party.clock_h)
        contact_at = self._passed_at(talk, start, stop, at_once=at_once) if gives else None
        if contact_at is not None and party.chance(manner.elsewhere):
            stays = self.rng.random(int(talk.sitting.max()) + 1) < _ELSEWHERE
            talk = talk.taken((talk.at <= contact_at) | stays[talk.sitting])
        self._write(talk, self.hub, opens=True, passes=at_once)
        if contact_at is not None:
            self._pass(contact_at, again=not at_once)
        self._note(talk, contact_at)
        last = max(int(talk.at[-1]), contact_at or 0)
        if manner.takers >= 1 and party.takers and party.chance(manner.hand_off if lasts else manner.hand_off_early):
            self._hand_off(last)

    def _spread(self, sigma: float) -> float:
        return float(np.exp(sigma * self.rng.standard_normal()))

    def _unanswered(self, start: int, *, own: bool, gives: bool) -> None:
        times = [start]
        if own and self.party.chance(_FOLLOW_UP):
            times.append(self._later(start, 40.0, 0.5))
        for number, at in enumerate(times):
            contact = self.party.address() if own and gives and number == 0 else (-1, 0)
            who = (self.hub, self.other) if own else (self.other, self.hub)
            self.ledger.add("dm", at, *who, words=self.party.opening() if own else self.party.words(), contact=contact)
        if own:
            self.pair.direct_at = start
            if gives and self.ledger.platform.contacts:
                self.pair.contact_at = start

    def _passed_at(self, talk: Chat, start: int, stop: int, *, at_once: bool) -> int:
        """When the address is passed: with the account's first message, or some time later but before the end."""
        first = int(talk.at[talk.own][0])
        if at_once:
            return first
        latest = max(first + 1, start + round(0.9 * (stop - start)))
        return min(max(first + 1, self._later(start, self.manner.contact_h)), latest)

    def _pass(self, at: int, *, again: bool) -> None:
        """The address in a message of its own, unless it stood in one already; the other may give one in return."""
        if again:
            kind = "contact_shared" if "contact_shared" in self.kinds and self.party.chance(_SHARED) else "dm"
            words, self.step = self._next_words()
            self.ledger.add(kind, at, self.hub, self.other, words=words, contact=self.party.address())
        if self.party.chance(self.manner.contact_back):
            which = np.array([self.rng.integers(5)], np.int8)
            own = int(own_address(np.array([self.other], np.int32), which)[0])
            back = at + delay(self.rng, 0.5, 1.0)
            self.ledger.add("dm", back, self.other, self.hub, words=self.party.words(), contact=(int(which[0]), own))

    def _next_words(self) -> tuple[tuple[int, int], int]:
        keys, lengths, step = self.party.script(1, self.step)
        return (int(keys[0]), int(lengths[0])), step

    def _write(self, talk: Chat, account: int, *, opens: bool = False, passes: bool = False) -> None:
        """The messages of a talk with an account of the group, or with who took over: the script goes on.

        Args:
            talk: the messages.
            account: who talks with the person.
            opens: whether its first message is an opening.
            passes: whether it passes the address.
        """
        own = talk.own
        reply, length = replies(self.rng, len(own))
        contact, address = np.full(len(own), -1, np.int8), np.zeros(len(own), np.uint64)
        reply[own], length[own], self.step = self.party.script(int(own.sum()), self.step)
        first = int(np.argmax(own))
        if opens:
            reply[first], length[first] = self.party.opening()
        if passes:
            contact[first], address[first] = self.party.address()
        source, target = np.where(own, account, self.other), np.where(own, self.other, account)
        columns = {"source": source, "target": target, "reply": reply, "length": length}
        self.ledger.many(Rows.of(talk.at, kind=KIND["dm"], contact=contact, address=address, **columns))

    def _note(self, talk: Chat, contact_at: int | None) -> None:
        """The truth about direct messages: when the account first wrote, passed an address, and talk had lasted."""
        own = talk.at[talk.own]
        self.pair.direct_at = int(own[0])
        passes = contact_at is not None and self.ledger.platform.contacts
        self.pair.contact_at = contact_at if passes else None
        since = contact_at if passes and contact_at is not None else int(own[0])
        self.pair.sustained_at = sustained_at(talk, since)

    def _hand_off(self, last: int) -> None:
        """A third account writes to the person, in private or in public, and the first one mostly falls silent."""
        party, manner = self.party, self.manner
        taker = int(self.rng.choice(np.array(party.takers)))
        at = self._later(last, 10.0)
        spoken = self.ledger.platform.public
        if spoken and party.chance(manner.open_hand_off):
            channel = party.channel(self.other)
            self.ledger.add(spoken[0], at, taker, self.other, channel=channel, words=party.words())
            self.ledger.add(
                spoken[-1], self._later(at, 1.0, other=True), self.other, taker, channel=channel, words=party.words()
            )
        else:
            stop = at + round(self._spread(0.5) * 5 * DAY)
            self._write(chat(self.rng, manner, at, stop, own_first=True, clock_h=party.clock_h), taker)
        self.pair.handed_off_at, self.pair.handed_to = at, taker
        if not party.chance(manner.falls_silent):
            stop = at + round(self._spread(0.5) * 7 * DAY)
            begin = self._later(at, 20.0)
            if begin < stop:
                self._write(
                    chat(self.rng, manner, begin, stop, own_first=False, clock_h=party.clock_h, rate=0.3), self.hub
                )

    def _introduce(self) -> None:
        """People who were met before greet the person, who answers some of them."""
        party = self.party
        known = party.met[-12:]
        kinds = self.ledger.platform.public
        if not known or not kinds:
            return
        for place in self.rng.permutation(len(known))[: int(self.rng.integers(1, 4))]:
            who, channel = known[int(place)], party.channel(self.other)
            at = self._later(self.at, 12.0, 1.2, other=True)
            self.ledger.add(self._one_of(kinds), at, who, self.other, channel=channel, words=party.words())
            if party.chance(0.6):
                later = self._later(at, 2.0, 1.2, other=True)
                self.ledger.add(kinds[-1], later, self.other, who, channel=channel, words=party.words())
            if "follow" in self.kinds and party.chance(0.4):
                self.ledger.add("follow", self._later(at, 5.0), self.other, who)

    def _return(self) -> None:
        at = self._later(self.at + 5 * DAY, 24.0 * 12, 0.7, other=True)
        stop = at + round(self._spread(0.6) * DAY * self.manner.short_days)
        self._write(chat(self.rng, self.manner, at, stop, own_first=False, clock_h=self.party.clock_h), self.hub)


def sustained_at(talk: Chat, since: int) -> int | None:
    """The first message three days after a moment, once both have written since; None where there is none."""
    after: Mask = talk.at > since
    if not (after & talk.own).any() or not (after & ~talk.own).any():
        return None
    both = max(int(talk.at[after & talk.own][0]), int(talk.at[after & ~talk.own][0]))
    reached = talk.at[talk.at >= max(both, since + SUSTAINED)]
    return int(reached[0]) if len(reached) else None
