from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import video_match
from tests.measures.hashes.clustered import as_hex, clustered

POOL = as_hex(clustered(30, group=6, flips=40, seed=9))
VIDEO = st.lists(st.tuples(st.sampled_from(POOL), st.integers(0, 100)), max_size=12)


def frames(rows: list[tuple[str, int]]) -> pa.Table:
    """A table of frames."""
    hashes, qualities = [row[0] for row in rows], [row[1] for row in rows]
    return pa.table({"hash": pa.array(hashes, pa.string()), "quality": pa.array(qualities, pa.int64())})


def published_share(asked: list[tuple[str, int]], other: list[tuple[str, int]], distance: int) -> float:
    """vPDQ's published pseudo-code, one direction."""
    mine, theirs = ({int(text, 16) for text, quality in rows if quality >= 50} for rows in (asked, other))
    matched = sum(any((one ^ two).bit_count() <= distance for two in theirs) for one in mine)
    return matched / len(mine) if mine else 0.0


@given(query=VIDEO, known=VIDEO, distance=st.sampled_from([0, 10, 31]))
def test_shares_are_those_of_the_published_rule(
    query: list[tuple[str, int]], known: list[tuple[str, int]], distance: int
) -> None:
    """Both directions, with repeated frames and frames of low quality."""
    match = video_match(frames(query), frames(known), distance=distance)
    assert match.query_share == published_share(query, known, distance)
    assert match.known_share == published_share(known, query, distance)


def test_copies_of_a_video_match_and_other_videos_do_not(shared_data: Path) -> None:
    """Of vPDQ's own samples, 128x128 copies match their originals by vPDQ's rule of 80 %; a door knob is no chair."""
    folder = shared_data / "content" / "vpdq_sample_hashes"
    videos = {}
    for path in sorted(folder.glob("*.txt")):
        with path.open(encoding="ascii", newline="") as lines:
            videos[path.stem] = [(row[2], int(row[1])) for row in csv.reader(lines)]
    copies = [name for name in videos if f"{name}-128x128" in videos]
    assert len(copies) >= 10
    for name in copies:
        assert video_match(frames(videos[f"{name}-128x128"]), frames(videos[name])).known_share >= 0.8
    chairs = [name for name in videos if name.startswith("chair")]
    for knob, chair in product([name for name in videos if name.startswith("doorknob")], chairs):
        match = video_match(frames(videos[knob]), frames(videos[chair]))
        assert max(match.query_share, match.known_share) < 0.1


def test_wrong_columns_are_explained() -> None:
    """A missing column, a malformed hash, a quality that is no number."""
    good = frames([(POOL[0], 100)])
    for wrong in (
        pa.table({"hash": [POOL[0]]}),
        pa.table({"hash": ["roses"], "quality": [100]}),
        pa.table({"hash": [POOL[0]], "quality": ["good"]}),
    ):
        with pytest.raises(MeasureError):
            video_match(good, wrong)
