"""Copies and near-copies of texts: clusters of many, the difference of two, and how a cluster spread."""

from __future__ import annotations

from seawall.measures.similarity.batch import near_duplicates
from seawall.measures.similarity.cascade import Spread, spread
from seawall.measures.similarity.copies import Copy, copies
from seawall.measures.similarity.near import NearDuplicates
from seawall.measures.similarity.standing import Clusters

__all__ = ["Clusters", "Copy", "NearDuplicates", "Spread", "copies", "near_duplicates", "spread"]
