"""What the measure says, against plain counting and in small worlds."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seawall import model
from seawall.errors import MeasureError
from seawall.measures import funnels
from seawall.measures.funnel import BOUND, STAGES, TERMS
from seawall.measures.funnel.words import KINDS
from tests.measures.funnel.reference import Reference
from tests.measures.funnel.world import everyday, funnel, row, table

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ACCOUNTS = [f"club-{letter}" for letter in "abcdefgh"]
ACT = st.tuples(
    st.one_of(st.integers(0, 40), st.integers(0, 40 * 24 * 60)),
    st.sampled_from(["mention", "follow", "dm", "dm", "dm", "contact_shared"]),
    st.sampled_from(ACCOUNTS),
    st.sampled_from(ACCOUNTS),
    st.sampled_from([None, None, "card-1", "card-2"]),
    st.sampled_from([None, "w1", "w2", "w3"]),
)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rows_of(acts):
    return [row(minutes / 60, *rest) for minutes, *rest in acts]


def plain(rows):
    """Rows as the reference takes them."""
    return [
        (round((at - EPOCH) / timedelta(microseconds=1)), kind, source, target, contact is not None, key, words)
        for at, kind, source, target, contact, key, words in rows
    ]


def by_hub(found):
    return {hub["hub"]: hub for hub in found.hubs.to_pylist()}


def check_against_reference(rows, bound=BOUND):
    found, expected = funnels(table(rows), bound=bound), Reference(plain(rows), bound)
    hubs = by_hub(found)
    assert hubs.keys() == expected.best.keys()
    for hub, told in hubs.items():
        terms = {term["name"]: term["value"] for term in told["terms"]}
        for name, value in zip(TERMS, expected.terms[hub], strict=True):
            assert terms.get(name, 0.0) == pytest.approx(value, abs=1e-4), name
        assert told["score"] == pytest.approx(expected.best[hub], abs=1e-4)
        alert = expected.alert.get(hub)
        assert told["alert_at"] == (None if alert is None else EPOCH + timedelta(microseconds=alert))
    pairs = {(pair["hub"], pair["newcomer"]): pair for pair in found.pairs.to_pylist()}
    expected_pairs = {(pair.hub, pair.newcomer): pair for pair in expected.pairs.values() if not pair.mutual}
    assert pairs.keys() == expected_pairs.keys()
    for key, pair in pairs.items():
        assert pair["stage"] == expected_pairs[key].stage
        assert pair["last_at"] == EPOCH + timedelta(microseconds=expected_pairs[key].last)
    return found


@SLOW
@given(st.lists(ACT, max_size=60))
def test_every_term_stage_and_alert_is_that_of_plain_counting(acts):
    """Kernels that count as they go agree with a reference that counts everything anew at every moment."""
    check_against_reference(rows_of(acts), bound=1.0)


def test_a_world_of_a_club_and_a_funnel_is_that_of_plain_counting():
    """The same for months of everyday traffic with a funnel in it, midnights and learning included."""
    check_against_reference(everyday(acts=250, members=24, days=40) + funnel(newcomers=6))


@pytest.fixture(scope="module")
def club():
    return funnels(table(everyday() + funnel()))


def test_the_funnel_comes_first_and_alone(club):
    """The hub of a funnel is alerted about, and nobody of the club is."""
    alerts = [hub["hub"] for hub in club.hubs.to_pylist() if hub["alert_at"]]
    assert alerts == ["fern"]
    assert club.hubs["hub"][0].as_py() == "fern"


def test_the_alert_comes_before_most_got_the_address(club):
    """The test decides early: most of the newcomers have no outside address yet."""
    alert = by_hub(club)["fern"]["alert_at"]
    passed = [at for at, kind, source, _, contact, *_ in funnel() if source == "fern" and contact]
    assert sum(at <= alert for at in passed) < len(passed) / 2


def test_the_terms_add_up_to_the_score(club):
    """The score of a hub and of a pair is the sum of its named terms."""
    for told in club.hubs.to_pylist() + club.pairs.to_pylist():
        assert sum(term["value"] for term in told["terms"]) == pytest.approx(told["score"], abs=1e-9)
        assert {term["name"] for term in told["terms"]} <= set(TERMS)


def test_alerts_are_where_the_score_reached_the_bound(club):
    """An alert stands exactly where the score is at or above the bound."""
    for hub in club.hubs.to_pylist():
        assert (hub["alert_at"] is not None) == (hub["score"] >= club.bound)


def test_the_contract_of_columns(club):
    """Names and types are those that are promised."""
    assert club.hubs.column_names == ["hub", "score", "newcomers", "terms", "first_at", "alert_at"]
    assert club.pairs.column_names == ["hub", "newcomer", "stage", "score", "terms", "first_at", "last_at"]
    assert set(club.pairs["stage"].to_pylist()) <= set(STAGES)
    assert club.hubs.schema.field("newcomers").type == pa.int64()
    assert club.hubs.schema.field("alert_at").type == pa.timestamp("us", "UTC")


def test_the_kinds_and_stages_are_those_of_the_model():
    """Measures do not know the model, so its kinds and stages are told twice; they are the same."""
    assert KINDS == model.INTERACTION_KINDS
    assert STAGES == model.STAGES


def test_sentences_quote_numbers_and_name_nobody(club):
    """What explains a score quotes counts, the weightiest first, and holds no id."""
    told = club.explain("fern")
    assert told[0].startswith("Approached 14 accounts in 5 days, who do not know each other")
    assert any("outside address" in sentence for sentence in told)
    assert not any("fern" in sentence or "newcomer-" in sentence for sentence in told)


def shuffled(rows, seed=3):
    rows = list(rows)
    random.Random(seed).shuffle(rows)
    return rows


@SLOW
@given(st.lists(ACT, max_size=80), st.integers(0, 5))
def test_no_order_of_rows_and_no_repetition_matters(acts, seed):
    """Rows in any order and given ten times over give the same bits."""
    rows = rows_of(acts)
    whole, mixed = funnels(table(rows)), funnels(table(shuffled(rows * 3, seed)))
    assert whole.hubs.equals(mixed.hubs)
    assert whole.pairs.equals(mixed.pairs)


def rekeyed(rows, name):
    return [(at, kind, name(source), name(target), *rest) for at, kind, source, target, *rest in rows]


def anonymous(found, back):
    hubs = [{**hub, "hub": back.get(hub["hub"], hub["hub"])} for hub in found.hubs.to_pylist()]
    pairs = [
        {**pair, "hub": back.get(pair["hub"], pair["hub"]), "newcomer": back.get(pair["newcomer"], pair["newcomer"])}
        for pair in found.pairs.to_pylist()
    ]
    return sorted(map(repr, hubs)), sorted(map(repr, pairs))


@SLOW
@given(st.lists(ACT, max_size=80), st.permutations(ACCOUNTS), st.integers(0, 5))
def test_new_keys_for_all_accounts_change_no_bit(acts, names, seed):
    """Scores know no ids: after re-keying every account and shuffling the rows each score has the same bits."""
    rows = rows_of(acts)
    new = {old: f"x{name}" for old, name in zip(ACCOUNTS, names, strict=True)}
    back = {value: key for key, value in new.items()}
    again = funnels(table(shuffled(rekeyed(rows, new.__getitem__), seed)))
    assert anonymous(funnels(table(rows)), {}) == anonymous(again, back)


def test_new_keys_change_no_bit_of_a_world(club):
    """The same for the club: every score, term and time is bit-identical under new keys."""
    names = {name: f"{number:x}" for number, name in enumerate(shuffled(club_members()))}
    again = funnels(table(shuffled(rekeyed(everyday() + funnel(), names.__getitem__))))
    assert anonymous(club, {}) == anonymous(again, {value: key for key, value in names.items()})


def club_members():
    return sorted({name for values in everyday() + funnel() for name in values[2:4]})


def test_whole_numbers_as_ids_come_back_as_they_went_in(club):
    """Ids keep their type, and tell nothing that strings do not."""
    names = {name: number for number, name in enumerate(club_members())}
    rows = everyday() + funnel()
    numbers = {
        side: pa.array([names[values[place]] for values in rows], pa.int64())
        for side, place in (("source", 2), ("target", 3))
    }
    told = table(rows)
    for side, column in numbers.items():
        told = told.set_column(told.column_names.index(side), side, column)
    found = funnels(told)
    assert found.hubs.schema.field("hub").type == pa.int64()
    assert found.hubs["score"].to_pylist() == club.hubs["score"].to_pylist()


@pytest.mark.parametrize("days", [4, 6, 9, 20])
def test_later_interactions_change_no_earlier_alert(club, days):
    """The pass is causal: cut off at any day, what was alerted by then is alerted at the same moment."""
    rows = everyday() + funnel()
    cut = row(24 * days, "dm", "", "")[0]
    early = by_hub(funnels(table([values for values in rows if values[0] < cut])))
    for hub, told in by_hub(club).items():
        if told["alert_at"] and told["alert_at"] < cut:
            assert early[hub]["alert_at"] == told["alert_at"]
        elif hub in early:
            assert early[hub]["alert_at"] is None


@pytest.mark.parametrize(
    "missing", [("contact_kind", "contact_key"), ("reply_key",), ("contact_kind", "contact_key", "reply_key")]
)
def test_columns_that_are_not_there_count_as_nothing(missing):
    """Without addresses or replies the measure still answers, and no term of theirs is told."""
    rows = table(everyday() + funnel()).drop_columns(list(missing))
    found = funnels(rows)
    told = {term["name"]: term["value"] for term in by_hub(found)["fern"]["terms"]}
    assert ("script" not in told) == ("reply_key" in missing)
    assert told.get("outside_address", 0.0) >= -0.5
    assert found.hubs["hub"][0].as_py() == "fern"


class TestBadInput:
    """Everything that cannot be evidence is counted and left out, or refused with a sentence that helps."""

    def test_an_unknown_kind_is_named(self):
        """The error names the kind and those that are known."""
        with pytest.raises(MeasureError, match=r"The kind 'wave' is unknown.*contact_shared"):
            funnels(table([row(1, "wave", "a", "b")]))

    def test_a_row_without_a_kind(self):
        """No kind is an error too."""
        with pytest.raises(MeasureError, match="has no kind"):
            funnels(table([row(1, None, "a", "b")]))

    def test_missing_columns_are_named(self):
        """The error names the column, and the nearest that is there."""
        with pytest.raises(MeasureError, match="source"):
            funnels(table([row(1, "dm", "a", "b")]).rename_columns(["at", "kind", "sorce", "target", "c", "d", "e"]))

    @pytest.mark.parametrize(
        ("column", "values"), [("at", ["noon"]), ("source", [1.5]), ("kind", [3]), ("target", [[1]])]
    )
    def test_wrong_types_are_refused(self, column, values):
        """A column of a wrong type is named."""
        told = table([row(1, "dm", "a", "b")])
        with pytest.raises(MeasureError, match=column):
            funnels(told.set_column(told.column_names.index(column), column, pa.array(values)))

    def test_a_number_and_a_string_are_no_ids_of_one_type(self):
        """Sources and targets must be of one type."""
        told = table([row(1, "dm", "a", "b")])
        with pytest.raises(MeasureError, match="one type"):
            funnels(told.set_column(3, "target", pa.array([4])))

    def test_it_is_no_table(self):
        """Something that is no table is refused."""
        with pytest.raises(MeasureError, match="not a table"):
            funnels([1, 2])

    def test_what_is_left_out_is_counted(self):
        """Rows without time, without accounts, towards themselves and of kinds that tell nothing are counted."""
        rows = [
            row(1, "dm", "a", "b"), row(1, "dm", "a", "b"), row(1, "dm", "a", "a"), row(1, "dm", None, "b"),
            row(1, "dm", "a", None), row(1, "join", "a", None), row(1, "block", "b", "a"),
        ]  # fmt: skip
        told = table(rows)
        told = pa.concat_tables(
            [told, told.slice(0, 1).set_column(0, "at", pa.array([None], pa.timestamp("us", "UTC")))]
        )
        found = funnels(told)
        assert found.left_out == {
            "without_time": 1, "without_source": 1, "no_evidence": 2, "without_target": 1, "self": 1, "repeated": 1,
        }  # fmt: skip
        assert found.hubs["newcomers"].to_pylist() == [1]

    @pytest.mark.parametrize("zone", [None, "Europe/Berlin", "UTC"])
    def test_an_empty_table_gives_empty_tables(self, zone):
        """No rows, no hubs, whatever the zone of the times."""
        found = funnels(table([]).set_column(0, "at", pa.array([], pa.timestamp("ms", zone))))
        assert (len(found.hubs), len(found.pairs), found.left_out) == (0, 0, {})

    def test_an_account_that_approached_nobody_cannot_be_explained(self, club):
        """The error says so."""
        with pytest.raises(MeasureError, match="no such account"):
            club.explain("nobody")
        with pytest.raises(MeasureError, match="approached no stranger"):
            club.explain("fern-newcomer-0")

    def test_two_that_begin_at_once_have_no_hub(self):
        """Where both act at the same moment nobody approached anybody."""
        found = funnels(table([row(1, "dm", "a", "b"), row(1, "mention", "b", "a"), row(2, "dm", "a", "b")]))
        assert (len(found.hubs), len(found.pairs)) == (0, 0)


def test_the_score_is_finite_for_very_busy_accounts():
    """An account with thousands of partners at one moment and over time gets a number."""
    rng = np.random.default_rng(4)
    rows = [row(1, "follow", "busy", f"p{number}") for number in range(500)]
    rows += [row(float(at), "dm", "busy", f"q{number}") for number, at in enumerate(rng.uniform(2, 900, 1500))]
    found = funnels(table(rows))
    assert np.isfinite(found.hubs["score"].to_numpy()).all()
    assert found.hubs["newcomers"].to_pylist() == [2000]
