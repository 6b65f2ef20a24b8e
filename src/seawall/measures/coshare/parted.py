"""The coordination measure over parts: what ``Network`` needs, of which only few rows come back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seawall.measures.coshare.accounts import of_accounts, of_objects
from seawall.measures.coshare.network import Network, Origin
from seawall.measures.coshare.ordering import by_object_and_time
from seawall.measures.coshare.parted_chance import Tested, tested
from seawall.measures.coshare.shares import arrange
from seawall.measures.coshare.squares import dealt, groups_for, swept
from seawall.measures.coshare.sweep import OBJECTS, Edges
from seawall.measures.coshare.viral import SHARES, told_apart
from seawall.measures.keys import Keys, combine, places
from seawall.parts import BothKernel, Parts

if TYPE_CHECKING:
    from seawall.measures.coshare.measure import CoordinationMeasure

MOST_TOGETHER = 1 << 17
"""An object of more shares is cut in stretches of time."""


@dataclass(frozen=True)
class Cutting:
    """How work is cut; it changes nothing in the result.

    Args:
        most: shares of one object that stay together.
        groups: of accounts; None = by how many parts there are.
    """

    most: int = MOST_TOGETHER
    groups: int | None = None


def over_parts(measure: CoordinationMeasure, rows: Parts, cutting: Cutting | None = None) -> Network:
    """The network of all rows, in mode None.

    Edges are computed whole where they are: in squares of accounts, and with significance by who shared what among the
    accounts that have an edge in a square. What comes back are the edges (with ``keep`` those in reach) and the shares
    in company of their accounts.
    """
    window, chance, cutting = measure.window_us, measure.significance, cutting or Cutting()
    groups = cutting.groups or groups_for(rows.count)
    keys = rows.each(partial(_keys, measure)).kept()
    shares, viral = told_apart(keys, window, cutting.most)
    known = shares.each(viral.stretched).by("spot").each(partial(of_objects, window, chance, viral))
    known = known.by("account").each(partial(of_accounts, measure.least, chance)).kept()
    squares = known.each(_linkable).each(viral.stretched).by("spot").each(partial(dealt, window, groups)).by("square")
    edges = squares.each(partial(swept, window, measure.least, groups))
    found = tested(edges.kept(), known, measure.keep) if chance else Tested(edges.all(), None)
    accounts = np.unique(np.concatenate([found.edges[end].to_numpy() for end in ("source", "target")]))
    return _network(measure, rows, known, accounts, found)


def _keys(measure: CoordinationMeasure, rows: pa.Table) -> pa.Table:
    return replace(measure, keep_ids=False).prepare(rows).select(SHARES.names)


def _linkable(known: pa.Table) -> pa.Table:
    """The shares that may be part of an edge."""
    wanted = known["linked"].to_numpy() & known["company"].to_numpy()
    return known.select(SHARES.names).filter(pa.array(wanted))


def _network(measure: CoordinationMeasure, rows: Parts, known: Parts, accounts: Keys, found: Tested) -> Network:
    """The network of edges by the keys of their accounts, which are rising."""
    shares = _if_any(known, pa.table({"account": accounts}), _of_accounts)
    columns = by_object_and_time({name: shares[name].to_numpy() for name in SHARES.names})
    own = _share_keys(columns)
    named = _if_any(rows, pa.table({"share": np.sort(own)}), partial(_named, measure))
    named_keys = named["share"].to_numpy()
    order = np.argsort(named_keys)
    found_at = order[np.searchsorted(named_keys, own, sorter=order)]
    origin = Origin(
        account=named["account_id"], message=named["message_id"],
        object=named["object_id"] if "object_id" in named.column_names else named["object"],
        at=named["at"].cast(pa.timestamp("us", "UTC")), rows=found_at,
    )  # fmt: skip
    number = np.searchsorted(accounts, columns["account"]).astype(np.int32)
    firsts = np.zeros(len(accounts), np.int64)
    firsts[number] = found_at
    shared = arrange(columns["object"], columns["at"], columns["message"], number, len(accounts), measure.window_us)
    names = named["account_id"].take(pa.array(firsts))
    return Network(shared, _edges(found.edges, accounts), OBJECTS, measure.window_us, names, origin, found.judged)


def _if_any(parts: Parts, wanted: pa.Table, kernel: BothKernel) -> pa.Table:
    """What a kernel chooses; where nothing is wanted, nothing is read."""
    chosen = parts.beside_all(wanted, kernel)
    return chosen.all() if len(wanted) else chosen.empty


def _of_accounts(known: pa.Table, wanted: pa.Table) -> pa.Table:
    """The shares in company of these accounts."""
    inside = places(wanted["account"].to_numpy(), known["account"].to_numpy()) >= 0
    return known.select(SHARES.names).filter(pa.array(inside & known["company"].to_numpy()))


def _share_keys(columns: dict[str, np.ndarray]) -> Keys:
    """One key of what tells a share from others."""
    share = combine(columns["object"], columns["account"], columns["at"])
    keys: Keys = combine(share, columns["message"], columns["at"])
    return keys


def _named(measure: CoordinationMeasure, rows: pa.Table, wanted: pa.Table) -> pa.Table:
    """The rows that are wanted, prepared, with ids and ``share``."""
    prepared = replace(measure, keep_ids=True).prepare(rows)
    share = _share_keys({name: prepared[name].to_numpy() for name in SHARES.names})
    inside = places(wanted["share"].to_numpy(), share) >= 0
    return prepared.append_column("share", pa.array(share)).filter(pa.array(inside))


def _edges(edges: pa.Table, accounts: Keys) -> Edges:
    source, target = (np.searchsorted(accounts, edges[end].to_numpy()).astype(np.int32) for end in ("source", "target"))
    return Edges(source, target, *(edges[name].to_numpy() for name in ("weight", "pairs", "leads", "lag")))
