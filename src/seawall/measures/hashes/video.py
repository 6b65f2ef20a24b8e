"""Whether two videos show the same, by the PDQ hashes of their frames (vPDQ)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.hashes.bank import Bank, Rows
from seawall.measures.hashes.index import USUAL_DISTANCE, checked_distance
from seawall.measures.hashes.words import WORDS, Words, parsed, strings
from seawall.measures.tables import as_table, require_columns

LEAST_QUALITY = 50
"""PDQ hashes of a lower quality (0 to 100) tell too little of a picture to be compared."""


@dataclass(frozen=True, slots=True)
class VideoMatch:
    """How much of each of two videos is in the other.

    ``query_share`` and ``known_share`` are the parts, 0 to 1, of the frames that were compared which have a frame of
    the other video within the distance; ``query_frames`` and ``known_frames`` count what was compared: distinct hashes
    of sufficient quality. Without such frames a share is 0.
    """

    query_share: float
    known_share: float
    query_frames: int
    known_frames: int


def video_match(
    query: Any, known: Any, *, distance: int = USUAL_DISTANCE, least_quality: int = LEAST_QUALITY
) -> VideoMatch:
    """Compare two videos frame by frame, in both directions; the order and the times of frames do not matter.

    Args:
        query: a table with a row a frame: ``hash`` (64 hexadecimal digits) and ``quality`` (0 to 100).
        known: another.
        distance: frames that differ in at most so many of 256 bits count as the same.
        least_quality: frames below it are left out.

    Method: the comparison that vPDQ publishes (facebook/ThreatExchange, vpdq/README.md): distinct frames of sufficient
    quality, each counted once. It calls videos similar where ``known_share`` is at least 0.8.

    >>> frames = pa.table({"hash": ["0" * 64, "f" * 64, "f0" * 32], "quality": [100, 100, 20]})
    >>> video_match(frames, frames.slice(0, 1))
    VideoMatch(query_share=0.5, known_share=1.0, query_frames=2, known_frames=1)

    Raises:
        MeasureError: a column is missing or holds something else (a frame's hash is malformed, a quality is no number).
    """
    limit = checked_distance(distance)
    asked, held = _frames(query, least_quality), _frames(known, least_quality)
    bank = Bank()
    bank.append(held)
    asking, found, _ = bank.near(asked, limit)
    asked_frames, held_frames = len(asked) // WORDS, len(held) // WORDS
    return VideoMatch(_share(asking, asked_frames), _share(found, held_frames), asked_frames, held_frames)


def _share(matched: Rows, frames: int) -> float:
    return len(np.unique(matched)) / frames if frames else 0.0


def _frames(video: Any, least_quality: int) -> Words:
    """The words of the distinct hashes of sufficient quality."""
    table = as_table(video)
    require_columns(table, ("hash", "quality"))
    try:
        enough = pc.greater_equal(table["quality"], least_quality)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise MeasureError("Qualities are no numbers.", where="column quality", mend="Give 0 to 100.") from None
    words, faults = parsed(strings(table["hash"].filter(enough), "hash"))
    if faults.any():
        raise MeasureError(
            f"{np.count_nonzero(faults):,} frames have no hash of 64 hexadecimal digits.",
            where="column hash",
            mend="Hash the video again.",
        )
    distinct: Words = np.unique(words.reshape(-1, WORDS), axis=0)
    return distinct.reshape(-1)
