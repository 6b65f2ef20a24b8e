"""What Seawall costs on one machine and on many, from figures that were measured."""

from __future__ import annotations

from seawall.planning.asked import Hardware, Load
from seawall.planning.constants import Constants, Measured, Run, shipped
from seawall.planning.costs import Cost
from seawall.planning.plan import Amount, Plan, plan
from seawall.planning.words import measured_words, sentence

__all__ = [
    "Amount",
    "Constants",
    "Cost",
    "Hardware",
    "Load",
    "Measured",
    "Plan",
    "Run",
    "measured_words",
    "plan",
    "sentence",
    "shipped",
]
