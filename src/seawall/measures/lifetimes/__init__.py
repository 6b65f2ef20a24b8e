"""How long things last: survival, hazard, competing ends and the comparison of groups, from spells."""

from seawall.measures.lifetimes.activity import spells_of_activity
from seawall.measures.lifetimes.compare import LogRank, log_rank
from seawall.measures.lifetimes.hazards import hazard
from seawall.measures.lifetimes.incidence import cumulative_incidence
from seawall.measures.lifetimes.looks import SpellsFound, spells_of_looks
from seawall.measures.lifetimes.measure import left_out, survival, told
from seawall.measures.lifetimes.middle import median, restricted_mean
from seawall.measures.lifetimes.spells import REASONS

__all__ = [
    "REASONS",
    "LogRank",
    "SpellsFound",
    "cumulative_incidence",
    "hazard",
    "left_out",
    "log_rank",
    "median",
    "restricted_mean",
    "spells_of_activity",
    "spells_of_looks",
    "survival",
    "told",
]
