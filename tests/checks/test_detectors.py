from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import pyarrow as pa
import pytest

from seawall.checks import CheckFailed, check_detector
from seawall.detectors import DETECTORS, CanaryDetector
from seawall.model import Alert, Subject
from seawall.protocols import Detector, Window


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_every_detector_keeps_its_contract(detector: Detector) -> None:
    """Each detector of Seawall passes the checks that plug-ins of others must pass."""
    check_detector(detector)


@dataclass(frozen=True)
class Loud(CanaryDetector):
    """A canary that a subclass spoils in one way."""

    def detect(self, window: Window) -> Iterator[Alert]:
        for alert in super().detect(window):
            yield self.spoil(alert)

    def spoil(self, alert: Alert) -> Alert:
        return alert


@dataclass(frozen=True)
class Moody(Loud):
    def spoil(self, alert: Alert) -> Alert:
        return replace(alert, score=random.random())


@dataclass(frozen=True)
class Certain(Loud):
    def spoil(self, alert: Alert) -> Alert:
        return replace(alert, doubt=())


@dataclass(frozen=True)
class Beyond(Loud):
    def spoil(self, alert: Alert) -> Alert:
        return replace(alert, score=1.5)


@dataclass(frozen=True)
class FirstRow(Loud):
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"messages": ("message_id", "sent_at", "text_key", "account_id")}

    def detect(self, window: Window) -> Iterator[Alert]:
        rows = window.rows("messages", ["account_id"]).read_all()
        for alert in super().detect(window):
            yield replace(alert, subjects=(Subject("account", rows["account_id"][0].as_py()),))


@dataclass(frozen=True)
class ReadsNames(FirstRow):
    def detect(self, window: Window) -> Iterator[Alert]:
        names = sorted(window.rows("messages", ["account_id"]).read_all()["account_id"].to_pylist())
        for alert in super().detect(window):
            yield replace(alert, subjects=(Subject("platform", "x"),), score=int(names[0][1:], 16) % 97 / 97)


@dataclass(frozen=True)
class Curious(CanaryDetector):
    def detect(self, window: Window) -> Iterator[Alert]:
        window.rows("messages", ["text"])
        return super().detect(window)


@dataclass(frozen=True)
class Dreaming(CanaryDetector):
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"messages": ("message_id", "religion")}


@dataclass(frozen=True)
class Asleep(CanaryDetector):
    def detect(self, window: Window) -> Iterator[Alert]:
        return iter(())


@dataclass(frozen=True)
class Jumpy(CanaryDetector):
    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        firing, _ = super().examples()
        return firing, firing


@dataclass
class Soft(CanaryDetector.__mro__[1]):  # type: ignore[misc]
    name: ClassVar[str] = "soft"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {}


def spread(detector: Detector) -> Mapping[str, pa.Table]:
    """The firing example, from several accounts."""
    rows = detector.examples()[0]["messages"]
    place = rows.schema.get_field_index("account_id")
    names = pa.array([f"a{number:020x}" for number in range(len(rows))])
    return {"messages": rows.set_column(place, rows.schema.field(place), names)}


@pytest.mark.parametrize(
    ("detector", "contract"),
    [
        (Moody(), "same input gives the same alerts"),
        (Certain(), "what speaks against it"),
        (Beyond(), "between 0 and 1"),
        (Curious(), "column text"),
        (Dreaming(), "columns that the lake has"),
        (Asleep(), "fires on its firing example"),
        (Jumpy(), "stays quiet"),
        (Soft(), "frozen dataclass"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_broken_contract_is_named(detector: Detector, contract: str) -> None:
    """Each way to break the contract is found, and the message says which part it is."""
    with pytest.raises(CheckFailed, match=contract):
        check_detector(detector)


def test_what_depends_on_order_or_names_is_found() -> None:
    """An alert that changes with the order of rows, and a score that changes with pseudonyms, fail."""
    with pytest.raises(CheckFailed, match="order of rows"):
        check_detector(FirstRow(), (spread(FirstRow()),))
    with pytest.raises(CheckFailed, match="other names"):
        check_detector(ReadsNames(), (spread(ReadsNames()),))
