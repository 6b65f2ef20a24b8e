"""A state that holds what is told of some hubs and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seawall.measures.funnel.growth import with_accounts
from seawall.measures.funnel.state import PAIRS, POOL, POOLS, Array, State, empty


@dataclass(frozen=True)
class Told:
    """Hubs with their pairs, wherever they were found.

    Args:
        hubs: numbers of the accounts.
        accounts: the record of each.
        counts: what is counted of each.
        terms: of the score of each.
        teams: how many accounts share its script, itself included.
        pairs: their pairs, accounts by number.
        model: the last one.
    """

    hubs: Array
    accounts: Array
    counts: Array
    terms: Array
    teams: Array
    pairs: Array
    model: Array

    @classmethod
    def nobody(cls, model: Array) -> Told:
        """Nothing to tell."""
        nothing = empty(model)
        one = nothing.accounts[:0], nothing.counts[:0], nothing.terms[:0]
        return cls(np.empty(0, np.int64), *one, np.empty(0, np.int32), nothing.pairs[:0], model)

    def state(self, accounts: int) -> State:
        """The state, in which so many accounts have numbers."""
        state = with_accounts(empty(self.model), accounts)
        state.accounts[self.hubs] = self.accounts
        state.counts[self.hubs], state.terms[self.hubs] = self.counts, self.terms
        pools = np.zeros(len(self.hubs), POOL)
        pools["members"], pools["into"] = self.teams, -1
        state.accounts["pool"][self.hubs] = np.arange(len(self.hubs))
        state.tally[PAIRS], state.tally[POOLS] = len(self.pairs), len(pools)
        return state._replace(pairs=self.pairs, pools=pools)
