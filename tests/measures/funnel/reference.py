"""The slow reference: everything is counted anew, at every moment, from plain records of pairs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from math import inf, lgamma

import numpy as np

from seawall.measures.funnel import model as m
from seawall.measures.funnel import words as w
from seawall.measures.funnel.evidence import PARTNER
from seawall.measures.funnel.weights import BOUND, WEIGHTS

DAY = w.DAY
OPEN_KINDS = ("mention", "reply", "repost", "reaction", "invite", "follow")


@dataclass
class Pair:
    hub: str
    newcomer: str
    began: int
    mutual: bool = False
    cold: bool = False
    answer: float = inf
    follow_back: float = inf
    direct: float = inf
    warm: bool = False
    contact: float = inf
    warm_contact: bool = False
    sustained: float = inf
    kept: bool = False
    hub_days: set = field(default_factory=set)
    newcomer_days: set = field(default_factory=set)
    hub_last: float = -inf
    newcomer_last: float = -inf
    newcomer_wrote: bool = False
    hand_off: float = inf
    handed_to: str | None = None
    handed: bool = False
    delays: list = field(default_factory=list)
    last: int = 0

    @property
    def stage(self) -> str:
        reached = [True, self.answer < inf, self.direct < inf, self.contact < inf, self.sustained < inf, self.handed]
        return w.STAGES[max(k for k in range(6) if reached[k])]


class Reference:
    def __init__(self, rows, bound=BOUND):
        """``rows``: at (microseconds), kind, source, target, contact (bool), address, words; in any order."""
        self.pairs: dict[frozenset, Pair] = {}
        self.bound, self.today, self.seen, self.taught = bound, None, 0, 0
        self.model = m.first_model(WEIGHTS)
        self.best, self.alert, self.terms = {}, {}, {}
        self.said = defaultdict(set)  # (account, key) -> persons
        self.first_said = {}
        self.when_script = {}  # (account, key) -> moment at which it was used for a second person
        self.brought, self.open = set(), {}
        moments = defaultdict(list)
        for row in sorted(set(rows), key=lambda row: row[0]):
            if row[2] != row[3]:
                moments[row[0]].append(row)
        for now in sorted(moments):
            self.moment(now, moments[now])

    def moment(self, now, rows):
        if self.today is None or now // DAY > self.today:
            self.midnight(now // DAY)
        self.seen += len(rows)
        touched = self.act(now, rows)
        self.hand_over(now, touched)
        for pair in touched:
            known = self.best.get(pair.hub, -inf) >= 5.0
            if not pair.mutual and pair.direct < inf and known:
                self.brought.add(pair.newcomer)
        for account in {pair.hub for pair in touched if not pair.mutual}:
            self.score(account, now)

    def act(self, now, rows):
        did = defaultdict(set)
        for _, kind, source, target, contact, *_ in rows:
            deeds = {"open"} if kind in OPEN_KINDS else {"write"}
            deeds |= {"follow"} if kind == "follow" else set()
            deeds |= {"pass"} if kind == "contact_shared" or (kind == "dm" and contact) else set()
            did[source, target] |= deeds
        touched = []
        for source, target in did:
            key = frozenset((source, target))
            if key not in self.pairs:
                self.pairs[key] = Pair(source, target, now, mutual=(target, source) in did)
            pair = self.pairs[key]
            if all(pair is not other for other in touched):
                touched.append(pair)
        for pair in touched:
            pair.last = now
            if not pair.mutual:
                self.apply(pair, did[pair.hub, pair.newcomer], did[pair.newcomer, pair.hub], now)
        for _, _, source, target, _, address, said in rows:
            pair = self.pairs[frozenset((source, target))]
            if pair.hub == source and not pair.mutual and now - pair.began <= 21 * DAY:
                passes = "pass" in self.deeds(rows, source, target, address)
                for key in ([("words", said)] if said else []) + ([("address", address)] if address and passes else []):
                    self.said[source, key].add(target)
                    self.first_said.setdefault((source, key), now)
                    if len(self.said[source, key]) >= 2:
                        self.when_script.setdefault((source, key), now)
        return touched

    @staticmethod
    def deeds(rows, source, target, address):
        deeds = set()
        for _, kind, s, t, contact, a, _ in rows:
            if (s, t, a) == (source, target, address) and (kind == "contact_shared" or (kind == "dm" and contact)):
                deeds.add("pass")
        return deeds

    def apply(self, pair, hubs, newcomers, now):
        answered = pair.answer < now
        if pair.began == now:
            pair.cold = "open" not in hubs
        if "write" in hubs or "pass" in hubs:
            if pair.direct == inf:
                pair.direct, pair.warm = now, answered
                if answered:
                    pair.delays.append((w.TO_DIRECT, now - pair.answer))
            if pair.newcomer_last > pair.hub_last:
                pair.delays.append((w.TO_REPLY, now - pair.newcomer_last))
            pair.hub_days.add(now // DAY)
            pair.hub_last = now
        if "pass" in hubs and pair.contact == inf:
            pair.contact, pair.warm_contact = now, answered
            pair.delays.append((w.TO_CONTACT, now - pair.direct))
            pair.sustained = inf
        if newcomers:
            if pair.answer == inf:
                pair.answer = now
                pair.delays.append((w.TO_ANSWER, now - pair.began))
            if "follow" in newcomers:
                pair.follow_back = min(pair.follow_back, now)
            if "write" in newcomers or "pass" in newcomers:
                pair.newcomer_wrote = True
                pair.newcomer_days.add(now // DAY)
                pair.newcomer_last = now
        from_day = pair.contact // DAY + 1 if pair.contact < inf else -inf
        days = [{day for day in side if day >= from_day} for side in (pair.hub_days, pair.newcomer_days)]
        if pair.sustained == inf and min(map(len, days)) >= 3:
            pair.sustained = now
            pair.kept |= pair.contact < inf

    def hand_over(self, now, touched):
        taken = defaultdict(set)
        for pair in touched:
            left = self.open.get(pair.newcomer)
            fresh = not pair.mutual and pair.direct == now and left is not None and left is not pair
            if fresh and left.hub != pair.hub and now - left.hub_last <= 14 * DAY and left.hand_off >= now:
                taken[id(left)].add((pair.hub, id(pair)))
                left.hand_off = now
        for pair in self.pairs.values():
            if id(pair) in taken:
                hubs = {hub for hub, _ in taken[id(pair)]}
                pair.handed_to = hubs.pop() if len(hubs) == 1 else None
        opened = defaultdict(list)
        for pair in touched:
            if not pair.mutual and now in (pair.contact, pair.sustained):
                opened[pair.newcomer].append(pair)
        for newcomer, pairs in opened.items():
            self.open[newcomer] = pairs[0] if len(pairs) == 1 else None

    def midnight(self, today):
        self.today = today
        for pair in self.pairs.values():
            if pair.hand_off <= (today - 3) * DAY and not pair.handed:
                if pair.hub_last > pair.hand_off:
                    pair.hand_off, pair.handed_to = inf, None
                else:
                    pair.handed = True
        if (self.seen - self.taught) * 50 > self.taught:
            self.taught = self.seen
            self.learn()

    def knit(self):
        """The pairs of each triangle that are no meetings of strangers."""
        neighbours = defaultdict(set)
        for one, other in self.pairs:
            neighbours[one].add(other)
            neighbours[other].add(one)
        found = set()
        for account, others in neighbours.items():
            for one, other in combinations(sorted(others), 2):
                if frozenset((one, other)) in self.pairs:
                    keys = [frozenset(pair) for pair in ((account, one), (account, other), (one, other))]
                    newest = max(self.pairs[key].began for key in keys)
                    found |= {key for key in keys if self.pairs[key].began == newest}
                    for first, second in combinations(keys, 2):
                        both = self.pairs[first], self.pairs[second]
                        if both[0].hub == both[1].hub and not any(pair.mutual for pair in both):
                            found |= {first, second}
        return found

    def counts(self, account):
        start = self.today * DAY
        counts = np.zeros(w.COUNTS, np.int32)
        knit = self.knit()
        for key, pair in self.pairs.items():
            if pair.mutual:
                continue
            if pair.newcomer == account:
                counts[w.N_OTHERS] += pair.newcomer_wrote
            if pair.hub != account:
                continue
            for place, there in (
                (w.N_APPROACHED, True),
                (w.N_COLD, pair.cold),
                (w.N_KNIT, key in knit),
                (w.N_ANSWERED, pair.answer < inf),
                (w.N_UNANSWERED, pair.answer == inf and pair.began <= start - 2 * DAY),
                (w.N_DIRECT, pair.direct < inf),
                (w.N_WARM, pair.warm),
                (w.N_UNTAKEN, pair.direct == inf and pair.answer <= start - 3 * DAY),
                (w.N_CONTACT, pair.contact < inf),
                (w.N_WARM_CONTACT, pair.warm_contact),
                (w.N_UNPASSED, pair.contact == inf and pair.direct <= start - 5 * DAY),
                (w.N_KEPT, pair.kept),
                (w.N_QUIET, not pair.kept and pair.contact <= start - 8 * DAY),
                (w.N_HANDED, pair.handed),
                (w.N_FOLLOWED, pair.follow_back < inf),
            ):
                counts[place] += there
            for timing, delay in pair.delays:
                limits = [60 * w.SECOND * 4**step for step in range(w.BINS - 1)]
                counts[w.FIRST_BIN + timing * w.BINS + sum(delay > limit for limit in limits)] += 1
        for (speaker, (what, _)), persons in self.said.items():
            if speaker == account and what == "words":
                counts[w.N_KEYED] += len(persons)
                counts[w.N_REUSED] += len(persons) - 1
        counts[w.N_BROUGHT] = account in self.brought
        return counts

    def accounts(self):
        return {account for key in self.pairs for account in key}

    def teams(self):
        """Accounts that share a script: those tied by three replies or by one address, step by step."""
        users = defaultdict(dict)
        for (account, key), moment in self.when_script.items():
            users[key][account] = moment
        shared = defaultdict(int)
        for key, moments in users.items():
            for one, other in combinations(sorted(moments), 2):
                later = max(moments[one], moments[other])
                if sum(at < later for (_, used), at in self.first_said.items() if used == key) <= 6:
                    shared[one, other] += 3 if key[0] == "address" else 1
        team = {account: {account} for account in self.accounts()}
        for (one, other), much in shared.items():
            if much >= 3 and team[one] is not team[other]:
                team[one] |= team[other]
                for member in team[one]:
                    team[member] = team[one]
        return team

    def score(self, account, now):
        self.keep(account, self.counts(account), 1, now)
        team = self.teams()[account]
        if 2 <= len(team) <= 12:
            counts = {member: self.counts(member) for member in team}
            for member in team:
                if counts[member][w.N_APPROACHED] >= 2:
                    self.keep(member, sum(counts.values()), len(team), now)

    def keep(self, account, counts, members, now):
        terms = self.evidence(counts, members)
        if counts[w.N_APPROACHED] and sum(terms) > self.best.get(account, -inf):
            self.best[account], self.terms[account] = sum(terms), terms
            if sum(terms) >= self.bound:
                self.alert.setdefault(account, now)

    def evidence(self, counts, members):
        rows = self.model[: m.REPEATS].reshape(len(w.TERMS), m.ROW)
        terms = [0.0] * len(w.TERMS)
        for link in range(w.LINKS):
            yes, no = self.yes_and_no(counts, link)
            if yes + no:
                funnel_yes, funnel_no, benign_yes, benign_no = rows[link, :4]
                value = choose(funnel_yes, funnel_no, yes, no) - choose(benign_yes, benign_no, yes, no)
                terms[link] = value if value > 0 else value * rows[link, m.TOLD]
        for chain, (term, place) in enumerate(((w.SEQUENCE, w.N_WARM), (w.REPEATED_ADDRESS, w.N_WARM_CONTACT))):
            gain = self.model[m.REPEATS + 2 * chain : m.REPEATS + 2 * chain + 2]
            terms[term] = gain[0] + (counts[place] - 1) * gain[1] if counts[place] else 0.0
        terms[w.TIMING] = sum(self.habit(counts, timing) for timing in range(3))
        terms[w.PAUSES] = self.habit(counts, 3)
        terms[w.SHARED] = PARTNER * (members - 1)
        terms[w.GENERATION] = float(counts[w.N_BROUGHT] > 0)
        limited = [min(max(value, rows[k, m.LEAST]), rows[k, m.MOST]) for k, value in enumerate(terms)]
        return [value * rows[k, m.WEIGHT] for k, value in enumerate(limited)]

    def habit(self, counts, timing):
        """Drawn one after the other: how likely each next delay is by the account's own habit, and by that of all."""
        at = m.BENIGN_BINS + timing * (w.BINS + 1)
        seen, value = [0] * w.BINS, 0.0
        for step in range(w.BINS):
            for _ in range(counts[w.FIRST_BIN + timing * w.BINS + step]):
                own = (m.FUNNEL_BIN + seen[step]) / (m.FUNNEL_BIN * w.BINS + sum(seen))
                all_others = (self.model[at + step] + seen[step]) / (self.model[at + w.BINS] + sum(seen))
                value += np.log(own) - np.log(all_others)
                seen[step] += 1
        return value

    @staticmethod
    def yes_and_no(counts, link):
        yes, no = int(counts[m.YES[link]]), int(counts[m.NO[link]])
        return {0: (yes, no), m.YES_IS_REST: (yes - no, no), m.NO_IS_REST: (yes, no - yes)}[int(m.REST[link])]

    def learn(self):
        shares, told = np.zeros((w.LINKS, 2), np.int64), np.zeros(w.LINKS, np.int64)
        repeats, times = np.zeros((2, 6), np.int64), np.zeros((w.TIMINGS, w.BINS), np.int64)
        for account in self.accounts():
            counts = self.counts(account)
            active = counts[w.N_APPROACHED] or counts[w.N_OTHERS]
            if not active or self.best.get(account, -inf) >= m.SUSPECT:
                continue
            for link in range(w.LINKS):
                yes, no = self.yes_and_no(counts, link)
                told[link] += yes > 0
                most = max(yes + no, m.CAP)
                shares[link] += [16 * m.CAP * yes // most, 16 * m.CAP * no // most]
            for chain, place in enumerate((w.N_WARM, w.N_WARM_CONTACT)):
                if counts[w.N_APPROACHED]:
                    repeats[chain, : min(counts[place], 5) + 1] += 1
            for timing in range(w.TIMINGS):
                bins = counts[w.FIRST_BIN + timing * w.BINS :][: w.BINS].astype(np.int64)
                times[timing] += 16 * bins * m.CAP // max(bins.sum(), m.CAP)
        m.learn(self.model, shares, told, repeats, times)


def choose(yes_before, no_before, yes, no):
    """The logarithm of the probability of this row of answers, by a beta distribution of the share."""
    whole = yes_before + no_before
    return (
        lgamma(yes_before + yes) - lgamma(yes_before) + lgamma(no_before + no) - lgamma(no_before)
        - lgamma(whole + yes + no) + lgamma(whole)
    )  # fmt: skip
