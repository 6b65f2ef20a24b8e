"""The tree of terms, where hashes fail."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from seawall.measures.lexicon.reading import read_terms
from seawall.measures.lexicon.tables import tables
from seawall.measures.lexicon.trie import CONFUSED, NONE, plant
from seawall.measures.text.text_buffers import text_buffers


def test_words_with_one_hash_are_not_confused() -> None:
    """If two words had the same hash, the later term would be left out and told, never taken for the other."""
    listed, _ = read_terms(text_buffers(pa.array(["tulip", "rose", "tulips bed"])), tables())
    same = listed._replace(value=np.zeros_like(listed.value))
    assert plant(same, 3)[1].tolist() == [NONE, CONFUSED, CONFUSED]
    assert plant(listed, 3)[1].tolist() == [NONE, NONE, NONE]
