from __future__ import annotations

import pyarrow as pa

from seawall.checks import MemoryWindow
from seawall.detectors import CanaryDetector
from seawall.detectors.canary import CANARY_KEY, CANARY_PHRASE
from seawall.detectors.examples import messages_table
from seawall.measures.text.match_key import match_keys


def test_the_key_is_that_of_the_phrase() -> None:
    """Intake gives the phrase, as written and disguised, the key that the detector looks for."""
    texts = pa.array([CANARY_PHRASE, CANARY_PHRASE.upper(), f"  {CANARY_PHRASE}!", "The greenhouse is shut."])
    keys = match_keys(texts).to_pylist()
    assert keys[:3] == [CANARY_KEY] * 3
    assert keys[3] != CANARY_KEY


def test_it_speaks_about_messages_only() -> None:
    """The subjects are the messages, the earliest first; no account is named."""
    canary = CanaryDetector()
    rows = messages_table([{"text_key": 1}, {"text_key": CANARY_KEY}, {"text_key": CANARY_KEY}])
    (alert,) = canary.detect(MemoryWindow({"messages": rows}, canary))
    assert [(subject.kind, subject.id) for subject in alert.subjects] == [
        ("message", "garden:2"),
        ("message", "garden:3"),
    ]
    assert "account_id" not in canary.needs["messages"]


def test_no_messages_are_no_alert() -> None:
    """An empty lake is quiet."""
    canary = CanaryDetector()
    assert list(canary.detect(MemoryWindow({}, canary))) == []
