"""Lists of indicators that others keep: CSV files, STIX 2.1 bundles, exchanges of the package threatexchange."""

from __future__ import annotations

from seawall.sources.lists.csv_list import read_csv
from seawall.sources.lists.entries import Broken, Entry, Line
from seawall.sources.lists.exchange import Exchange, Fetched
from seawall.sources.lists.stix import read_stix

__all__ = ["Broken", "Entry", "Exchange", "Fetched", "Line", "read_csv", "read_stix"]
