"""What is planted is what the truth tells, and the background stays what it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seawall.errors import ConfigurationError, MeasureError
from seawall.model import CONTACT_KINDS, INTERACTION_KINDS, LENGTH_CLASSES
from seawall.simulate import (
    ACCOUNTS,
    DECOYS,
    HUBS,
    PAIRS,
    ROLES,
    SIMULATED,
    STAGE_TIMES,
    FunnelSettings,
    Platform,
    World,
    background,
    funnel_world,
)  # fmt: skip
from tests.simulate.conftest import SMALL


def rows_between(world: World) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Each directed pair's rows, by time."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in world.interactions.to_pylist():
        found.setdefault((row["source"], row["target"]), []).append(row)
    return found


def ties(table: pa.Table) -> set[frozenset[str]]:
    """Who has to do with whom."""
    return {frozenset(pair) for pair in zip(table["source"].to_pylist(), table["target"].to_pylist(), strict=True)}


def test_the_tables_have_the_columns_that_are_promised(world: World) -> None:
    """Interactions, hubs, pairs and accounts have their schemas; interactions are sorted by time and have ids."""
    assert world.interactions.schema == SIMULATED
    assert (world.hubs.schema, world.pairs.schema, world.accounts.schema) == (HUBS, PAIRS, ACCOUNTS)
    at = world.interactions["at"].cast(pa.int64()).to_numpy()
    assert (np.diff(at) >= 0).all()
    assert pc.count_distinct(world.interactions["interaction_id"]).as_py() == world.interactions.num_rows
    assert json.loads(json.dumps(world.settings))["seed"] == 3


def test_the_background_is_all_there_and_unchanged(ordinary: pa.Table, world: World) -> None:
    """Each row of the caller's table stands in the world as it was, and the table itself is not touched."""
    mine = pc.is_in(world.interactions["interaction_id"], value_set=ordinary["interaction_id"].combine_chunks())
    assert world.interactions.filter(mine).equals(ordinary)
    assert ordinary.equals(background(3, accounts=2500, days=50))


def test_the_same_seed_gives_the_same_world(ordinary: pa.Table, world: World) -> None:
    """Seed, background and settings decide each byte; another seed gives another world."""
    again = funnel_world(3, background=ordinary, settings=SMALL)
    for name in ("interactions", "hubs", "pairs", "accounts"):
        assert getattr(again, name).equals(getattr(world, name))
    assert again.settings == world.settings
    assert not funnel_world(4, background=ordinary, settings=SMALL).pairs.equals(world.pairs)


def test_the_stages_of_each_pair_come_in_their_order(world: World) -> None:
    """Approach, direct message, address, sustained talk and hand-off follow one another, a follow-back the approach."""
    order = [name for name in STAGE_TIMES if name != "followed_back_at"]
    for pair in world.pairs.to_pylist():
        told = [pair[name] for name in order if pair[name] is not None]
        assert told == sorted(told)
        assert pair["followed_back_at"] is None or pair["followed_back_at"] >= pair["approached_at"]
        assert (pair["handed_to"] is None) == (pair["handed_off_at"] is None)
        if pair["sustained_at"] is not None:
            since = pair["contact_at"] or pair["direct_at"]
            assert pair["sustained_at"] - since >= timedelta(days=3)


def test_each_stage_is_a_row_of_the_table(world: World) -> None:
    """What the truth tells of a pair can be read off the interactions, to the microsecond."""
    rows = rows_between(world)
    for pair in world.pairs.to_pylist():
        hub, other = pair["hub"], pair["newcomer"]
        first = (hub, other) if pair["begun_by_hub"] else (other, hub)
        assert rows[first][0]["at"] == pair["approached_at"]
        direct = [row for row in rows.get((hub, other), []) if row["kind"] == "dm"]
        assert pair["direct_at"] == (direct[0]["at"] if direct else None)
        passed = [row["at"] for row in rows.get((hub, other), []) if row["contact_kind"] is not None]
        assert pair["contact_at"] == (passed[0] if passed else None)
        follows = [row["at"] for row in rows.get((other, hub), []) if row["kind"] == "follow"]
        assert pair["followed_back_at"] == (follows[0] if follows else None)
        if pair["handed_off_at"] is not None:
            assert pair["handed_off_at"] in {row["at"] for row in rows[pair["handed_to"], other]}


def test_a_sustained_talk_is_one_in_which_both_write(world: World) -> None:
    """Both have written between the address and the moment that is called sustained, which is one of their messages."""
    rows = rows_between(world)
    for pair in world.pairs.to_pylist():
        if pair["sustained_at"] is None:
            continue
        since = pair["contact_at"] or pair["direct_at"]
        own, back = (
            [row["at"] for row in rows[who] if row["kind"] == "dm"]
            for who in ((pair["hub"], pair["newcomer"]), (pair["newcomer"], pair["hub"]))
        )
        assert pair["sustained_at"] in {*own, *back}
        for side in (own, back):
            assert any(since < at <= pair["sustained_at"] for at in side)


def test_an_honest_role_is_never_called_a_funnel(world: World) -> None:
    """Funnels are no decoys, decoys no funnels; no account is both; each pair has its hub's role."""
    hubs = world.hubs.to_pylist()
    assert all(hub["decoy"] == (hub["role"] != "funnel") for hub in hubs)
    assert {hub["role"] for hub in hubs} <= set(ROLES)
    funnels = {hub["account"] for hub in hubs if not hub["decoy"]}
    assert funnels.isdisjoint({hub["account"] for hub in hubs if hub["decoy"]})
    role = {hub["account"]: hub["role"] for hub in hubs}
    assert all(role[pair["hub"]] == pair["role"] for pair in world.pairs.to_pylist())
    assert {hub["role"] for hub in hubs if hub["decoy"]} >= set(DECOYS[:3]) or len(funnels) > 0


def test_newcomers_of_a_funnel_are_strangers_of_the_background(ordinary: pa.Table, world: World) -> None:
    """Whom a funnel approaches is an account of the background, and knows neither the hub nor the others there."""
    known = ties(ordinary)
    there = {*ordinary["source"].to_pylist(), *ordinary["target"].to_pylist()}
    groups: dict[str, set[str]] = {}
    for pair in world.pairs.to_pylist():
        if pair["role"] == "funnel":
            groups.setdefault(pair["group"], set()).add(pair["newcomer"])
            assert frozenset({pair["hub"], pair["newcomer"]}) not in known
    for people in groups.values():
        assert people <= there
        assert not any(frozenset({one, two}) in known for one in people for two in people if one < two)


def test_nothing_gives_away_who_is_planted(ordinary: pa.Table) -> None:
    """New accounts have names of the background's form, and do not stand apart from it in order."""
    made = funnel_world(5, background=ordinary, settings=replace(SMALL, existing=0.0, hubs=20))
    before = pa.concat_arrays([*ordinary["source"].chunks, *ordinary["target"].chunks]).unique().drop_null()
    new = made.accounts.filter(pc.invert(pc.is_in(made.accounts["account"], value_set=before)))["account"]
    assert len(new) >= 20
    assert pc.all(pc.match_substring_regex(new, r"^[a-z]+-\d+$")).as_py()
    names = sorted(before.to_pylist())
    places = np.searchsorted(names, new.to_pylist()) / len(names)
    assert 0.25 < places.mean() < 0.75


def test_hubs_can_be_accounts_that_were_there(ordinary: pa.Table) -> None:
    """With existing=1 each planted account is one of the background and its ordinary life goes on."""
    made = funnel_world(5, background=ordinary, settings=replace(SMALL, existing=1.0))
    assert set(made.hubs["account"].to_pylist()) <= set(ordinary["source"].to_pylist())
    assert (
        made.accounts.num_rows
        == pc.count_distinct(pa.chunked_array([*ordinary["source"].chunks, *ordinary["target"].chunks])).as_py()
    )


def test_there_is_no_text_anywhere(world: World) -> None:
    """Keys are 16 hex digits, the rest are words of the model: nothing could hold what somebody wrote."""
    for name in ("contact_key", "reply_key", "interaction_id"):
        told = world.interactions[name].drop_null()
        assert pc.all(pc.match_substring_regex(told, r"^[0-9a-f]{16}$")).as_py()
    for name, words in (
        ("kind", INTERACTION_KINDS), ("contact_kind", CONTACT_KINDS), ("length_class", LENGTH_CLASSES)
    ):  # fmt: skip
        assert set(world.interactions[name].drop_null().to_pylist()) <= set(words)


def test_a_script_is_one_for_all_in_its_order(ordinary: pa.Table) -> None:
    """With script=1 the accounts of a funnel say the same things to everybody, one after the other."""
    pinned = {"script": 1.0, "variants": 1, "accounts": 1, "contact": 0.0, "script_steps": 30, "hand_off": 0.0}
    made = funnel_world(2, background=ordinary, settings=replace(SMALL, hubs=1, decoys=0, pinned=pinned))
    rows = rows_between(made)
    said = [
        [row["reply_key"] for row in rows.get((pair["hub"], pair["newcomer"]), []) if row["kind"] == "dm"][1:]
        for pair in made.pairs.to_pylist()
    ]
    told = sorted((one for one in said if len(one) > 3), key=len)
    assert len(told) >= 2
    assert told[0] == told[-1][: len(told[0])]


def test_what_a_platform_has_not_is_not_planted(ordinary: pa.Table) -> None:
    """In a background of direct messages alone, nothing else is planted, and the truth knows no follows."""
    kept = ordinary.filter(pc.equal(ordinary["kind"], "dm")).select(["at", "kind", "source", "target"])
    made = funnel_world(6, background=kept, settings=replace(SMALL, hubs=3, decoys=9))
    assert set(made.interactions["kind"].to_pylist()) == {"dm"}
    for name in ("reply_key", "contact_kind", "contact_key", "channel", "length_class"):
        assert made.interactions[name].null_count == made.interactions.num_rows
    assert made.pairs["followed_back_at"].null_count == made.pairs.num_rows
    assert made.pairs["contact_at"].null_count == made.pairs.num_rows


def test_numbers_and_naive_times_are_read_as_backgrounds(ordinary: pa.Table) -> None:
    """Ids that are numbers become strings; times without a zone are UTC; ids of rows are made where there are none."""
    codes = pc.rank(ordinary["source"], tiebreaker="dense").cast(pa.int64())
    names = pa.concat_arrays([*ordinary["source"].chunks, *ordinary["target"].chunks]).unique()
    given = pa.table(
        {
            "at": ordinary["at"].cast(pa.timestamp("us")),
            "kind": ordinary["kind"],
            "source": codes,
            "target": pc.index_in(ordinary["target"], value_set=names.drop_null()).cast(pa.int64()),
        }
    )
    made = funnel_world(6, background=given, settings=replace(SMALL, hubs=1, decoys=0))
    assert pc.all(pc.match_substring_regex(made.accounts["account"], r"^\d+$")).as_py()
    assert made.interactions["at"][0] == ordinary["at"][0]


def test_any_data_frame_is_a_background(ordinary: pa.Table, world: World) -> None:
    """pandas and polars give the world that Arrow gives."""
    for frame in (ordinary.to_pandas(), polars.from_arrow(ordinary)):
        assert funnel_world(3, background=frame, settings=SMALL).interactions.equals(world.interactions)


def test_second_generation_was_handed_over_before(ordinary: pa.Table) -> None:
    """A hub of the second generation is a newcomer of its own group who was handed over before it began."""
    settings = replace(SMALL, hubs=10, decoys=0, second_generation=1.0)
    made = funnel_world(8, background=ordinary, settings=settings)
    handed = {
        (pair["newcomer"], pair["group"]): pair["handed_off_at"]
        for pair in made.pairs.to_pylist()
        if pair["handed_off_at"] is not None
    }
    second = [hub for hub in made.hubs.to_pylist() if hub["generation"] == 2]
    assert second
    assert all(handed[hub["account"], hub["group"]] < hub["starts"] for hub in second)


@pytest.mark.parametrize("wide", [False, True])
def test_the_share_that_reaches_each_stage_lies_within_its_range(wide: bool) -> None:
    """Over many funnels the share that is followed back, written to and handed over agrees with the ranges."""
    made = funnel_world(11, settings=FunnelSettings(accounts=8000, days=120, hubs=50, decoys=0, wide=wide))
    early = made.interactions["at"][-1].as_py() - timedelta(days=60)
    pairs = made.pairs.filter(pc.less(made.pairs["approached_at"], early))
    assert pairs.num_rows > 300

    def share(name: str, among: pa.Table) -> float:
        return 1 - among[name].null_count / among.num_rows

    assert 0.15 < share("followed_back_at", pairs) < 0.6
    assert 0.25 < share("direct_at", pairs) < 0.8
    direct = pairs.filter(pc.field("direct_at").is_valid())
    assert 0.3 < share("contact_at", direct) < 0.9
    sustained = pairs.filter(pc.field("sustained_at").is_valid())
    assert 0.3 < share("handed_off_at", sustained) < 0.95


def test_no_single_stage_tells_a_funnel_from_all_honest_roles() -> None:
    """Each stage is reached by some honest role at least half as often as by funnels, and so is the first step."""
    made = funnel_world(5, settings=FunnelSettings(accounts=12_000, days=90, hubs=20, decoys=90))
    pairs = made.pairs.to_pylist()

    def share(role: str, name: str) -> float:
        own = [pair for pair in pairs if pair["role"] == role]
        return sum(bool(pair[name]) for pair in own) / max(1, len(own))

    for name in (*STAGE_TIMES, "begun_by_hub"):
        assert max(share(role, name) for role in DECOYS) > 0.5 * share("funnel", name), name


def test_pinned_habits_hold(ordinary: pa.Table) -> None:
    """What is pinned is not drawn: nobody is written to where direct messages are pinned to never."""
    pinned = {"direct": 0.0, "direct_cold": 0.0, "in_public": 1.0, "newcomers": 12, "accounts": 1, "refused": 0}
    made = funnel_world(2, background=ordinary, settings=replace(SMALL, hubs=3, decoys=0, pinned=pinned))
    assert made.pairs["direct_at"].null_count == made.pairs.num_rows
    assert max(pc.value_counts(made.pairs["hub"]).field(1).to_pylist()) <= 12


def test_what_cannot_be_is_refused(ordinary: pa.Table) -> None:
    """Wrong settings and backgrounds that cannot be read end with an error that says what to mend."""
    with pytest.raises(ConfigurationError, match="honest role"):
        FunnelSettings(roles=("gardener",))
    with pytest.raises(ConfigurationError, match="between 0 and 1"):
        FunnelSettings(existing=1.5)
    with pytest.raises(ConfigurationError, match="no habit"):
        FunnelSettings(pinned={"speed": 1})
    with pytest.raises(ConfigurationError, match="cannot have this value"):
        FunnelSettings(pinned={"direct": 2})
    with pytest.raises(ConfigurationError, match="no kind"):
        Platform(frozenset({"wave"}))
    with pytest.raises(ConfigurationError, match="Nobody can be met"):
        Platform(frozenset({"follow"}))
    with pytest.raises(ConfigurationError, match="at least 10 accounts"):
        background(1, accounts=3)
    with pytest.raises(MeasureError, match="lacks at"):
        funnel_world(1, background=ordinary.drop_columns("at"))
    with pytest.raises(MeasureError, match="at least 30 accounts"):
        funnel_world(1, background=ordinary.slice(0, 5))
    with pytest.raises(MeasureError, match="not a table"):
        funnel_world(1, background=[1, 2])
    wrong = ordinary.set_column(2, SIMULATED.field("kind"), pa.array(["wave"] * ordinary.num_rows))
    with pytest.raises(MeasureError, match="kind of interaction"):
        funnel_world(1, background=wrong)
