"""Interactions in the live engine: what a state is fed is what a reader of the lake sees, whatever comes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pytest

from seawall.detectors import CanaryDetector
from seawall.engine.live import LiveEngine
from seawall.errors import ConfigurationError
from seawall.lake import Lake
from seawall.model import INTERACTIONS, Alert
from seawall.protocols import CleanBatch, Window
from tests.engine.live_world import FIRST, NOW, Mirror, Mirrored, Plain, message, tables, telling
from tests.lake.worlds import START, account, clean, commit, handle

TABLES = ("messages", "interactions", "deletions", "coverage", "aliases")
COLUMNS = ("at", "kind", "source_account", "target_account", "contact_kind", "reply_key")


@dataclass(frozen=True)
class Acts:
    """A detector that is fed interactions: its alert tells every row that it was given."""

    name: ClassVar[str] = "acts"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"interactions": COLUMNS}

    def detect(self, window: Window) -> Iterator[Alert]:
        yield telling(self.name, Counter(map(repr, window.rows("interactions", COLUMNS).read_all().to_pylist())))

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        return {}, {}

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> Mirrored:
        return Mirrored(self.name, COLUMNS, saved)


def told(rows: pa.Table) -> dict[str, int]:
    """What ``Acts`` says of these interactions."""
    return dict(Counter(map(repr, rows.select(list(COLUMNS)).to_pylist())))


def act(number: int, minutes: float, **row: Any) -> dict[str, Any]:
    """An interaction of the garden."""
    usual = {"platform": "garden", "source": "example", "kind": "mention", "reported": False, "batch": 1}
    usual |= {"source_account": account(1), "target_account": account(2)}
    known = {"interaction_id": f"garden:{number}", "at": FIRST + timedelta(minutes=minutes)}
    return {**dict.fromkeys(INTERACTIONS.names), **usual, **known, **row}


def acts(*rows: dict[str, Any]) -> dict[str, pa.Table]:
    return {"interactions": pa.Table.from_pylist(list(rows), INTERACTIONS)}


def seen(engine: LiveEngine) -> dict[str, int]:
    """The rows that the state of ``Acts`` holds."""
    return next(alert.details for alert in engine.alerts(NOW, finalise=True) if alert.detector == "acts")


def batches(fate: random.Random, number: int) -> Iterator[CleanBatch]:
    """A club's messages with mentions, and its direct messages; edits of both, duplicates, and aliases of before."""
    posts: list[dict[str, Any]] = []
    private: list[dict[str, Any]] = []
    for turn in range(number):
        at = START + timedelta(hours=1 + turn)
        edited = {"edited_at": at, "edited": int(at.timestamp() * 1e6)}
        rows, mentioned = [], []
        for _ in range(fate.randrange(4)):
            place = len(posts) + len(rows)
            rows.append({"message_id": f"club:{place}", "sent_at": START + timedelta(minutes=place), "text": "a"})
            mentioned.append([fate.randrange(3)])
        for row in fate.sample(posts, min(len(posts), fate.randrange(3))):
            again = fate.random() < 0.3
            rows.append(row if again else {**row, "text": f"edit {turn}", **edited})
            mentioned.append(row["mentioned"] if again else [*row["mentioned"], fate.randrange(3)])
        attached = [
            {
                "interaction_id": f"{row['message_id']}-{ordinal}-{who}",
                "parent": parent,
                "at": row["sent_at"],
                "source_account": handle(0),
                "target_account": handle(who),
            }
            for parent, row in enumerate(rows)
            for ordinal, who in enumerate(mentioned[parent])
        ]
        own = [
            {
                "interaction_id": f"club:dm{len(private) + place}",
                "at": START + timedelta(minutes=3 * (len(private) + place)),
                "kind": "dm",
                "source_account": fate.choice([account, handle])(fate.randrange(3)),
                "target_account": account(7),
                "reply_key": "one",
                "content": "one",
            }
            for place in range(fate.randrange(4))
        ]
        changed = [
            {**row, "reply_key": f"edit {turn}", "contact_kind": "email", "content": f"edit {turn}", **edited}
            for row in fate.sample(private, min(len(private), fate.randrange(3)))
        ]
        pair = {"handle_key": handle(fate.randrange(3)), "account_id": account(fate.randrange(4))}
        yield clean(rows, [*attached, *own, *changed], aliases=[pair] if fate.random() < 0.4 else [])
        now = [{**row, "mentioned": who} for row, who in zip(rows, mentioned, strict=True)]
        posts = list({row["message_id"]: row for row in [*posts, *now]}.values())
        private = list({row["interaction_id"]: row for row in [*private, *own, *changed]}.values())


@pytest.mark.parametrize("seed", range(6))
def test_after_each_commit_it_sees_what_a_reader_of_the_lake_sees(tmp_path: Path, seed: int) -> None:
    """Fed from receipts, from what came since a mark, after a stop, or rebuilt, a state holds the reader's rows."""
    with Lake.create(tmp_path / "lake") as lake:
        live, late = (LiveEngine([Acts(), Mirror()]) for _ in range(2))
        fate, mark = random.Random(seed), {}
        for number, batch in enumerate(batches(fate, 9), start=1):
            receipt = commit(lake, batch, number=number)
            live.feed(receipt.added, revised=receipt.revised)
            assert seen(live) == told(lake.reader("interactions", list(COLUMNS)).read_all())
            if fate.random() < 0.4:
                since = lake.added_after(mark, TABLES)
                late.feed(since.tables, revised=since.revised)
                mark = dict(since.mark)
            if fate.random() < 0.3:
                assert live.save(tmp_path / "watch", {}, epoch=0)
                live = LiveEngine([Acts(), Mirror()])
                assert live.restore(tmp_path / "watch", epoch=0) == {}
        since = lake.added_after(mark, TABLES)
        late.feed(since.tables, revised=since.revised)
        fresh = LiveEngine([Acts(), Mirror()])
        fresh.rebuild(lake.reader)
        assert seen(late) == seen(fresh) == seen(live)
        assert live.digest() == late.digest() == fresh.digest()


def test_what_is_told_again_changes_nothing() -> None:
    """The same interaction twice is one, and a revision that repeats it as it was is not even told to the state."""
    engine = LiveEngine([Acts()])
    engine.feed(acts(act(1, 0), act(2, 1)))
    engine.feed(acts(act(1, 0)))
    engine.feed(acts(act(1, 0)), revised=1)
    assert seen(engine) == told(acts(act(1, 0), act(2, 1))["interactions"])
    assert engine._running[0].standing.fed == 1  # type: ignore[union-attr]


def test_a_revision_of_long_ago_is_counted_and_not_guessed() -> None:
    """Of what is not recent nobody knows whether a revision repeats it: it is counted; what is new is taken in."""
    engine = LiveEngine([Acts()], horizon=timedelta(hours=1))
    engine.feed(acts(act(1, 0), act(2, 600)))
    before = seen(engine)
    engine.feed(acts(act(1, 0, reply_key="other")), revised=1)
    assert seen(engine) == before
    assert "1" in engine.remarks()["interactions beyond the horizon"]
    engine.feed(acts(act(3, 1)))
    assert seen(engine) == told(acts(act(1, 0), act(2, 600), act(3, 1))["interactions"])
    assert engine.sizes()["recent_interactions"] == 1


def test_what_is_held_for_revisions_is_bounded() -> None:
    """No more interactions are held than were allowed, the newest, in whatever order they came."""
    rows = [act(number, number) for number in range(40)]
    random.Random(3).shuffle(rows)
    engine, other = (LiveEngine([Acts()], most_rows=10) for _ in range(2))
    for row in rows:
        engine.feed(acts(row))
    other.feed(acts(*rows))
    assert engine.sizes()["recent_interactions"] == 10
    assert engine.digest() == other.digest()
    assert len(seen(engine)) == 40


def test_a_wrong_clock_makes_no_interaction_old() -> None:
    """What is dated a day ahead of the present does not move the horizon before its time has come."""
    engine = LiveEngine([Acts()], horizon=timedelta(hours=1))
    engine.alerts(FIRST)
    engine.feed(acts(act(1, 0), act(2, 2_000)))
    engine.feed(acts(act(1, 0, reply_key="other")), revised=1)
    assert engine.sizes()["recent_interactions"] == 2
    assert any("other" in row for row in seen(engine))
    assert engine.sizes()["recent_interactions"] == 1


def test_states_let_go_by_the_time_of_what_they_are_fed() -> None:
    """A state of interactions is told from when on to keep by their time, one of messages by the messages'."""
    engine = LiveEngine([Acts(), Mirror()], keep=timedelta(days=2))
    held = [one.standing for one in engine._running]
    engine.alerts(NOW)
    engine.feed(tables([message(0)]) | acts(act(1, 60 * 24 * 5)))
    days = [FIRST.replace(hour=0) + timedelta(days=days) for days in (3, -2)]
    assert [one.before for one in held] == days  # type: ignore[union-attr]


def test_without_anybody_who_looks_at_them_no_interactions_are_held() -> None:
    """Detectors of messages alone cost no memory for interactions."""
    engine = LiveEngine([Mirror(), CanaryDetector()])
    engine.feed(tables([message(0)]) | acts(act(1, 0)))
    assert engine.sizes()["recent_interactions"] == 0


class Both(Acts):
    name = "both"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"interactions": COLUMNS, "messages": ("message_id",)}


class Stateless(Plain):
    name = "stateless"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"interactions": COLUMNS}


@pytest.mark.parametrize("detector", [Both(), Stateless()], ids=lambda one: one.name)
def test_a_state_watches_one_table(detector: Any) -> None:
    """A state that would need two tables is refused, and so are interactions without a state."""
    with pytest.raises(ConfigurationError):
        LiveEngine([detector])
