"""A short name for what was looked at, so that an export says from which input it was made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Indices
from seawall.measures.keys import Keys, combine, identity_keys, mix
from seawall.measures.layers.layer import Layer
from seawall.measures.layers.messages import Messages


def fingerprint(messages: Messages, layers: Sequence[Layer]) -> str:
    """Number of messages and 16 hex digits of accounts, messages, times and objects; equal for every order of rows."""
    account = identity_keys(pa.chunked_array([messages.names]))[messages.account]
    keys = combine(account, messages.message_key, messages.at)
    total = sum(int(_added(keys, layer.acts.row, layer.acts.key, layer.acts.object)) for layer in layers)
    return f"{len(messages)}:{total % (1 << 64):016x}"


@compiled
def _added(keys: Keys, row: Indices, objects: Keys, thing: Indices) -> np.uint64:
    total = np.uint64(0)
    for act in range(len(row)):
        total += mix(keys[row[act]] ^ mix(objects[thing[act]]))
    return total
