"""The weight of each term and the bound of the test; docs/adr/0020-the-funnel-score.md says how they were found."""

from __future__ import annotations

import numpy as np

from seawall.measures.funnel.words import TERMS

_FITTED = {
    "public_approach": 0.7, "answers": 0.75, "direct_messages": 0.8, "outside_address": 0.3, "after_an_answer": 0.7,
    "kept_writing": 1.5, "unconnected": 0.5, "own_initiative": 0.5, "hand_offs": 1.5, "script": 1.2,
    "repeated_sequence": 0.05, "repeated_address": 0.25, "timing": 0.05, "pauses": 0.05, "shared_script": 0.1,
    "second_generation": 1.0,
}  # fmt: skip
WEIGHTS = np.array([_FITTED[name] for name in TERMS])
"""In the order of ``TERMS``: how far each term is believed. Terms that tell the same twice would count twice."""

BOUND = 7.0
"""Nats: the score at which an account is alerted about.

With one funnel in a thousand accounts beforehand (-6.9 nats) these are even odds afterwards. It is the least whole
number at which, in worlds of the fitting ranges, no more than one alert in ten is about honest work that looks alike.
"""
