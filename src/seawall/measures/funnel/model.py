"""What is expected of a funnel (stated), and of everybody else (learnt from the platform's own traffic)."""

from __future__ import annotations

import math

import numpy as np

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.state import ACCOUNTS, Array, State
from seawall.measures.funnel.words import (
    ADDRESS,
    AFTER_ANSWER,
    ANSWERS,
    BINS,
    DIRECT,
    FIRST_BIN,
    HANDED,
    INITIATIVE,
    KEPT,
    LINKS,
    N_ANSWERED,
    N_APPROACHED,
    N_COLD,
    N_CONTACT,
    N_DIRECT,
    N_HANDED,
    N_KEPT,
    N_KEYED,
    N_KNIT,
    N_OTHERS,
    N_QUIET,
    N_REUSED,
    N_UNANSWERED,
    N_UNPASSED,
    N_UNTAKEN,
    N_WARM,
    N_WARM_CONTACT,
    PUBLIC,
    SCRIPT,
    TERMS,
    TIMINGS,
    UNCONNECTED,
)

ROW = 9
(FUNNEL_YES, FUNNEL_NO, BENIGN_YES, BENIGN_NO, CONSTANT, TOLD, LEAST, MOST, WEIGHT) = range(ROW)
"""What the model tells of each link; of the other terms only the last three."""

REPEATS = ROW * len(TERMS)
BENIGN_BINS = REPEATS + 4
SIZE = BENIGN_BINS + TIMINGS * (BINS + 1)

SHARES = np.zeros((LINKS, 9))
"""By link: mean and strength of the funnel's share; benign prior mean, the limits between which the learnt mean stays,
strength of the benign share; least and most that the term may say; whether absence counts only where the platform has
such acts at all (1)."""
SHARES[PUBLIC] = 0.90, 4.0, 0.50, 0.20, 0.60, 4.0, -8.0, 3.0, 1
SHARES[ANSWERS] = 0.45, 4.0, 0.15, 0.03, 0.40, 3.0, -6.0, 5.0, 0
SHARES[DIRECT] = 0.75, 4.0, 0.20, 0.03, 0.50, 3.0, -6.0, 5.0, 1
SHARES[ADDRESS] = 0.60, 3.0, 0.04, 0.01, 0.30, 3.0, -6.0, 7.0, 1
SHARES[AFTER_ANSWER] = 0.92, 5.0, 0.50, 0.30, 0.60, 4.0, -8.0, 2.0, 0
SHARES[KEPT] = 0.60, 3.0, 0.30, 0.10, 0.50, 3.0, -5.0, 2.0, 0
SHARES[UNCONNECTED] = 0.97, 20.0, 0.85, 0.50, 0.96, 6.0, -8.0, 2.0, 0
SHARES[INITIATIVE] = 0.90, 5.0, 0.50, 0.50, 0.50, 3.0, -8.0, 2.0, 0
SHARES[HANDED] = 0.40, 2.0, 0.01, 0.01, 0.05, 3.0, 0.0, 4.0, 1
SHARES[SCRIPT] = 0.70, 3.0, 0.15, 0.05, 0.50, 3.0, -3.0, 3.0, 1

YES = np.zeros(LINKS, np.int64)
NO = np.zeros(LINKS, np.int64)
LESS = np.full(LINKS, -1, np.int64)
"""Which counts are the yes and the no of each link; from one of them the other count may have to be taken away."""
YES[:] = (
    N_APPROACHED, N_ANSWERED, N_WARM, N_CONTACT, N_WARM_CONTACT, N_KEPT, N_APPROACHED, N_DIRECT, N_HANDED, N_REUSED,
)  # fmt: skip
NO[:] = (
    N_COLD, N_UNANSWERED, N_UNTAKEN, N_UNPASSED, N_CONTACT, N_QUIET, N_KNIT, N_OTHERS, N_CONTACT, N_KEYED,
)  # fmt: skip
YES_IS_REST, NO_IS_REST = 1, 2
REST = np.zeros(LINKS, np.int64)
REST[[PUBLIC, UNCONNECTED]] = YES_IS_REST
REST[[AFTER_ANSWER, HANDED, SCRIPT]] = NO_IS_REST

OTHER_LIMITS = {
    "timing": (-2.0, 4.0),
    "pauses": (-1.0, 2.0),
    "shared_script": (0.0, 3.0),
    "second_generation": (0.0, 1.5),
}

CAP = 8
"""So many trials of one account teach at most."""

PART = 16
PRIOR_TRIALS = 30.0
FEW_ACCOUNTS = 20.0
SUSPECT = 5.0
"""An account whose score reached this no longer teaches what is ordinary."""

REPEATING = 0.85
REPEAT_PRIOR = 0.30
REPEAT_LEAST = 0.25
FIRST_PRIOR = 0.05
FIRST_MOST = 2.5
FUNNEL_BIN = 0.4
BENIGN_TIMES = 8.0
TIMES_PRIOR = 40.0


@compiled
def log_beta(one: float, other: float) -> float:
    """The logarithm of the beta function."""
    return math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)


@compiled
def yes_and_no(counts: Array, link: int) -> tuple[int, int]:
    """How many did, and how many could and did not."""
    yes, no = whole(counts[YES[link]]), whole(counts[NO[link]])
    if REST[link] == YES_IS_REST:
        yes -= no
    elif REST[link] == NO_IS_REST:
        no -= yes
    return yes, no


def first_model(weights: Array) -> Array:
    """The model before anything was seen: the priors."""
    model = np.zeros(SIZE)
    rows = model[:REPEATS].reshape(len(TERMS), ROW)
    rows[:, WEIGHT] = weights
    rows[:, LEAST], rows[:, MOST] = -20.0, 20.0
    rows[:LINKS, LEAST], rows[:LINKS, MOST] = SHARES[:, 6], SHARES[:, 7]
    for name, limits in OTHER_LIMITS.items():
        rows[TERMS.index(name), LEAST : MOST + 1] = limits
    rows[:LINKS, FUNNEL_YES] = SHARES[:, 0] * SHARES[:, 1]
    rows[:LINKS, FUNNEL_NO] = (1 - SHARES[:, 0]) * SHARES[:, 1]
    learn(model, np.zeros((LINKS, 2), np.int64), np.zeros(LINKS, np.int64), np.zeros((2, 6), np.int64),
          np.zeros((TIMINGS, BINS), np.int64))  # fmt: skip
    return model


@compiled
def learn(model: Array, shares: Array, told: Array, repeats: Array, times: Array) -> None:
    """Put what was taught into the model: means shrunk to their priors and kept within limits."""
    for link in range(LINKS):
        at = link * ROW
        mean = (shares[link, 0] / PART + PRIOR_TRIALS * SHARES[link, 2]) / (shares[link].sum() / PART + PRIOR_TRIALS)
        mean = min(max(mean, SHARES[link, 3]), SHARES[link, 4])
        model[at + BENIGN_YES] = mean * SHARES[link, 5]
        model[at + BENIGN_NO] = (1 - mean) * SHARES[link, 5]
        model[at + CONSTANT] = log_beta(model[at + BENIGN_YES], model[at + BENIGN_NO]) - log_beta(
            model[at + FUNNEL_YES], model[at + FUNNEL_NO]
        )
        model[at + TOLD] = told[link] / (told[link] + FEW_ACCOUNTS) if SHARES[link, 8] > 0 else 1.0
    for chain in range(2):
        first = (repeats[chain, 1] + PRIOR_TRIALS * FIRST_PRIOR) / (repeats[chain, 0] + PRIOR_TRIALS)
        again = (repeats[chain, 2:].sum() + PRIOR_TRIALS * REPEAT_PRIOR) / (repeats[chain, 1:-1].sum() + PRIOR_TRIALS)
        model[REPEATS + 2 * chain] = min(max(math.log(REPEATING / first), 0.0), FIRST_MOST)
        model[REPEATS + 2 * chain + 1] = max(math.log(REPEATING / max(again, REPEAT_LEAST)), 0.0)
    for timing in range(TIMINGS):
        at = BENIGN_BINS + timing * (BINS + 1)
        told_times = times[timing].sum() / PART
        for step in range(BINS):
            share = (times[timing, step] / PART + TIMES_PRIOR / BINS) / (told_times + TIMES_PRIOR)
            model[at + step] = share * BENIGN_TIMES
        model[at + BINS] = BENIGN_TIMES


@compiled
def teach(counts: Array, by: int, shares: Array, told: Array, repeats: Array, times: Array) -> None:
    """Add what one account teaches, ``CAP`` trials at most, or take it away (``by`` -1); nothing if it never acted."""
    if counts[N_APPROACHED] == 0 and counts[N_OTHERS] == 0:
        return
    for link in range(LINKS):
        yes, no = yes_and_no(counts, link)
        told[link] += by * (yes > 0)
        if yes + no <= CAP:
            shares[link, 0] += by * PART * yes
            shares[link, 1] += by * PART * no
        else:
            shares[link, 0] += by * (PART * CAP * yes // (yes + no))
            shares[link, 1] += by * (PART * CAP * no // (yes + no))
    if counts[N_APPROACHED] > 0:
        for chain, place in ((0, N_WARM), (1, N_WARM_CONTACT)):
            for times_done in range(min(whole(counts[place]), 5) + 1):
                repeats[chain, times_done] += by
    for timing in range(TIMINGS):
        bins = counts[FIRST_BIN + timing * BINS : FIRST_BIN + (timing + 1) * BINS]
        drawn = whole(bins.sum())
        for step in range(BINS):
            if bins[step] > 0:
                times[timing, step] += by * (PART * whole(bins[step]) * CAP // max(drawn, CAP))


@compiled
def relearn(state: State) -> None:
    """Learn anew from all accounts so far; not from those under suspicion."""
    shares, told = np.zeros((LINKS, 2), np.int64), np.zeros(LINKS, np.int64)
    repeats, times = np.zeros((2, 6), np.int64), np.zeros((TIMINGS, BINS), np.int64)
    for account in range(state.tally[ACCOUNTS]):
        if state.accounts[account].best < SUSPECT:
            teach(state.counts[account], 1, shares, told, repeats, times)
    learn(state.model, shares, told, repeats, times)
