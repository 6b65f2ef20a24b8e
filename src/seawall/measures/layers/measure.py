"""All layers of coordination in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.coshare import CoordinationMeasure
from seawall.measures.layers.layer import Layer, layer_of
from seawall.measures.layers.layered import LayeredNetwork
from seawall.measures.layers.messages import Messages
from seawall.measures.layers.objects import COLUMNS, LAYERS, acts
from seawall.measures.tables import as_table, require_columns


def network(
    messages: Any,
    *,
    window: float | None = 60.0,
    layers: Sequence[str] = LAYERS,
    significance: bool = True,
    q: float = 0.05,
    clusters: Any = None,
    min_repeats: int | None = None,
    accounts: Any = None,
    input_version: str | None = None,
) -> LayeredNetwork:
    """Who acted together, in all layers at once: reposts, links, texts, near-duplicates, hashtags, replies, ...

    Each layer runs the exact core of ``coordination``. Only a repost counts for the layer ``repost``, and for the
    others only what is no repost. Empty texts, links and hashtags link nobody.

    Args:
        messages: an Arrow table, reader or any data frame with ``__arrow_c_stream__``, with columns as in the lake:
            ``message_id``, ``account_id``, ``sent_at``; and of ``repost_of``, ``links`` (list of struct with ``url``
            and ``domain``, or list of strings), ``text_key``, ``hashtags``, ``reply_to``, ``mentions``, ``media``
            (list of struct with ``sha256``, ``pdq``, ``quality``) those that are there: a layer whose column is missing
            is left out, and ``.layers`` says so. ``platform`` is used to describe communities. Rows in any order.
        window: seconds, inclusive. None: estimated for each layer, see ``estimated_window``.
        layers: which layers, of LAYERS.
        significance: compute p-values, and look for communities among the pairs that stand out. Without it a pair
            is found where one layer gives it ``min_repeats`` objects.
        q: the rate of false discoveries among pairs (Benjamini-Hochberg).
        clusters: for the layer ``similar``: a table of ``message_id`` or ``text_key``, and ``cluster``.
        min_repeats: the least number of distinct objects of an edge in a layer. None: 1 with significance, 2 without.
        accounts: a table of ``account_id`` and ``declared_bot``, for what speaks against a community.
        input_version: what the messages are called, to be stored with each export (the lake's version). None: a
            fingerprint of what was looked at, the same whatever the order of rows.

    Returns:
        A ``LayeredNetwork``: ``.layers``, ``.edges``, ``.pairs``, ``.nodes``, ``.communities()``, ``.evidence(source,
        target)``, ``.describe(community)``, ``.fast_reposts(within_s)``, ``.write(path)``.

    Raises:
        MeasureError: a column is missing or cannot be used, no layer has its column, or a parameter cannot be used.

    >>> messages = pa.table({
    ...     "message_id": ["1", "2", "3", "4"],
    ...     "account_id": ["ann", "bob", "bob", "ann"],
    ...     "sent_at": [0, 20, 500, 505],
    ...     "hashtags": [["tulips"], ["tulips"], ["roses", "ferns"], ["roses", "ferns"]],
    ... })
    >>> found = network(messages, layers=["hashtag", "hashtag_sequence"], significance=False, min_repeats=1)
    >>> found.pairs.select(["source", "target", "weight", "layers"]).to_pylist()
    [{'source': 'ann', 'target': 'bob', 'weight': 4, 'layers': ['hashtag', 'hashtag_sequence']}]
    """
    choice = _Choice(window, layers, significance, q, min_repeats)
    told = Messages.of(as_table(messages))
    run, left_out = _run(told, choice, None if clusters is None else as_table(clusters))
    return LayeredNetwork(told, run, left_out, choice.parameters, _bots(accounts), input_version)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was asked for; see ``network``.

    Raises:
        MeasureError: a parameter that cannot be used.
    """

    window: float | None
    layers: Sequence[str]
    significance: bool
    q: float
    min_repeats: int | None

    def __post_init__(self) -> None:
        CoordinationMeasure(60.0 if self.window is None else self.window, self.least)
        if isinstance(self.layers, str) or not self.layers or not set(self.layers) <= set(LAYERS):
            raise MeasureError("A layer does not exist.", where="layers", mend=f"Choose from {', '.join(LAYERS)}.")
        if not 0 < self.q < 1:
            raise MeasureError("A rate of false discoveries lies between 0 and 1.", where="q")

    @property
    def least(self) -> int:
        """``min_repeats``, or what stands for it where it is None."""
        if self.min_repeats is None:
            return 1 if self.significance else 2
        return self.min_repeats

    @property
    def parameters(self) -> dict[str, Any]:
        """As they are stored with the network."""
        return {
            "window_s": self.window,
            "layers": list(self.layers),
            "significance": self.significance,
            "q": self.q,
            "min_repeats": self.least,
        }


def _run(messages: Messages, choice: _Choice, clusters: pa.Table | None) -> tuple[list[Layer], dict[str, str]]:
    """The layers that can be run, and for each other one why it cannot."""
    run, left_out = [], {}
    q = choice.q if choice.significance else None
    for name in (layer for layer in LAYERS if layer in choice.layers):
        reason = _missing(messages.table, name, clusters)
        if reason is None:
            run.append(layer_of(name, messages, acts(messages, name, clusters), choice.window, choice.least, q))
        else:
            left_out[name] = reason
    if not run:
        raise MeasureError(
            "No layer can be looked at.",
            where=", ".join(left_out),
            mend=f"Give one of the columns {', '.join(dict.fromkeys(COLUMNS[name] for name in left_out))}.",
        )
    return run, left_out


def _missing(table: pa.Table, layer: str, clusters: pa.Table | None) -> str | None:
    """Why a layer cannot be looked at."""
    if layer == "similar":
        return "No clusters were given." if clusters is None else None
    column = COLUMNS[layer]
    if column not in table.column_names:
        return f"The messages have no column {column}."
    if pa.types.is_null(table.schema.field(column).type):
        return f"The column {column} is empty."
    return None


def _bots(accounts: Any) -> pa.Array | None:
    """The accounts that declare themselves automatic; None where nothing is known."""
    if accounts is None:
        return None
    table = as_table(accounts)
    require_columns(table, ("account_id", "declared_bot"))
    declared = table["declared_bot"].fill_null(False).to_numpy()
    return table["account_id"].take(pa.array(np.flatnonzero(declared))).combine_chunks()
