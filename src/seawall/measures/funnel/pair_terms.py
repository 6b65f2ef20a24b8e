"""The score of a pair: what each stage that it reached, or did not reach in time, says by itself."""

from __future__ import annotations

import numpy as np

from seawall.measures.funnel.model import BENIGN_NO, BENIGN_YES, FUNNEL_NO, FUNNEL_YES, REPEATS, ROW, TOLD, WEIGHT
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.words import (
    ADDRESS,
    AFTER_ANSWER,
    ANSWERS,
    COLD,
    DIRECT,
    HANDED,
    KEPT,
    KEPT_ON,
    KNIT,
    LEFT,
    LINKS,
    NEVER,
    PUBLIC,
    QUIET,
    TERMS,
    UNANSWERED,
    UNCONNECTED,
    UNPASSED,
    UNTAKEN,
    WARM,
)


def pair_terms(pairs: Array, model: Array) -> Array:
    """Terms of pairs, a row each, a column for each of ``TERMS``."""
    flags, terms = pairs["flags"], np.zeros((len(pairs), len(TERMS)))
    yes, no = _values(model)
    passed = pairs["contact_at"] != NEVER
    after = passed & (pairs["answer_at"] < pairs["contact_at"])
    for link, did, did_not in (
        (PUBLIC, flags & COLD == 0, flags & COLD != 0),
        (ANSWERS, pairs["answer_at"] != NEVER, flags & UNANSWERED != 0),
        (DIRECT, flags & WARM != 0, flags & UNTAKEN != 0),
        (ADDRESS, passed, flags & UNPASSED != 0),
        (AFTER_ANSWER, after, passed & ~after),
        (KEPT, flags & KEPT_ON != 0, flags & QUIET != 0),
        (UNCONNECTED, flags & KNIT == 0, flags & KNIT != 0),
        (HANDED, flags & LEFT != 0, np.zeros(len(pairs), np.bool_)),
    ):
        terms[did, link], terms[did_not, link] = yes[link], no[link]
    return terms


def _values(model: Array) -> tuple[Array, Array]:
    """What one yes and one no of each link says, in nats."""
    rows = model[:REPEATS].reshape(len(TERMS), ROW)[:LINKS]
    funnel = rows[:, FUNNEL_YES] / (rows[:, FUNNEL_YES] + rows[:, FUNNEL_NO])
    benign = rows[:, BENIGN_YES] / (rows[:, BENIGN_YES] + rows[:, BENIGN_NO])
    yes, no = np.log(funnel / benign), np.log((1 - funnel) / (1 - benign))
    return yes * rows[:, WEIGHT], np.where(no < 0, no * rows[:, TOLD], no) * rows[:, WEIGHT]


def stages(pairs: Array) -> Array:
    """The furthest stage of each pair, as a place in ``STAGES``."""
    reached = np.zeros(len(pairs), np.int64)
    answered = (pairs["answer_at"] != NEVER) | (pairs["follow_back_at"] != NEVER)
    for stage, there in enumerate(
        (
            answered,
            pairs["direct_at"] != NEVER,
            pairs["contact_at"] != NEVER,
            pairs["sustained_at"] != NEVER,
            pairs["flags"] & LEFT != 0,
        ),
        1,
    ):
        reached[there] = stage
    return reached
