"""Real interactions that lack what a funnel would show, with such things added for ordinary people as well."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import CONTACT_KINDS, LENGTH_CLASSES
from seawall.simulate.ground import Ground, background_table
from seawall.simulate.rows import DAY, SIMULATED, SPOKEN, Longs, Rows, hex_keys, identities
from seawall.simulate.seeds import stream
from seawall.simulate.society import Ties
from seawall.simulate.talk import LAYERS, addresses, ordinary, replies

_EARLIER = 0.7
"""How often what is added to a pair begins before its real acts do, and not with them."""


def dressed(interactions: Any, seed: int, *, layers: bool = False) -> pa.Table:
    """Interactions with keys of words, lengths and benign addresses where a whole column of them is missing.

    What a platform never shows, a planted funnel cannot show either, or it would stand out by it alone. Who acted
    towards whom and when stays as it was; what is added follows the laws of the synthetic background.

    Args:
        interactions: a table as ``funnel_world`` takes as background.
        seed: the same seed, the same result.
        layers: for pairs that have to do with each other also add the layers that the table lacks altogether (public
            talk, follows, direct messages).

    Returns:
        A table of ``SIMULATED``, sorted by time.

    Raises:
        MeasureError: the background cannot be used.
    """
    table = background_table(interactions, seed)
    ground, rng = Ground(table), stream(seed, 3)
    table = _with_words(table, ground, rng)
    parts = [table]
    if layers:
        rows = _layers(ground, rng)
        parts.append(rows.table(ground.names, ground.channels, identities(seed ^ 0xD2E, table.num_rows, len(rows))))
    both = pa.concat_tables(parts)
    order = np.argsort(both["at"].cast(pa.int64()).to_numpy(), kind="stable")
    return both.take(pa.array(order)).combine_chunks()


def _with_words(table: pa.Table, ground: Ground, rng: np.random.Generator) -> pa.Table:
    spoken = pc.is_in(table["kind"], pa.array(SPOKEN)).to_numpy()
    keys, lengths = replies(rng, table.num_rows)
    talk, order = _talks(ground)
    contact, address = (np.empty(table.num_rows, kind) for kind in (np.int8, np.uint64))
    contact[order], address[order] = addresses(rng, talk[order], ground.source[order])
    private = pc.equal(table["kind"], "dm").to_numpy()
    passed = private & (contact >= 0)
    columns = {
        "reply_key": hex_keys(np.where(spoken, keys, np.uint64(0))),
        "length_class": pa.array(LENGTH_CLASSES).take(pa.array(lengths, mask=~spoken)),
        "contact_kind": pa.array(CONTACT_KINDS).take(pa.array(contact, mask=~passed)),
        "contact_key": hex_keys(np.where(passed, address, np.uint64(0))),
    }
    for name, column in columns.items():
        if table[name].null_count == table.num_rows:
            table = table.set_column(table.schema.get_field_index(name), SIMULATED.field(name), column)
    return table


def _talks(ground: Ground) -> tuple[Longs, Longs]:
    """Which pair each row belongs to, and the order of rows by pair and time."""
    low = np.minimum(ground.source, ground.target).astype(np.int64)
    talk = low * len(ground) + np.maximum(ground.source, ground.target)
    return talk, np.lexsort((ground.at, talk))


def _layers(ground: Ground, rng: np.random.Generator) -> Rows:
    """Ordinary rows of the layers that the table lacks, for each pair around its real acts."""
    there = set(pc.unique(ground.table["kind"]).to_pylist())
    shown = {"public": {"mention", "reply"}, "follow": {"follow"}, "direct": {"dm"}}
    wanted = tuple(name for name in LAYERS if name in shown and not shown[name] & there)
    talk, order = _talks(ground)
    order = order[(ground.target[order] >= 0) & (ground.target[order] != ground.source[order])]
    begins = np.flatnonzero(np.diff(talk[order], prepend=-1))
    first, last = order[begins], order[np.append(begins[1:], len(order)) - 1]
    earlier = np.where(rng.random(len(first)) < _EARLIER, rng.lognormal(np.log(1.5), 1.0, len(first)), 0.0)
    start = np.maximum((ground.at[first] - ground.begin) / DAY - earlier, 0.0)
    ties = Ties(
        source=ground.source[first],
        target=ground.target[first],
        start=start,
        days=(ground.at[last] - ground.begin) / DAY - start + 1.0,
        offset=np.zeros(len(first)),
        channel=ground.channel_of[ground.target[first]],
        close=np.ones(len(first), np.bool_),
    )
    rows = ordinary(rng, ties, ground.begin, wanted)
    return rows.taken((rows.at >= ground.begin) & (rows.at <= ground.end))
