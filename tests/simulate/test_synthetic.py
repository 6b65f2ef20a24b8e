"""The synthetic background looks like a platform: few active accounts, friends, nights, answers."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import INTERACTION_KINDS
from seawall.simulate import SIMULATED, background


def count_of(table: pa.Table, column: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    counted: np.ndarray[tuple[int], np.dtype[np.int64]] = pc.value_counts(table[column].drop_null()).field(1).to_numpy()
    return np.sort(counted)


def test_the_same_seed_gives_the_same_bytes(ordinary: pa.Table) -> None:
    """Seed and settings decide everything; another seed gives another platform."""
    assert background(3, accounts=2500, days=50).equals(ordinary)
    assert not background(4, accounts=2500, days=50).equals(ordinary)


def test_it_has_about_the_rows_that_were_asked_for() -> None:
    """Rows are within a fifth of what was asked, all within the time, sorted, with distinct ids and names."""
    begin = datetime(2025, 3, 1, tzinfo=UTC)
    table = background(1, accounts=3000, days=30, interactions=60_000, begin=begin)
    assert table.schema == SIMULATED
    assert 48_000 < table.num_rows < 72_000
    assert table["at"][0].as_py() >= begin
    assert (table["at"][-1].as_py() - begin).days < 30
    assert (np.diff(table["at"].cast(pa.int64()).to_numpy()) >= 0).all()
    assert pc.count_distinct(table["interaction_id"]).as_py() == table.num_rows
    assert set(table["kind"].to_pylist()) <= set(INTERACTION_KINDS)


def test_nobody_acts_on_themselves_and_only_joins_have_no_target(ordinary: pa.Table) -> None:
    """There are no self-loops; each row but a join has a target; private talk has no channel, public talk has one."""
    assert not pc.any(pc.equal(ordinary["source"], ordinary["target"])).as_py()
    alone = ordinary.filter(pc.is_null(ordinary["target"]))
    assert set(alone["kind"].to_pylist()) == {"join"}
    private = ordinary.filter(pc.equal(ordinary["kind"], "dm"))
    assert private["channel"].null_count == private.num_rows
    assert ordinary.filter(pc.equal(ordinary["kind"], "reply"))["channel"].null_count == 0


def test_few_accounts_are_very_active(ordinary: pa.Table) -> None:
    """The most active hundredth writes more than a tenth of all; the median account a handful."""
    acts = count_of(ordinary, "source")
    assert acts[-len(acts) // 100 :].sum() > 0.1 * acts.sum()
    assert np.median(acts) < 12


def test_talk_is_answered_and_people_sleep(ordinary: pa.Table) -> None:
    """Between a fifth and nine tenths of pairs go both ways; the quietest hour of a channel has few rows."""
    known = ordinary.filter(pc.is_in(ordinary["kind"], pa.array(["dm", "reply"])))
    pairs = set(zip(known["source"].to_pylist(), known["target"].to_pylist(), strict=True))
    assert 0.2 < sum((b, a) in pairs for a, b in pairs) / len(pairs) < 0.9
    public = ordinary.filter(pc.is_in(ordinary["kind"], pa.array(["mention", "reply"])))
    room = pc.mode(public["channel"].combine_chunks().dictionary_encode().indices)[0]["mode"].as_py()
    names = public["channel"].combine_chunks().dictionary_encode()
    here = public.filter(pc.equal(names.indices, room))
    hours = np.bincount(pc.hour(here["at"]).to_numpy(), minlength=24)
    assert hours.min() < 0.35 * hours.max()


def test_friends_follow_talk_and_pass_addresses(ordinary: pa.Table) -> None:
    """Follows, private talk and benign addresses are there; an account passes the same address of a kind to all."""
    kinds = dict(zip(*(pc.value_counts(ordinary["kind"]).field(place).to_pylist() for place in (0, 1)), strict=True))
    assert min(kinds[name] for name in ("follow", "dm", "mention", "reply", "reaction", "join")) > 100
    passed = ordinary.filter(pc.is_valid(ordinary["contact_kind"]))
    assert passed.num_rows > 30
    keys = passed.group_by(["source", "contact_kind"]).aggregate([("contact_key", "count_distinct")])
    assert set(keys["contact_key_count_distinct"].to_pylist()) == {1}


def test_some_write_to_very_many(ordinary: pa.Table) -> None:
    """There are accounts that follow or tell a hundred others, without being anything else."""
    reached = ordinary.group_by("source").aggregate([("target", "count_distinct")])
    assert max(reached["target_count_distinct"].to_pylist()) > 80
