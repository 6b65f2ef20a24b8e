from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seawall.lake import Lake
from seawall.protocols import CleanBatch
from seawall.workspace.merging import merged
from tests.lake.worlds import START, account, clean, commit, handle

IDS = st.integers(0, 9).map(str)
BATCHES = st.lists(
    st.builds(
        lambda rows, acts, gone, seen: clean(
            [{"message_id": f"club:{id_}", "text": text, "edited": edited} for id_, text, edited in rows],
            [{"interaction_id": f"act{id_}", "parent": parent if parent < len(rows) else -1} for id_, parent in acts],
            deletions=[{"message_id": f"club:{id_}"} for id_ in gone],
            accounts=[
                {"account_id": account(number), "followers": count, "last_seen": START.replace(minute=minute)}
                for number, count, minute in seen
            ],
            aliases=[{"handle_key": handle(number), "account_id": account(number)} for number, *_ in seen],
        ),
        st.lists(st.tuples(IDS, st.sampled_from(["dug", "sown"]), st.integers(0, 3)), max_size=4),
        st.lists(st.tuples(IDS, st.integers(-1, 3)), max_size=4),
        st.lists(IDS, max_size=2),
        st.lists(st.tuples(st.integers(0, 2), st.none() | st.integers(0, 5), st.integers(0, 3)), max_size=3),
    ),
    min_size=1,
    max_size=4,
)
VIEWS = {
    "messages": ("message_id", "text", "edited_at", "deleted_at"),
    "interactions": ("interaction_id", "kind"),
    "deletions": ("message_id",),
    "accounts": ("account_id", "first_seen", "last_seen", "followers"),
    "aliases": ("handle_key", "account_id"),
}


def lake_of(folder: Path, batches: list[CleanBatch]) -> dict[str, set[str]]:
    """What a lake shows after these batches, and its sums."""
    with Lake.create(folder) as lake:
        receipts = [commit(lake, batch, number=number) for number, batch in enumerate(batches, 1)]
        shown = {
            name: {str(row) for row in lake.reader(name, columns).read_all().to_pylist()}
            for name, columns in VIEWS.items()
        }
    sums = {name: sum(getattr(receipt, name) for receipt in receipts) for name in ("records", "kept", "duplicate")}
    return shown | {"sums": {str(sums)}}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(BATCHES)
def test_one_batch_says_what_many_said(tmp_path_factory: pytest.TempPathFactory, batches: list[CleanBatch]):
    """However batches are merged, readers see the same rows, and as many records are kept, refused and known."""
    apart = lake_of(tmp_path_factory.mktemp("apart"), batches)
    assert lake_of(tmp_path_factory.mktemp("merged"), [merged(batches)]) == apart


def test_what_is_told_of_accounts_again_and_again_stands_once():
    """The same account and alias in each of ten batches is one row, from the first time to the last."""
    seen = [
        clean(
            accounts=[{"account_id": account(1), "first_seen": time, "last_seen": time}],
            aliases=[{"handle_key": handle(1), "account_id": account(1), "valid_from": time}],
        )
        for time in (START.replace(minute=minute) for minute in (5, 1, 9, 3))
    ]
    tables = merged(seen).tables
    (row,) = tables["accounts"].to_pylist()
    assert (row["first_seen"].minute, row["last_seen"].minute) == (1, 9)
    (alias,) = tables["aliases"].to_pylist()
    assert alias["valid_from"].minute == 1


def test_parents_point_to_the_same_messages():
    """An interaction still belongs to its message when rows of other batches stand before it."""
    one = clean([{"message_id": "club:1"}, {"message_id": "club:2"}], [{"interaction_id": "a", "parent": 1}])
    two = clean([{"message_id": "club:3"}], [{"interaction_id": "b", "parent": 0}, {"interaction_id": "own"}])
    both = merged([one, two])
    assert np.array_equal(both.parents, [1, 2, -1])
