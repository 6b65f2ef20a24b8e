"""Of a network only the edges in reach of a rate of false discoveries, and the shares of their accounts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from seawall.measures.coshare.network import Network, Origin
from seawall.measures.coshare.ordering import Column, Indices
from seawall.measures.coshare.shares import arrange
from seawall.measures.coshare.significance import Significance
from seawall.measures.coshare.sweep import OBJECTS, Edges


def reached(
    columns: dict[str, Column],
    accounts: Indices,
    names: pa.ChunkedArray,
    origin: Origin,
    edges: Edges,
    judged: Significance,
    keep: float,
    window: int,
) -> Network:
    """The network of the edges that are discoveries by their times or by what they share, ranked among all edges.

    Args:
        columns: ``object``, ``at`` and ``message`` of shares in company, sorted by object and time.
        accounts: whose shares they are.
        names: of the accounts.
        origin: what the rows are called.
        edges: all of them.
        judged: what chance says of all edges.
        keep: the rate of false discoveries.
        window: microseconds.
    """
    ranked = judged.ranks()
    kept = (ranked[0] <= keep) | (ranked[1] <= keep)
    edges = edges.only(kept)
    used = np.unique(np.concatenate([edges.source, edges.target]))
    number = np.full(len(names), -1, np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    rows = number[accounts] >= 0
    own = {name: values[rows] for name, values in columns.items()}
    shares = arrange(own["object"], own["at"], own["message"], number[accounts[rows]], len(used), window)
    edges = replace(edges, source=number[edges.source], target=number[edges.target])
    judged = judged.only(kept, ranked)
    return Network(shares, edges, OBJECTS, window, names.take(pa.array(used)), origin.only(rows), judged)
