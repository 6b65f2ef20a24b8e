"""The canary's state while records come in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from seawall.checks import check_live_detector
from seawall.detectors import CanaryDetector
from seawall.detectors.canary import CANARY_KEY
from seawall.detectors.examples import FIRST, messages_table
from seawall.model import COVERAGE
from tests.detectors.golden import FOLDER

NEEDS = list(CanaryDetector.needs["messages"])


def test_it_keeps_the_contract_of_standing_states() -> None:
    """On its examples and its golden world it says what the detector says, in any order, and once saved."""
    world = {"messages": pq.read_table(Path(FOLDER) / "canary" / "messages.parquet")}
    check_live_detector(CanaryDetector(), (world,))


def test_the_first_message_is_never_let_go() -> None:
    """An hourly canary stays one alert under one name, however long it sings; in between it is let go."""
    state = CanaryDetector().standing()
    rows = messages_table(
        [{"text_key": CANARY_KEY, "sent_at": FIRST + timedelta(hours=hour)} for hour in range(500)]
    ).select(NEEDS)
    anchors, held = set(), []
    for hour in range(500):
        state.feed(rows.slice(0, 0), rows.slice(hour, 1))
        state.forget(FIRST + timedelta(hours=hour - 48))
        (alert,) = state.alerts(COVERAGE.empty_table(), FIRST)
        anchors.add(alert.anchor)
        held.append(len(state.save()["carriers"]))
    assert anchors == {"garden:1"}
    assert max(held) <= 50


def test_late_messages_of_what_was_let_go_change_nothing_but_a_new_first() -> None:
    """What comes after it was let go is as if it had come before."""
    rows = messages_table([{"text_key": CANARY_KEY} for _ in range(6)]).select(NEEDS)
    none: pa.Table = rows.slice(0, 0)
    early, late = CanaryDetector().standing(), CanaryDetector().standing()
    early.feed(none, rows)
    early.forget(FIRST + timedelta(minutes=4))
    late.feed(none, rows.slice(4))
    late.forget(FIRST + timedelta(minutes=4))
    late.feed(none, rows.slice(0, 4))
    assert early.save() == late.save()
    assert early.save()["carriers"]["message_id"].to_pylist() == ["garden:1", "garden:5", "garden:6"]
