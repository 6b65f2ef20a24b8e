"""The live engine says at any moment what a batch over the lake says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks import MemoryWindow
from seawall.detectors import CanaryDetector, SurgeDetector
from seawall.detectors.canary import CANARY_KEY
from seawall.engine.live import LiveEngine
from seawall.errors import ConfigurationError
from seawall.model import TABLES, Alert
from tests.engine.live_world import (
    FIRST,
    NOW,
    Event,
    Mirror,
    Mirrored,
    Plain,
    deletion,
    edit,
    folded,
    grouped,
    message,
    tables,
    told,
    worlds,
)

DETECTORS = (CanaryDetector(), SurgeDetector(), Mirror(), Plain())


def fed(events: list[Event], seed: int = 0, **settings: object) -> LiveEngine:
    engine = LiveEngine(DETECTORS, **settings)  # type: ignore[arg-type]
    for added in grouped(events, seed):
        engine.feed(added)
    return engine


@given(events=worlds(), seeds=st.tuples(st.integers(0, 99), st.integers(0, 99)))
def test_any_order_and_grouping_give_what_a_batch_gives(events: list[Event], seeds: tuple[int, int]) -> None:
    """Messages, edits, deletions and aliases in any order are seen as a reader of the lake sees them in the end."""
    one, other = (fed(events, seed) for seed in seeds)
    rows = folded(events)
    found = {alert.detector: alert for alert in one.alerts(NOW)}
    assert found["mirror"].details == found["plain"].details == told(rows)
    canary = CanaryDetector()
    assert [found[name] for name in found if name == "canary"] == list(
        canary.detect(MemoryWindow({"messages": rows}, canary))
    )
    assert one.digest() == other.digest()
    assert one.alerts(NOW) == other.alerts(NOW)
    assert one.beyond_horizon == other.beyond_horizon == 0


@given(events=worlds(), seed=st.integers(0, 99), cut=st.integers(0, 30))
def test_saving_and_restoring_in_between_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], seed: int, cut: int
) -> None:
    """An engine that was stopped and took up what was saved ends where one that was not stopped ends."""
    folder = tmp_path_factory.mktemp("live") / "watch"
    groups = list(grouped(events, seed))
    engine, straight = LiveEngine(DETECTORS), LiveEngine(DETECTORS)
    for number, added in enumerate(groups):
        if number == cut:
            assert engine.save(folder, {"garden": number}, epoch=0)
            engine = LiveEngine(DETECTORS)
            assert engine.restore(folder, epoch=0) == {"garden": number}
        engine.feed(added)
        straight.feed(added)
    assert engine.digest() == straight.digest()
    assert engine.alerts(NOW) == straight.alerts(NOW)
    assert engine.sizes() | {"recent_bytes": 0} == straight.sizes() | {"recent_bytes": 0}


def test_what_is_told_again_changes_nothing() -> None:
    """A message, an edit and a deletion that come twice leave the state as it was."""
    events = [message(1, text_key=1), edit(1, timedelta(minutes=1), text_key=2), deletion(1, timedelta(hours=2))]
    once, twice = fed(events), fed(events)
    twice.feed(tables(events))
    assert once.digest() == twice.digest()
    assert once.alerts(NOW) == twice.alerts(NOW)


@given(events=worlds(), seed=st.integers(0, 99), cut=st.integers(0, 9))
def test_rebuilding_from_the_lake_and_going_on_gives_the_same(events: list[Event], seed: int, cut: int) -> None:
    """An engine that was rebuilt from what readers see, and then fed, ends where one that was fed all along ends."""
    events.sort(key=lambda one: (one[0] != "aliases", one[0] == "deletions", one[1].get("kind") == "edit"))
    cut += sum(table == "aliases" for table, _ in events)
    before, after = events[:cut], events[cut:]
    seen = {**{name: schema.empty_table() for name, schema in TABLES.items()}, **tables(before)}
    seen["messages"] = folded(before)

    def read(table: str, columns: list[str], **_: object) -> pa.RecordBatchReader:
        return seen[table].select(columns).to_reader(max_chunksize=3)

    engine = fed([message(77)])
    engine.rebuild(read)
    for added in grouped(after, seed):
        engine.feed(added)
    assert engine.digest() == fed(events, seed).digest()


def test_an_edit_beyond_the_horizon_is_counted_and_not_guessed() -> None:
    """What revises a message that is not recent leaves the states as they are, is counted, and told in a sentence."""
    engine = LiveEngine(DETECTORS, horizon=timedelta(hours=1), keep=None)
    engine.feed(tables([message(0, text_key=1)]))
    engine.feed(tables([message(90, text_key=1)]))
    before = engine.digest()
    assert not engine.remarks()
    engine.feed(tables([edit(0, timedelta(minutes=90), text_key=2)]))
    assert (engine.digest(), engine.beyond_horizon) == (before, 1)
    engine.feed(tables([deletion(0, timedelta(minutes=91))]))
    engine.feed(tables([message(160)]))
    assert (engine.beyond_horizon, engine.sizes()["waiting"]) == (2, 0)
    assert "not recent: 2." in engine.remarks()["beyond the horizon"]


def test_a_message_that_comes_late_is_counted_all_the_same() -> None:
    """A message of long ago is put into the states, though it is not held for later revisions."""
    late = [message(10_000), message(1, text_key=5), message(2, text_key=6)]
    engine = LiveEngine(DETECTORS, horizon=timedelta(hours=1))
    for one in late:
        engine.feed(tables([one]))
    found = {alert.detector: alert.details for alert in engine.alerts(NOW)}
    assert found["mirror"] == told(folded(late))
    assert found["plain"] == told(folded(late[:1]))
    assert engine.sizes()["recent_rows"] == 1


@given(
    minutes=st.lists(st.integers(0, 200), max_size=30),
    most=st.integers(1, 20),
    seeds=st.tuples(st.integers(0, 99), st.integers(0, 99)),
)
def test_which_messages_are_recent_does_not_depend_on_their_order(
    minutes: list[int], most: int, seeds: tuple[int, int]
) -> None:
    """Held are those within the horizon of the newest and among the newest so many, in whatever order they came."""
    events = [message(number, sent_at=FIRST + timedelta(minutes=at)) for number, at in enumerate(minutes)]
    one, other = (fed(events, seed, horizon=timedelta(minutes=100), most_rows=most) for seed in seeds)
    assert one.digest() == other.digest()
    within = sorted((at for at in minutes if at >= max(minutes) - 100), reverse=True)
    limit = within[most] if len(within) > most else -1
    assert one.sizes()["recent_rows"] == sum(at > limit for at in within)


def test_a_wrong_clock_moves_no_horizon() -> None:
    """A message of the year 2099 does not make the others old; it waits, and a sentence says so."""
    engine = fed([message(1), message(2, sent_at=FIRST.replace(year=2099), collected_at=FIRST), message(3)])
    engine.feed(tables([edit(1, timedelta(minutes=3), text_key=9)]))
    assert engine.beyond_horizon == 0
    assert (engine.sizes()["recent_rows"], engine.early) == (2, 1)
    assert list(engine.remarks()) == ["before their time"]


@given(
    ahead=st.lists(st.integers(-200, 3_000), max_size=20),
    seeds=st.tuples(st.integers(0, 99), st.integers(0, 99)),
    back=st.integers(0, 5_000),
    cut=st.integers(0, 20),
)
def test_messages_before_their_time_are_those_of_a_right_clock_once_it_has_come(
    tmp_path_factory: pytest.TempPathFactory, ahead: list[int], seeds: tuple[int, int], back: int, cut: int
) -> None:
    """Messages that are dated ahead of everything collected, by a machine's clock that was set back, come in any order,
    with a restart on the way: when time has reached them, the states are those of a clock that was always right."""
    right, wrong = [], []
    for number, minutes in enumerate(ahead):
        told = {"sent_at": FIRST + timedelta(minutes=minutes), "text_key": number % 3}
        collected = FIRST if number % 2 else FIRST - timedelta(minutes=back)
        right.append(message(number, **told))
        wrong.append(message(number, **told, collected_at=collected))
    last = message(99, sent_at=FIRST + timedelta(minutes=3_000))
    engine = LiveEngine(DETECTORS)
    for number, added in enumerate(grouped(wrong, seeds[0])):
        if number == cut:
            folder = tmp_path_factory.mktemp("live") / "watch"
            engine.save(folder, {}, epoch=0)
            engine = LiveEngine(DETECTORS)
            assert engine.restore(folder, epoch=0) == {}
        engine.feed(added)
    waiting = {number for number, minutes in enumerate(ahead) if minutes > (60 if len(ahead) > 1 else 60 - back)}
    assert engine.early == len(waiting)
    engine.feed(tables([last]))
    assert engine.early == 0
    clean = fed([*right, last], seeds[1])
    assert engine.digest() == clean.digest()
    assert engine.alerts(NOW, finalise=True) == clean.alerts(NOW, finalise=True)


def test_what_waits_for_its_time_is_bounded() -> None:
    """Of more messages dated in the future than may be held the first to come wait; the others are counted."""
    engine = LiveEngine(DETECTORS, most_rows=5)
    engine.feed(tables([message(0)]))
    engine.feed(tables([message(number, collected_at=FIRST) for number in range(100, 110)]))
    assert (engine.early, engine.sizes()["recent_rows"]) == (5, 1)
    assert list(engine.remarks()) == ["before their time", "crowded out"]
    engine.feed(tables([message(104, collected_at=FIRST + timedelta(minutes=60))]))
    assert engine.early == 0


def test_notices_that_wait_for_their_message_are_bounded() -> None:
    """Deletions of messages that never come do not fill the memory: the oldest are let go and counted."""
    engine = LiveEngine(DETECTORS, most_rows=5)
    engine.feed(tables([message(0), message(1)]))
    engine.feed(tables([deletion(number, timedelta(minutes=number)) for number in (0, *range(100, 120))]))
    assert (engine.sizes()["waiting"], engine.beyond_horizon) == (8, 13)


def test_states_let_go_on_the_boundary_of_days() -> None:
    """With a new day of messages, states are told from when on to keep; before that they are left alone."""
    engine = LiveEngine([Mirror()], keep=timedelta(days=2))
    state = engine._running[0].standing
    assert isinstance(state, Mirrored)
    engine.feed(tables([message(0)]))
    first = state.before
    assert first == FIRST.replace(hour=0) - timedelta(days=2)
    engine.feed(tables([message(60)]))
    assert state.before is first
    engine.feed(tables([message(60 * 24)]))
    assert state.before == first + timedelta(days=1)


class Slow(CanaryDetector):
    """Takes ten seconds of the clock that the test holds."""

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> Any:
        state = super().standing(saved)
        plain = state.alerts

        def alerts(coverage: pa.Table, now: datetime) -> Iterator[Alert]:
            clock[0] += 10.0
            return plain(coverage, now)

        state.alerts = alerts  # type: ignore[method-assign]
        return state


clock = [0.0]


def test_a_slow_detector_rests_four_times_as_long_as_it_took() -> None:
    """While it rests its latest alerts stand; when all are to be finalised it is asked at once."""
    engine = LiveEngine([Slow()], clock=lambda: clock[0])
    engine.feed(tables([message(1, text_key=CANARY_KEY)]))
    assert len(engine.alerts(NOW)) == 1
    engine.feed(tables([message(2, text_key=CANARY_KEY)]))
    clock[0] += 39.0
    assert [alert.observed for alert in engine.alerts(NOW)] == [1]
    assert [alert.observed for alert in engine.alerts(NOW, finalise=True)] == [2]
    engine.feed(tables([message(3, text_key=CANARY_KEY)]))
    assert [alert.observed for alert in engine.alerts(NOW)] == [2]
    clock[0] += 40.0
    assert [alert.observed for alert in engine.alerts(NOW)] == [3]


class Elsewhere(Plain):
    name = "elsewhere"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"interactions": ("kind",)}


@pytest.mark.parametrize(
    ("detectors", "settings"),
    [
        ((Plain(), Plain()), {}),
        ((Elsewhere(),), {}),
        ((), {"horizon": timedelta(0)}),
        ((), {"most_rows": 0}),
        ((), {"keep": timedelta(hours=1)}),
    ],
)
def test_settings_that_cannot_work_are_refused(detectors: tuple[Any, ...], settings: dict[str, Any]) -> None:
    """Two detectors of one name, tables that are not held, and times that contradict one another are refused."""
    with pytest.raises(ConfigurationError):
        LiveEngine(detectors, **settings)
