"""Successors: which channel came after one that ended, with reasons, a probability, or none."""

from __future__ import annotations

from seawall.measures.succession.measure import LEAST, successors
from seawall.measures.succession.result import Successors
from seawall.measures.succession.weights import FITTED, Weights
from seawall.measures.succession.words import TERMS

__all__ = ["FITTED", "LEAST", "TERMS", "Successors", "Weights", "successors"]
