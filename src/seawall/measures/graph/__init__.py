"""Graphs of accounts: communities, cores, and files that other programs read."""

from __future__ import annotations

from seawall.measures.graph.exporting import FORMATS, write_graph
from seawall.measures.graph.grouping import grouped
from seawall.measures.graph.leiden import leiden, modularity

__all__ = ["FORMATS", "grouped", "leiden", "modularity", "write_graph"]
