"""What is said more often here than elsewhere, and how much of it comes from how few."""

from seawall.measures.contrast.concentration import gini, least_for_half
from seawall.measures.contrast.log_odds import log_odds
from seawall.measures.contrast.phrases import Phrase, phrases

__all__ = ["Phrase", "gini", "least_for_half", "log_odds", "phrases"]
