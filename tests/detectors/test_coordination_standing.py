from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks import MemoryWindow, check_live_detector
from seawall.detectors import CoordinationDetector, WatchedCoordination
from seawall.detectors.coordination_standing import CoordinationStanding
from seawall.detectors.examples import FIRST, messages_table
from seawall.errors import ConfigurationError
from seawall.measures.text.match_key import match_keys
from seawall.model import COVERAGE, MESSAGES, Alert
from seawall.protocols import LiveDetector
from tests.detectors.coordination_world import with_nulls
from tests.detectors.golden import FOLDER, coordination_world

NEEDS = list(WatchedCoordination.needs["messages"])
NOTHING = MESSAGES.empty_table().select(NEEDS)
LATER = datetime(2040, 1, 1, tzinfo=UTC)


def batch(messages: pa.Table, detector: CoordinationDetector) -> list[Alert]:
    return list(detector.detect(MemoryWindow({"messages": messages}, detector)))


def live(standing: CoordinationStanding) -> list[Alert]:
    return list(standing.alerts(COVERAGE.empty_table(), LATER))


def cut(messages: pa.Table, fate: random.Random, parts: int) -> Iterable[pa.Table]:
    edges = sorted([0, *(fate.randrange(len(messages) + 1) for _ in range(parts - 1)), len(messages)])
    return (messages.slice(a, b - a) for a, b in pairwise(edges))


def shuffled(messages: pa.Table, fate: random.Random) -> pa.Table:
    return messages.take(pa.array(fate.sample(range(len(messages)), len(messages)), pa.int64()))


@pytest.mark.parametrize("seed", range(10))
def test_the_golden_world_in_any_order_and_grouping_gives_the_batch_alerts(seed: int) -> None:
    """Fed in random parts, looked at and saved now and then, the golden world has the same alerts to the last digit."""
    fate = random.Random(seed)
    detector = WatchedCoordination(window_s=fate.choice([10.0, 60.0, 3600.0]), min_repeats=fate.choice([1, 3, 5]))
    messages = shuffled(pq.read_table(FOLDER / "coordination" / "messages.parquet"), fate)
    standing, known = detector.standing(), NOTHING
    for part in cut(messages, fate, 10):
        standing.feed(NOTHING, part)
        known = pa.concat_tables([known, part])
        if fate.random() < 0.4:
            standing = detector.standing(standing.save())
        if fate.random() < 0.5:
            assert live(standing) == batch(known, detector)
    assert live(standing) == batch(messages, detector)
    assert live(detector.standing(standing.save())) == batch(messages, detector)


LINKS = [{"url": f"https://cycling.example/{n}", "domain": "cycling.example", "place": "site"} for n in range(3)]
row = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from([f"a{n:020x}" for n in range(6)]),
        "sent_at": st.integers(0, 3 * 86_400).map(lambda s: FIRST + timedelta(seconds=s // 40 * 40)),
        "text_key": st.none() | st.integers(0, 3),
        "repost_of": st.none() | st.none() | st.sampled_from(["garden:o1", "garden:o2"]),
        "links": st.none() | st.lists(st.sampled_from(LINKS), max_size=3),
    }
)


@given(rows=st.lists(row, max_size=40), fate=st.randoms(use_true_random=False), repeats=st.integers(1, 2))
def test_any_history_gives_what_the_batch_says_of_what_is_left(
    rows: list[dict[str, object]], fate: random.Random, repeats: int
) -> None:
    """Messages come, change, go and are forgotten by the day, late or early; the alerts are those of the rest."""
    detector = WatchedCoordination(window_s=3600.0, min_repeats=repeats, min_accounts=2)
    messages = messages_table(rows).select(NEEDS)
    standing, known, horizon = detector.standing(), NOTHING, FIRST.replace(year=2000)
    for part in cut(shuffled(messages, fate), fate, 4):
        gone = shuffled(known, fate).slice(0, fate.randrange(len(known) // 2 + 1))
        known = pa.concat_tables([known.filter(pc.invert(pc.is_in(known["message_id"], gone["message_id"]))), part])
        standing.feed(gone, part)
        if fate.random() < 0.4:
            before = FIRST.replace(hour=0, minute=0) + timedelta(days=fate.randrange(3), hours=fate.randrange(24))
            standing.forget(before)
            horizon = max(horizon, before.replace(hour=0))
        if fate.random() < 0.3:
            standing = detector.standing(standing.save())
        known = known.filter(pc.greater_equal(known["sent_at"], pa.scalar(horizon, MESSAGES.field("sent_at").type)))
        assert live(standing) == batch(known, detector)


def test_the_saved_state_tells_the_same_whatever_the_order() -> None:
    """Two histories of the same messages, one with a detour, are saved as equal tables."""
    detector, fate = WatchedCoordination(), random.Random(1)
    messages = coordination_world().select(NEEDS)
    straight, devious = detector.standing(), detector.standing()
    straight.feed(NOTHING, messages)
    for part in cut(shuffled(messages, fate), fate, 7):
        devious.feed(NOTHING, part)
        devious.feed(part.slice(0, 5), part.slice(0, 5))
    ours, theirs = straight.save(), devious.save()
    assert ours.keys() == theirs.keys()
    assert all(ours[name].equals(theirs[name]) for name in ours)


def test_messages_of_others_change_only_what_they_wrote() -> None:
    """Another message of a member that has no company changes one sentence of doubt and nothing else."""
    detector = WatchedCoordination()
    standing = detector.standing()
    messages = coordination_world().select(NEEDS)
    standing.feed(NOTHING, messages)
    first = live(standing)
    more = messages_table([{"account_id": f"a{3:020x}", "text_key": 1, "message_id": "garden:more"}]).select(NEEDS)
    standing.feed(NOTHING, more)
    second = live(standing)
    assert second == batch(pa.concat_tables([messages, more]), detector)
    assert [a.doubt for a in first] != [a.doubt for a in second]
    assert [(a.sentence, a.details) for a in first] == [(a.sentence, a.details) for a in second]


def test_a_state_of_other_layers_is_refused() -> None:
    """A state that was saved without links cannot serve a detector that looks at them."""
    saved = WatchedCoordination(layers=("text",)).standing().save()
    with pytest.raises(ConfigurationError):
        WatchedCoordination().standing(saved)


def test_chance_is_not_computed_over_a_stream() -> None:
    """A detector that asks chance has no standing state; one that is watched refuses a rate, and says why."""
    assert not isinstance(CoordinationDetector(), LiveDetector)
    with pytest.raises(ConfigurationError, match="0013"):
        WatchedCoordination(q=0.05)
    with pytest.raises(ConfigurationError, match="text, repost, link"):
        WatchedCoordination(layers=("mention",))


def test_it_keeps_the_contract_of_standing_states() -> None:
    """The checks for standing states of others pass on a world with noise, and for long windows of single layers."""
    world = {"messages": coordination_world(seed=3)}
    check_live_detector(WatchedCoordination(), (world,), seeds=2)
    for layer in ("repost", "link"):
        check_live_detector(WatchedCoordination(layers=(layer,), min_repeats=2, window_s=3600.0), seeds=2)


@pytest.mark.data
def test_real_tweets_in_the_order_of_time_give_the_batch_alerts(shared_data: Path) -> None:
    """Two months of real tweets, fed hour by hour and half of them saved in between, equal the batch."""
    rows = pq.read_table(shared_data / "ira" / "ira_dev.parquet", filters=pc.field("message_id") < 150_000)
    columns = {
        "message_id": rows["message_id"].cast(pa.string()),
        "account_id": rows["author_id"],
        "sent_at": rows["publish_date"].cast(MESSAGES.field("sent_at").type),
        "text_key": match_keys(rows["content"].combine_chunks()),
    }
    messages = with_nulls(columns).sort_by("sent_at").combine_chunks()
    detector = WatchedCoordination()
    standing = detector.standing()
    for start in range(0, len(messages), 2_000):
        standing.feed(NOTHING, messages.slice(start, 2_000))
        if start == 40_000:
            standing = detector.standing(standing.save())
        if start % 20_000 == 0:
            live(standing)
    assert standing.beyond_reach == 0
    found = live(standing)
    assert found == batch(messages, detector)
    assert len(found) >= 3
