from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from seawall.model import RAW_CHANNELS, REJECTED, raw_table
from seawall.workspace.joining import joined
from tests.workspace.live import post, told


def room(members: int) -> dict[str, list[object]]:
    return {"channel_id": ["beds"], "kind": ["room"], "visibility": ["closed"], "members": [members]}


BATCHES = st.lists(
    st.builds(
        lambda number, posts, gone, platform, members: replace(
            told(
                [post(f"{number}-{place}") for place in range(posts)],
                gone=[(f"{number}-{place}", 1) for place in range(gone)],
                checkpoint=str(number),
            ),
            platform=platform,
            channels=raw_table(RAW_CHANNELS, room(members) if members else None),
        ),
        st.integers(0, 99),
        st.integers(0, 3),
        st.integers(0, 2),
        st.sampled_from(["garden", "garden", "bikes"]),
        st.sampled_from([0, 7, 7, 9]),
    ),
    max_size=6,
)


@given(BATCHES)
def test_the_same_records_in_the_same_order(batches):
    """Nothing is lost or mixed: records, ids, platforms, channels; positions within a batch are all different."""
    made = joined(batches)
    assert sum(batch.records for batch in made) == sum(batch.records for batch in batches)
    for name in ("messages", "deletions"):
        before = [(batch.platform, id_) for batch in batches for id_ in getattr(batch, name)["message_id"].to_pylist()]
        after = [(batch.platform, id_) for batch in made for id_ in getattr(batch, name)["message_id"].to_pylist()]
        assert after == before
    for batch in made:
        positions = [*batch.messages["position"].to_pylist(), *batch.deletions["position"].to_pylist()]
        assert sorted(positions) == list(range(1, batch.records + 1))
        assert batch.channels.num_rows == len(set(batch.channels["channel_id"].to_pylist()))
    assert [batch.checkpoint for batch in made[-1:]] == [batch.checkpoint for batch in batches[-1:]]


@given(BATCHES)
def test_what_differs_stays_apart(batches):
    """Neighbours are joined exactly where platform agrees and no channel is told in two ways."""
    made = joined(batches)
    for before, after in pairwise(made):
        told_before = {row["channel_id"]: row for row in before.channels.to_pylist()}
        told_after = {row["channel_id"]: row for row in after.channels.to_pylist()}
        contradicts = any(told_before.get(channel, row) != row for channel, row in told_after.items())
        assert before.platform != after.platform or contradicts
    assert len(made) <= len(batches)


def test_rejected_records_and_coverage_go_along():
    """Rejected positions move with their batch, coverage rows and assumptions of all batches are kept."""
    refused = raw_table(REJECTED, {"position": [2], "field": ["date"], "reason": ["no such day"]})
    one = replace(told([post("1")], watched=(0, 1)), records=2, rejected=refused, assumptions=("UTC was assumed.",))
    (made,) = joined([one, replace(one, checkpoint="2")])
    assert made.rejected["position"].to_pylist() == [2, 4]
    assert made.coverage.num_rows == 2
    assert made.assumptions == ("UTC was assumed.",)
    assert made.records == 4
