"""Columns of strings for Hypothesis: all scripts, disguises, nulls, slices and several chunks."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import strategies as st

PIECES = (
    "Plant", "TULIPS", "now", "rn", "ab1", "g@rden", "ca$h", "Straße", "ΣΑΣ", "жук", "сад", "велоклуб",
    "ελιά", "İı", "ﬁ", "½", "ﷺ", "Ａ１", "٣", "حديقة", "حـديقة", "گل\u200cها", "बाग़", "정원",
    "花园", "庭の花", "สวน", "e\u0301", "\u0301", "\u200d", "\u200b", "\xad", "\x00", "\u3164", "🌷",
    "👩\u200d🌾", "@", "@@", "＠", "#", "＃", "$", ".", ":", "/", "_", "-", "[", "]", "<", "&", ";", " ", "\n",
    "\u3000", "http://", "://", "：／／", "www.", "@anna", "@[account]", "[email]", "&amp;", "&#39;", "1",
)  # fmt: skip

texts = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@st.composite
def columns(draw: st.DrawFn, of: st.SearchStrategy[str] = texts) -> pa.Array | pa.ChunkedArray:
    """A column: sliced, or of several chunks, of either type of string."""
    values = draw(st.lists(st.none() | of, max_size=8))
    array = pa.array(values, draw(st.sampled_from([pa.string(), pa.large_string()])))
    start = draw(st.integers(0, len(array)))
    if draw(st.booleans()):
        return array[start:]
    return pa.chunked_array([array[:start], array[start:]], array.type)
