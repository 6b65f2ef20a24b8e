"""Sentences that quote the numbers behind a score; they name nobody."""

from __future__ import annotations

import numpy as np

from seawall.measures.funnel.state import Array
from seawall.measures.funnel.words import (
    ADDRESS,
    AFTER_ANSWER,
    ANSWERS,
    COLD,
    DAY,
    DIRECT,
    GENERATION,
    HANDED,
    INITIATIVE,
    KEPT,
    KEPT_ON,
    KNIT,
    LEFT,
    N_DIRECT,
    N_KEYED,
    N_OTHERS,
    N_REUSED,
    NEVER,
    PAUSES,
    PUBLIC,
    REPEATED_ADDRESS,
    SCRIPT,
    SEQUENCE,
    SHARED,
    TERMS,
    TIMING,
    UNCONNECTED,
    WARM,
)


def sentences(pairs: Array, counts: Array, terms: Array, team: int) -> tuple[str, ...]:
    """What speaks for and against, the weightiest first, after one sentence about the whole."""
    told = {  # each is read alone too
        PUBLIC: _public(pairs),
        ANSWERS: f"{_of(_reached(pairs, 'answer_at'), pairs)} answered or followed back",
        DIRECT: f"{_of(pairs['flags'] & WARM != 0, pairs)} got a first direct message after they had answered",
        ADDRESS: _addresses(pairs),
        AFTER_ANSWER: _after(pairs),
        KEPT: f"both sides kept writing for days after the address with {np.count_nonzero(pairs['flags'] & KEPT_ON)}",
        UNCONNECTED: f"{_of(pairs['flags'] & KNIT != 0, pairs)} know others whom it knows",
        INITIATIVE: f"it began {counts[N_DIRECT]} of its {counts[N_DIRECT] + counts[N_OTHERS]} direct conversations",
        HANDED: f"{np.count_nonzero(pairs['flags'] & LEFT)} were taken over by a third account, and it fell silent",
        SCRIPT: f"{counts[N_REUSED]} of its {counts[N_KEYED]} replies to them were used for another of them before",
        SEQUENCE: f"it went from approach to answer to direct message with {np.count_nonzero(pairs['flags'] & WARM)}",
        REPEATED_ADDRESS: f"it went from answer to outside address with {np.count_nonzero(_warm_contacts(pairs))}",
        TIMING: "the delays between its steps repeat from one to the next",
        PAUSES: "the pauses before its replies keep to a rhythm of their own",
        SHARED: f"{team} accounts share replies or outside addresses that few others use",
        GENERATION: "it was itself approached by a funnel-like account before",
    }
    order = np.argsort(-np.abs(terms), kind="stable")
    weighed = [f"{told[term]} ({TERMS[term]} {terms[term]:+.1f} nats)." for term in order.tolist() if terms[term] != 0]
    return (_whole(pairs), *(sentence[0].upper() + sentence[1:] for sentence in weighed))


def _whole(pairs: Array) -> str:
    days = int((pairs["began"].max() - pairs["began"].min()) // DAY) + 1
    unknown = np.count_nonzero(pairs["flags"] & KNIT == 0)
    apart = "who do not know each other" if unknown == len(pairs) else f"of whom {unknown} know no other contact of it"
    return f"Approached {_accounts(len(pairs))} in {days} {'day' if days == 1 else 'days'}, {apart}."


def _public(pairs: Array) -> str:
    cold = np.count_nonzero(pairs["flags"] & COLD)
    return f"it began openly with {len(pairs) - cold} and by direct message with {cold}"


def _addresses(pairs: Array) -> str:
    passed = pairs[_reached(pairs, "contact_at")]
    if not len(passed):
        return "nobody got an outside address within days"
    days = float(np.median(passed["contact_at"] - passed["began"])) / DAY
    return f"{_of(_reached(pairs, 'contact_at'), pairs)} got an outside address, half of them within {days:.1f} days"


def _after(pairs: Array) -> str:
    passed = np.count_nonzero(_reached(pairs, "contact_at"))
    return f"{np.count_nonzero(_warm_contacts(pairs))} of {passed} addresses were passed after an answer"


def _warm_contacts(pairs: Array) -> Array:
    return _reached(pairs, "contact_at") & (pairs["answer_at"] < pairs["contact_at"])


def _reached(pairs: Array, stage: str) -> Array:
    there: Array = pairs[stage] != NEVER
    return there


def _of(which: Array, pairs: Array) -> str:
    return f"{np.count_nonzero(which)} of {len(pairs)}"


def _accounts(count: int) -> str:
    return "1 account" if count == 1 else f"{count} accounts"
