"""What the measure found: hubs with their scores, pairs with their stages, and sentences that say why."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.funnel.lookup import pool_of
from seawall.measures.funnel.pair_terms import pair_terms, stages
from seawall.measures.funnel.sentences import sentences
from seawall.measures.funnel.state import PAIRS, Array, State
from seawall.measures.funnel.told import Told
from seawall.measures.funnel.words import MUTUAL, N_APPROACHED, NEVER, STAGES, TERMS
from seawall.measures.tables import place_of

UTC = pa.timestamp("us", "UTC")
TERM_LIST = pa.list_(pa.struct([("name", pa.string()), ("value", pa.float64())]))


class Funnels:
    """Funnel-like accounts and the persons whom they approached.

    - ``hubs``: every account that approached at least one stranger, the highest score first: ``hub``, ``score``
      (float64, nats: the highest that the running test reached), ``newcomers`` (int64: strangers it approached),
      ``terms`` (list of ``name``, ``value``: the parts of the score at that moment, their sum), ``first_at``
      (its first approach) and ``alert_at`` (when the score crossed the bound; null = never), both UTC microseconds.
    - ``pairs``: each approached stranger, in the order of time: ``hub``, ``newcomer``, ``stage`` (the furthest of
      approach, follow_back, direct, contact, sustained, hand_off), ``score``, ``terms``, ``first_at``, ``last_at``.
    - ``left_out``: how many rows were left out, by reason.
    - ``bound``: the score at which an account is alerted about.
    """

    def __init__(self, state: State, ids: pa.Array, bound: float, left_out: dict[str, int]) -> None:
        self.bound, self.left_out = bound, left_out
        self._state, self._ids = state, ids

    def __repr__(self) -> str:
        alerts = len(self.hubs) - self.hubs["alert_at"].null_count
        return f"<Funnels: {len(self.hubs)} accounts that approached strangers, {alerts} alerts at {self.bound:g} nats>"

    @cached_property
    def hubs(self) -> pa.Table:
        """Accounts that approached strangers, the most funnel-like first."""
        known = len(self._ids)
        accounts, newcomers = self._state.accounts[:known], self._state.counts[:known, N_APPROACHED]
        which = np.flatnonzero(newcomers > 0)
        keys = (self._ranks[which], -newcomers[which], accounts["alert_at"][which], accounts["first_at"][which])
        which = which[np.lexsort((*keys, -accounts["best"][which]))]
        terms = self._state.terms[which].astype(np.float64)
        return pa.table(
            {
                "hub": self._ids.take(pa.array(which)),
                "score": accounts["best"][which],
                "newcomers": newcomers[which].astype(np.int64),
                "terms": _listed(terms),
                "first_at": _times(accounts["first_at"][which]),
                "alert_at": _times(accounts["alert_at"][which]),
            }
        )

    @cached_property
    def pairs(self) -> pa.Table:
        """Approached strangers with the stage that was reached, in the order of time."""
        return self._pairs(np.arange(int(self._state.tally[PAIRS])))

    def pairs_of(self, hub: Any) -> pa.Table:
        """``pairs`` of one hub, without making all the others.

        Raises:
            MeasureError: the account acted nowhere.
        """
        return self._pairs(self._places(hub))

    def explain(self, hub: Any) -> tuple[str, ...]:
        """Sentences that quote the numbers behind the score of a hub, the weightiest evidence first.

        Raises:
            MeasureError: the account approached no stranger.
        """
        places = self._places(hub)
        pairs = self._state.pairs[places]
        if not len(pairs):
            raise MeasureError("This account approached no stranger.", where="parameter hub")
        account = int(pairs["hub"][0])
        return sentences(pairs, self._state.counts[account], self._state.terms[account], self._team(account))

    def alerted(self) -> Funnels:
        """The same of those accounts alone whose score is at or above the bound, with their newcomers."""
        state, known = self._state, len(self._ids)
        hubs = np.flatnonzero(state.accounts["alert_at"][:known] != NEVER)
        pairs = state.pairs[: int(state.tally[PAIRS])]
        pairs = pairs[np.isin(pairs["hub"], hubs) & (pairs["flags"] & MUTUAL == 0)]
        concerned = np.union1d(hubs, np.unique(pairs["newcomer"]))
        for side in ("hub", "newcomer"):
            pairs[side] = np.searchsorted(concerned, pairs[side])
        told = Told(
            np.searchsorted(concerned, hubs), state.accounts[hubs], state.counts[hubs], state.terms[hubs],
            np.array([self._team(int(hub)) for hub in hubs], np.int32), pairs, state.model,
        )  # fmt: skip
        return Funnels(told.state(len(concerned)), self._ids.take(pa.array(concerned)), self.bound, self.left_out)

    def _places(self, hub: Any) -> Array:
        account = place_of(hub, self._ids)
        if account is None:
            raise MeasureError("There is no such account.", where="parameter hub", mend="Take one of .hubs.")
        pairs = self._state.pairs[: int(self._state.tally[PAIRS])]
        return np.flatnonzero((pairs["hub"] == account) & (pairs["flags"] & MUTUAL == 0))

    def _team(self, account: int) -> int:
        pool = pool_of(self._state, account)
        return int(self._state.pools[pool]["members"]) if pool >= 0 else 1

    @cached_property
    def _ranks(self) -> Array:
        """Where each id stands among all: only rows with equal scores and times are put in this order."""
        order = np.argsort(self._ids.to_numpy(zero_copy_only=False), kind="stable")
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        return ranks

    def _pairs(self, places: Array) -> pa.Table:
        pairs = self._state.pairs[places]
        alone = pairs["flags"] & MUTUAL == 0
        pairs = pairs[alone]
        if (np.diff(pairs["began"]) <= 0).any():
            order = np.lexsort((self._ranks[pairs["newcomer"]], self._ranks[pairs["hub"]], pairs["began"]))
            pairs = pairs[order]
        terms = pair_terms(pairs, self._state.model)
        return pa.table(
            {
                "hub": self._ids.take(pa.array(pairs["hub"])),
                "newcomer": self._ids.take(pa.array(pairs["newcomer"])),
                "stage": pa.array(STAGES).take(pa.array(stages(pairs))),
                "score": _in_order(terms),
                "terms": _listed(terms),
                "first_at": _times(pairs["began"]),
                "last_at": _times(pairs["now"]),
            }
        )


def _in_order(terms: Array) -> Array:
    """The sum of each row, term after term, so that the same terms always give the same bits."""
    score = np.zeros(len(terms))
    for column in range(terms.shape[1]):
        score += terms[:, column]
    return score


def _listed(terms: Array) -> pa.Array:
    """The terms that are not zero, row by row."""
    rows, columns = np.nonzero(terms)
    offsets = np.zeros(len(terms) + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=len(terms)), out=offsets[1:])
    names = pa.array(TERMS).take(pa.array(columns))
    entries = pa.StructArray.from_arrays([names, pa.array(terms[rows, columns])], ["name", "value"])
    return pa.ListArray.from_arrays(pa.array(offsets), entries).cast(TERM_LIST)


def _times(values: Array) -> pa.Array:
    return pa.array(values, mask=values == NEVER).cast(UTC)
