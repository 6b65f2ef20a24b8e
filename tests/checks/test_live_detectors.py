"""The check of standing states finds each way to break their contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import count
from typing import Any

import pyarrow as pa
import pytest

from seawall.checks import CheckFailed, check_live_detector
from seawall.detectors import WATCHING, CanaryDetector
from seawall.detectors.canary_standing import CanaryStanding
from seawall.model import Alert
from seawall.protocols import LiveDetector


@pytest.mark.parametrize("detector", WATCHING, ids=lambda detector: detector.name)
def test_every_standing_state_keeps_its_contract(detector: LiveDetector) -> None:
    """Each detector of Seawall passes the check that plug-ins of others must pass."""
    check_live_detector(detector, seeds=2)


def spoilt(**methods: Callable[..., Any]) -> LiveDetector:
    """A canary whose state is spoilt in one way."""
    state = type("Spoilt", (CanaryStanding,), methods)

    class Spoiling(CanaryDetector):
        def standing(self, saved: Mapping[str, pa.Table] | None = None) -> CanaryStanding:
            made: CanaryStanding = state(self.carriers, self.of, saved)
            return made

    return Spoiling()


def keeps_all(self: CanaryStanding, removed: pa.Table, added: pa.Table) -> None:
    CanaryStanding.feed(self, removed.slice(0, 0), added)


def forgets_on_saving(self: CanaryStanding) -> Mapping[str, pa.Table]:
    saved = dict(CanaryStanding.save(self))
    return {**saved, "carriers": saved["carriers"].slice(0, 0)}


def in_order_of_arrival(self: CanaryStanding) -> Mapping[str, pa.Table]:
    saved = dict(CanaryStanding.save(self))
    return {**saved, "turn": pa.table({"number": [next(TURNS)]})}


TURNS = count()


def never_lets_go(self: CanaryStanding, before: datetime) -> None:
    return


def tells_once(self: CanaryStanding, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
    told = getattr(self, "_told", False)
    self._told = True  # type: ignore[attr-defined]
    return iter(()) if told else CanaryStanding.alerts(self, coverage, now)


@pytest.mark.parametrize(
    ("detector", "contract"),
    [
        (spoilt(feed=keeps_all), "what detect says|taken out"),
        (spoilt(save=forgets_on_saving), "what detect says"),
        (spoilt(save=in_order_of_arrival), "does not change what is saved"),
        (spoilt(forget=never_lets_go), "lets go"),
        (spoilt(alerts=tells_once), "what detect says"),
    ],
    ids=["keeps", "loses", "order", "grows", "once"],
)
def test_a_broken_contract_is_named(detector: LiveDetector, contract: str) -> None:
    """A state that keeps, loses, depends on order, grows without end, or tells once, is found."""
    with pytest.raises(CheckFailed, match=contract):
        check_live_detector(detector)


def test_a_detector_without_a_state_is_told_so() -> None:
    """What is no live detector fails with a sentence, not with a fault."""

    class Plain:
        name, version, needs = "plain", "1", {}

    with pytest.raises(CheckFailed, match="has a standing state"):
        check_live_detector(Plain())  # type: ignore[arg-type]
