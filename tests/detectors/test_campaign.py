"""What the campaign detector joins, what it says of it, and what it doubts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seawall.checks import check_detector
from seawall.detectors.campaign import CampaignDetector
from seawall.detectors.campaign_again import Trace, alike
from seawall.detectors.campaign_sample import Sample
from seawall.errors import ConfigurationError
from seawall.model import COVERAGE, MESSAGES, Alert, Severity
from tests.detectors import golden_files
from tests.detectors.campaign_world import BEGIN, FOLDER, LEADS, Wave, World, alerts, golden_world


@pytest.fixture(scope="module")
def planned() -> Alert:
    (alert,) = alerts(golden_world())
    return alert


def test_it_says_about_its_golden_world_what_it_said_before() -> None:
    """Sentences, numbers, doubts and pictures are those that were looked at and committed."""
    assert golden_files.as_json(alerts(golden_files.read(FOLDER))) == golden_files.expected(FOLDER)


def test_the_golden_world_is_what_its_script_makes() -> None:
    """The committed input comes from the seeded script."""
    for name, table in golden_world().items():
        committed = golden_files.read(FOLDER)[name]
        assert committed.to_pylist() == table.select(committed.column_names).to_pylist()


def test_channels_of_two_platforms_that_rose_together_are_one_candidate(planned: Alert) -> None:
    """Start, end, channels and platforms are those of the wave."""
    assert abs((planned.start - BEGIN).days - 159) <= 1
    assert abs((planned.end - BEGIN).days - 168) <= 1
    assert [subject.id[-1] for subject in planned.subjects if subject.kind == "channel"] == ["0", "1", "2", "3"]
    assert [subject.id for subject in planned.subjects if subject.kind == "platform"] == ["garden", "pedal"]
    assert planned.q is not None
    assert planned.p <= planned.q <= 0.05  # type: ignore[operator]
    assert planned.severity is Severity.MEDIUM
    assert f"{planned.observed:,.0f} seen, {planned.expected:,.0f} expected" in planned.sentence
    low, high = planned.details["factor_interval"]
    assert low < 4 < high


def test_the_channel_that_led_is_named_with_an_interval(planned: Alert) -> None:
    """The first channel rose 30 hours before the others: the interval says so, and it comes first."""
    first = planned.details["channels"][0]
    assert first["channel"].endswith("0")
    assert first["role"] == "led"
    assert first["lag_low"] <= -LEADS <= first["lag_high"] < 0
    assert f"channel {first['channel']} by " in planned.sentence


def test_what_was_shared_is_told_by_keys_counts_and_phrases(planned: Alert) -> None:
    """Texts by key, links, domains and hashtags with their counts; phrases of public channels alone."""
    shared = planned.details["shared"]
    assert {one["object"] for one in shared["text"]} <= {str(7000 + n) for n in range(12)}
    assert shared["domain"][0]["object"] == "show.example"
    assert shared["hashtag"][0]["object"] == "tulipshow"
    assert all(one["before"] == 0 and one["z"] > 3 for kind in ("text", "domain", "hashtag") for one in shared[kind])
    assert any("tulip show" in one["object"] for one in shared["phrase"])
    assert all(one["accounts"] >= 5 for kind in ("link", "domain", "hashtag", "phrase") for one in shared[kind])
    assert planned.evidence[0].startswith("m:")


def test_words_of_closed_channels_are_never_told() -> None:
    """Where all channels are closed there are counts and keys, and no phrase and no hashtag."""
    (alert,) = alerts(World([Wave("planned", 160)], closed=range(6)).tables())
    assert alert.details["shared"]["phrase"] == []
    assert alert.details["shared"]["hashtag"] == []
    assert alert.details["shared"]["text"]


def test_accounts_that_act_together_are_counted_and_not_named(planned: Alert) -> None:
    """Twelve accounts wrote most of it together; the alert holds how many, and no account."""
    people = planned.details["people"]
    assert people["acting_together"] == 12
    assert people["together"] > 0.6
    assert not people["unrelated"]
    assert "news" not in planned.details["counter_evidence"]
    assert not [subject for subject in planned.subjects if subject.kind == "account"]
    assert "a" + "0" * 15 not in json.dumps(planned.details)


@pytest.mark.parametrize(("kind", "name"), [("news", "news"), ("viral", "one thing"), ("added", "new source")])
def test_what_looks_ordinary_gets_its_counter_evidence_and_a_low_severity(kind: str, name: str) -> None:
    """Unrelated people after an event, one message that all pass on, one new source: each is told, with its share."""
    (alert,) = alerts(World([Wave(kind, 160)]).tables())
    assert name in alert.details["counter_evidence"]
    assert alert.details["counter_evidence"][name] in alert.doubt
    assert alert.severity is Severity.LOW
    assert set(alert.details["counter_evidence"]) & {"one thing", "new source"} <= {name}


def test_rises_at_different_times_are_no_candidate() -> None:
    """The same waves, one channel after the other, give nothing."""
    waves = [Wave("planned", 90 + 20 * place, channels=[channel]) for place, channel in enumerate((0, 1, 2, 3))]
    assert not alerts(World(waves).tables())


def test_two_channels_are_not_enough() -> None:
    """Below the least number of channels nothing is told, and with a lower one it is."""
    tables = World([Wave("planned", 160, channels=(0, 4))]).tables()
    assert not alerts(tables)
    assert len(alerts(tables, CampaignDetector(least_channels=2))) == 1


def test_a_second_wave_is_told_as_the_second_like_it() -> None:
    """The earlier candidate is named with what both have in common."""
    first, second = alerts(World([Wave("planned", 90), Wave("planned", 160)]).tables())
    assert first.details["earlier"] == []
    (before,) = second.details["earlier"]
    assert before["channels"] == 1.0
    assert before["things"] >= 2
    assert before["same_lead"]
    assert "it is the second like it since" in second.sentence


def test_what_makes_candidates_alike() -> None:
    """Common things; or common channels, if these are a choice among many or are led by the same one."""
    here, there = ("garden", "c1"), ("garden", "c2")
    one = Trace(BEGIN, frozenset({here, there}), frozenset({("text", "1"), ("text", "2")}), frozenset(), 1.0)
    assert alike(one, [one])[0]["channels"] == 1.0
    assert not alike(one, [replace(one, things=frozenset())])
    assert not alike(one, [replace(one, channels=frozenset({("garden", "c3")}))])
    assert alike(replace(one, chosen=0.3), [replace(one, things=frozenset())])
    assert not alike(
        replace(one, chosen=0.3), [replace(one, things=frozenset(), channels=frozenset({here, here, ("p", "c")}))]
    )
    led = replace(one, first=frozenset({here}))
    assert alike(led, [replace(led, things=frozenset())])[0]["same_lead"]


def test_a_gap_in_collection_makes_no_candidate_and_is_told() -> None:
    """Coverage that nobody stated is doubted; a wave in a time that was not collected is not seen."""
    tables = World([Wave("planned", 160)]).tables()
    (untold,) = alerts({**tables, "coverage": COVERAGE.empty_table()})
    assert any("Nobody stated what was collected" in doubt for doubt in untold.doubt)
    whole = tables["coverage"].to_pylist()
    gap = [
        {**row, "start": BEGIN + timedelta(days=158), "end": BEGIN + timedelta(days=170), "complete": False}
        for row in whole
    ]
    assert not alerts({**tables, "coverage": pa.Table.from_pylist(whole + gap, schema=COVERAGE)})


def test_a_candidate_is_told_while_it_builds() -> None:
    """Four days into the wave it is there, says that it is not over, and does not tell yet who led for sure."""
    (alert,) = alerts(World([Wave("planned", 160)]).tables(), end=BEGIN + timedelta(days=164, hours=12))
    assert abs((alert.start - BEGIN).days - 159) <= 1
    assert any("It is not over" in doubt for doubt in alert.doubt)


def test_messages_outside_of_channels_count_as_their_platform() -> None:
    """Where a platform has one public stream, the platforms themselves rise together."""
    tables = World([Wave("planned", 160, channels=(0, 1, 3, 4))]).tables()
    messages = tables["messages"]
    ids = [f"p{name[-1]}" for name in messages["channel_id"].to_pylist()]
    for name, values in (("platform", pa.array(ids)), ("channel_id", pa.nulls(len(messages), pa.string()))):
        messages = messages.set_column(MESSAGES.get_field_index(name), MESSAGES.field(name), values)
    (alert,) = alerts({"messages": messages})
    assert [(subject.kind, subject.id) for subject in alert.subjects] == [
        ("platform", name) for name in ("p0", "p1", "p3", "p4")
    ]


def test_direct_conversations_are_no_channels() -> None:
    """Where two of four channels are direct conversations, two are left, and nothing is told of them."""
    messages = World([Wave("planned", 160)]).tables()["messages"]
    direct = pc.is_in(messages["channel_id"], pa.array([f"c{channel:020x}" for channel in (0, 1)]))
    who = pc.if_else(direct, "direct", messages["visibility"])
    place = MESSAGES.get_field_index("visibility")
    assert not alerts({"messages": messages.set_column(place, MESSAGES.field(place), who)})


def test_edits_are_not_counted_again() -> None:
    """Later revisions of messages make no candidate."""
    messages = World().tables()["messages"]
    late = messages.filter(
        pc.greater(messages["sent_at"], pa.scalar(BEGIN + timedelta(days=180), messages["sent_at"].type))
    )
    edits = late.set_column(MESSAGES.get_field_index("kind"), MESSAGES.field("kind"), pa.array(["edit"] * len(late)))
    assert not alerts({"messages": pa.concat_tables([messages, *[edits] * 5])})


def test_it_keeps_its_contract() -> None:
    """Order of rows, names of accounts and parts are irrelevant, on the golden world too."""
    check_detector(CampaignDetector(), (golden_world(),))


def test_nothing_is_said_of_nothing() -> None:
    """Empty tables give no alert and no error."""
    assert not alerts({"messages": MESSAGES.empty_table(), "coverage": COVERAGE.empty_table()})


def test_parameters_that_cannot_work_are_refused() -> None:
    """One channel is no group, and no tolerance joins nothing."""
    for wrong in ({"least_channels": 1}, {"tolerance": 0}):
        with pytest.raises(ConfigurationError):
            CampaignDetector(**wrong)


def test_a_sample_is_the_same_in_any_order() -> None:
    """However the rows come, the same ones are kept, and the share is told."""
    rows = World().tables()["messages"].select(["message_id", "sent_at"]).slice(0, 3000)
    kept = []
    for size, turned in ((7, False), (500, True)):
        sample = Sample(100)
        parts = [rows.slice(begin, size) for begin in range(0, len(rows), size)]
        for part in parts[::-1] if turned else parts:
            sample.add(part)
        kept.append(sample.table(rows.schema).to_pylist())
        assert sample.share == pytest.approx(100 / 3000)
    assert kept[0] == kept[1]
    assert len(kept[0]) == 100
