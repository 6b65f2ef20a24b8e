"""The score of a hub: named terms of a log-likelihood ratio, each a function of counts and of the model."""

from __future__ import annotations

import math

import numpy as np

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.model import (
    BENIGN_BINS,
    BENIGN_NO,
    BENIGN_YES,
    CONSTANT,
    FUNNEL_BIN,
    FUNNEL_NO,
    FUNNEL_YES,
    LEAST,
    MOST,
    NO,
    REPEATS,
    ROW,
    TOLD,
    WEIGHT,
    YES,
    log_beta,
    yes_and_no,
)
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.words import (
    BINS,
    FIRST_BIN,
    GENERATION,
    LINKS,
    N_BROUGHT,
    N_WARM,
    N_WARM_CONTACT,
    PAUSES,
    REPEATED_ADDRESS,
    SEQUENCE,
    SHARED,
    TERMS,
    TIMING,
    TIMINGS,
    TO_REPLY,
)

PARTNER = 0.8
"""What each further account with the same script adds."""


@compiled
def link_evidence(model: Array, link: int, yes: int, no: int) -> float:
    """How much better a funnel explains so many of so many than ordinary traffic does (beta-binomial)."""
    at = link * ROW
    if yes + no == 0:
        return 0.0
    value = (
        log_beta(model[at + FUNNEL_YES] + yes, model[at + FUNNEL_NO] + no)
        - log_beta(model[at + BENIGN_YES] + yes, model[at + BENIGN_NO] + no)
        + model[at + CONSTANT]
    )
    return float(value if value > 0 else value * model[at + TOLD])


@compiled
def bin_evidence(model: Array, timing: int, counts: Array) -> float:
    """How much better one habit of its own explains the delays of an account than the delays of all do."""
    first = FIRST_BIN + timing * BINS
    at = BENIGN_BINS + timing * (BINS + 1)
    drawn, value = 0, 0.0
    for step in range(BINS):
        seen = whole(counts[first + step])
        if seen:
            drawn += seen
            value += math.lgamma(FUNNEL_BIN + seen) - math.lgamma(FUNNEL_BIN)
            value -= math.lgamma(model[at + step] + seen) - math.lgamma(model[at + step])
    if drawn == 0:
        return 0.0
    value -= math.lgamma(FUNNEL_BIN * BINS + drawn) - math.lgamma(FUNNEL_BIN * BINS)
    return value + math.lgamma(model[at + BINS] + drawn) - math.lgamma(model[at + BINS])


@compiled
def evidence(model: Array, counts: Array, members: int, terms: Array) -> float:
    """Write the terms of an account, or of accounts that share a script; their sum, the score in nats."""
    for link in range(LINKS):
        yes, no = yes_and_no(counts, link)
        terms[link] = link_evidence(model, link, yes, no)
    terms[TIMING] = 0.0
    for timing in range(TIMINGS - 1):
        terms[TIMING] += bin_evidence(model, timing, counts)
    terms[PAUSES] = bin_evidence(model, TO_REPLY, counts)
    return _weighed(model, counts, members, terms)


@compiled
def evidence_again(model: Array, counts: Array, terms: Array, was: Array, parts: Array, fresh: bool) -> float:
    """``evidence`` of one account with nothing reckoned twice.

    Args:
        model: as in ``evidence``.
        counts: as in ``evidence``.
        terms: written to.
        was: the counts of the last call; written to.
        parts: what was reckoned of them, an entry for each link and each timing; written to.
        fresh: the model is not that of the last call.
    """
    for link in range(LINKS):
        if fresh or counts[YES[link]] != was[YES[link]] or counts[NO[link]] != was[NO[link]]:
            yes, no = yes_and_no(counts, link)
            parts[link] = link_evidence(model, link, yes, no)
        terms[link] = parts[link]
    for timing in range(TIMINGS):
        changed = fresh
        for place in range(FIRST_BIN + timing * BINS, FIRST_BIN + (timing + 1) * BINS):
            changed |= counts[place] != was[place]
        if changed:
            parts[LINKS + timing] = bin_evidence(model, timing, counts)
    terms[TIMING] = 0.0
    for timing in range(TIMINGS - 1):
        terms[TIMING] += parts[LINKS + timing]
    terms[PAUSES] = parts[LINKS + TO_REPLY]
    for place in range(len(counts)):
        was[place] = counts[place]
    return _weighed(model, counts, 1, terms)


@compiled
def _weighed(model: Array, counts: Array, members: int, terms: Array) -> float:
    """Add the terms that need no long reckoning, and weigh all."""
    for chain in range(2):
        done = whole(counts[N_WARM if chain == 0 else N_WARM_CONTACT])
        gain = model[REPEATS + 2 * chain] + (done - 1) * model[REPEATS + 2 * chain + 1] if done else 0.0
        terms[SEQUENCE if chain == 0 else REPEATED_ADDRESS] = gain
    terms[SHARED] = PARTNER * (members - 1)
    terms[GENERATION] = 1.0 if counts[N_BROUGHT] else 0.0
    score = 0.0
    for term in range(len(TERMS)):
        at = term * ROW
        value = np.float32(min(max(terms[term], model[at + LEAST]), model[at + MOST]) * model[at + WEIGHT])
        terms[term] = value
        score += np.float64(value)
    return score
