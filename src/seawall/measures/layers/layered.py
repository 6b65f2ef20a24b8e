"""The result of ``network``: all layers of coordination as one network, and the messages behind each edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.graph import grouped, write_graph
from seawall.measures.layers.describe import Description, describe
from seawall.measures.layers.evidence import among, evidence
from seawall.measures.layers.fast import fast_reposts
from seawall.measures.layers.fingerprint import fingerprint
from seawall.measures.layers.layer import Layer
from seawall.measures.layers.messages import Messages
from seawall.measures.layers.tables import (
    edges_by_number,
    layers_table,
    nodes_by_number,
    pairs_by_number,
    with_names,
    with_reason,
)
from seawall.measures.notebook import first_rows

LEAST_ACCOUNTS = 3
"""A community has so many accounts at least, unless told otherwise."""


class LayeredNetwork:
    """Accounts that acted together, in several layers. Made by ``seawall.measures.network``.

    Attributes:
        parameters: with which it was made.
    """

    def __init__(
        self,
        messages: Messages,
        layers: Sequence[Layer],
        left_out: Mapping[str, str],
        parameters: Mapping[str, Any],
        bots: pa.Array | None,
        input_version: str | None,
    ) -> None:
        self.parameters = dict(parameters)
        self._messages = messages
        self._layers = list(layers)
        self._left_out = dict(left_out)
        self._bots = bots
        self._input_version = input_version

    @cached_property
    def layers(self) -> pa.Table:
        """What was looked at, a row a layer that was asked for.

        Columns: ``layer``, ``rows`` (int64: acts), ``objects`` (int64), ``window_s`` (float64; null: it could not be
        estimated, because nothing was shared twice), ``in_time`` (int64: pairs that were in time ``min_repeats``
        times, unusual or not), ``edges`` (int64: rows of ``.edges``) and ``left_out`` (why the layer was not looked at;
        null where it was).
        """
        return layers_table(self._layers, self._left_out)

    @cached_property
    def edges(self) -> pa.Table:
        """The edges of each layer, heaviest first, then by account and layer.

        Columns: ``source``, ``target`` (source is the smaller id), ``layer``, ``weight`` (int64: distinct objects on
        which both acted within the window), ``messages`` (int64: by how many separate messages they met, of the account
        that has fewer), ``pairs`` (int64: pairs of acts), ``leads`` (float64: part of the objects on which source was
        first), ``median_lag_s``; with significance also ``expected``, ``p``, ``q`` (timing), ``p_sharing``,
        ``q_sharing``, as in ``coordination``, each q that of the layer alone, and ``moments`` (int64: of the meetings
        those on objects that were shared at one moment only). With significance, edges that can be part of no pair that
        is found are left out.
        """
        return with_names(self._edges, self._messages)

    @cached_property
    def pairs(self) -> pa.Table:
        """Pairs of accounts with an edge in any layer: by p where there is one, then heaviest first, then by account.

        Columns: ``source``, ``target``, ``weight`` (int64: the sum over layers), ``leads`` (float64: part of the
        objects on which source was first), ``layers`` (list of strings); with significance ``p`` (pooled over the
        layers in which the two share an object, by the Cauchy combination) and ``q`` (Benjamini-Hochberg over all pairs
        that share an object in any layer, or an upper bound for their number); ``p_sharing`` and ``q_sharing`` (pooled
        alike; over all pairs of accounts); ``moments`` (int64: meetings on objects that were shared at one moment only,
        in the layer with the most); and ``reason``: "times" (q is at most that of the call), "things" (q_sharing is,
        and there are five moments or more, of which times tell nothing) or null: the pair is not found.
        """
        return with_names(self._pairs, self._messages)

    @cached_property
    def found(self) -> pa.Table:
        """Of ``.pairs`` those with a reason; without significance all."""
        return with_names(self._found, self._messages)

    @cached_property
    def nodes(self) -> pa.Table:
        """The accounts of the pairs that were found, strongest first.

        Columns: ``account``, ``degree`` (int64: pairs that it is part of), ``strength`` (int64: their weight),
        ``leads`` (float64: part of the objects on which it was first) and ``first_at`` (timestamp us, UTC: its first
        act in any layer).
        """
        table = self._nodes.drop_columns(["key"])
        return table.set_column(0, "account", self._messages.names.take(table["account"].combine_chunks()))

    @cached_property
    def input_version(self) -> str:
        """What was looked at: as it was told, or a fingerprint that no order of rows changes."""
        return self._input_version or fingerprint(self._messages, self._layers)

    @property
    def about(self) -> dict[str, Any]:
        """How it was made: version of Seawall, measure, parameters, windows, input."""
        try:
            seawall = version("seawall")
        except PackageNotFoundError:
            seawall = "unknown"
        return {
            "seawall": seawall,
            "measure": "seawall.measures.network",
            "parameters": self.parameters,
            "windows_s": {layer.name: layer.window_s for layer in self._layers},
            "left_out": self._left_out,
            "input": self.input_version,
        }

    def communities(self, *, least: int = LEAST_ACCOUNTS) -> pa.Table:
        """Groups of at least ``least`` accounts that the found pairs join, the largest first.

        Columns: ``account``, ``community`` (int64, from 0), ``core`` (bool). Within a community the core comes first,
        then who acted first. See ``seawall.measures.graph.grouped`` for the method; what accounts are called and the
        order of rows play no part.

        Raises:
            MeasureError: ``least`` is below 2.
        """
        if least < 2:
            raise MeasureError("A community has two accounts at least.", where="least")
        number, community, core = grouped(
            self._found["source"].to_numpy(),
            self._found["target"].to_numpy(),
            self._found["weight"].to_numpy().astype(np.float64),
            self._in_order_of_acts(),
            least,
        )
        names = self._messages.names.take(pa.array(number))
        return pa.table({"account": names, "community": community, "core": core})

    def evidence(self, source: Any, target: Any) -> pa.Table:
        """The messages behind an edge, in all layers, in the order of time.

        Columns: ``layer``, ``object`` (string), ``source_message``, ``target_message`` (as given), ``source_at``,
        ``target_at`` (timestamp us, UTC) and ``lag_s`` (float64; positive where source was first). Empty where the two
        never acted together within the window.

        Raises:
            MeasureError: the messages have no such account.
        """
        return evidence(self._layers, self._messages, source, target)

    def among(self, accounts: Sequence[Any]) -> pa.Table:
        """The acts of some accounts that had company among them, in all layers, in the order of time.

        Columns: ``layer``, ``object`` (string), ``account``, ``message``, ``at`` (timestamp us, UTC) and ``occasion``
        (int64: acts of one layer and object, each within the window after the one before).
        """
        return among(self._layers, self._messages, accounts).drop_columns(["row"])

    def describe(self, community: int | Sequence[Any]) -> Description:
        """What a community shared, how fast, where, and what speaks against it.

        Args:
            community: its number in ``communities()``, or accounts.

        Raises:
            MeasureError: there is no such community, or an account is not in the messages.
        """
        if not isinstance(community, int | np.integer):
            return describe(self._layers, self._messages, list(community), self._bots)
        members = self._communities
        accounts = members.filter(pc.equal(members["community"], int(community)))["account"].to_pylist()
        if not accounts:
            raise MeasureError(
                "There is no such community.", where="describe", mend="Take its number from .communities()."
            )
        return describe(self._layers, self._messages, accounts, self._bots)

    def fast_reposts(self, within_s: float = 10.0) -> pa.Table:
        """Who reposts whom within seconds: reposts of messages that are at hand.

        Args:
            within_s: seconds, inclusive.

        Returns:
            By number: ``source`` (who reposts), ``target`` (who wrote), ``fast`` (int64: reposts within ``within_s``),
            ``reposts`` (int64: all reposts of target by source), ``share`` (float64: fast / reposts),
            ``share_of_source`` (float64: fast / all reposts by source, of whatever) and ``median_s`` (float64: median
            delay of the fast ones). Reposts of one's own messages, and those that are older than their original, are
            left out.

        Raises:
            MeasureError: ``within_s`` is no number of seconds.
        """
        return fast_reposts(self._messages, within_s)

    def write(self, path: str | Path, format: str = "graphml") -> list[Path]:  # noqa: A002
        """Write the found pairs and their accounts, with communities, parameters and the input's version.

        Args:
            path: for GraphML and GEXF the file. For CSV and Arrow the stem: three files with the endings ``.nodes``,
                ``.pairs`` and ``.edges`` before ``.csv`` or ``.arrow`` (edges: those of each layer of found pairs).
            format: "graphml", "gexf", "csv" or "arrow".

        Returns:
            The files.

        Raises:
            MeasureError: another format.
            StorageError: a file cannot be written.
        """
        edges = self.edges if len(self._found) == len(self._pairs) else self._edges_of_found()
        return write_graph(Path(path), format, self._nodes_with_communities(), self.found, edges, self.about)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        names = ", ".join(layer.name for layer in self._layers)
        return f"<LayeredNetwork: {len(self._nodes)} accounts, {len(self)} pairs found in {names}>"

    def _repr_html_(self) -> str:
        return first_rows(repr(self)[1:-1], self.found)

    @cached_property
    def _edges(self) -> pa.Table:
        return edges_by_number(self._layers)

    @cached_property
    def _pairs(self) -> pa.Table:
        pairs = pairs_by_number(self._edges, self._layers, self._messages)
        return with_reason(pairs, self.parameters["q"]) if "q" in pairs.column_names else pairs

    @cached_property
    def _found(self) -> pa.Table:
        pairs = self._pairs
        return pairs.filter(pc.is_valid(pairs["reason"])) if "reason" in pairs.column_names else pairs

    @cached_property
    def _nodes(self) -> pa.Table:
        return nodes_by_number(self._found, self._layers, self._messages)

    @cached_property
    def _communities(self) -> pa.Table:
        return self.communities()

    def _in_order_of_acts(self) -> Any:
        """The accounts of the found pairs by when they first acted; of equals the stronger, then by message."""
        nodes = self._nodes
        order = np.lexsort(
            (
                nodes["key"].to_numpy(),
                -nodes["degree"].to_numpy(),
                -nodes["strength"].to_numpy(),
                nodes["first_at"].cast(pa.int64()).to_numpy(),
            )
        )
        return nodes["account"].to_numpy()[order]

    def _nodes_with_communities(self) -> pa.Table:
        nodes, members = self.nodes, self._communities
        place = pc.index_in(nodes["account"], members["account"].combine_chunks())
        for name in ("community", "core"):
            nodes = nodes.append_column(name, members[name].combine_chunks().take(place))
        return nodes

    def _edges_of_found(self) -> pa.Table:
        keys = [
            table["source"].to_numpy().astype(np.int64) << 32 | table["target"].to_numpy()
            for table in (self._edges, self._found)
        ]
        return with_names(self._edges.filter(np.isin(*keys)), self._messages)
