"""Intake: a source's raw records -> pseudonyms, typed tokens, canonical links, and nothing in clear.

``Intake(...).clean(raw)`` is all that other parts need.
"""

from __future__ import annotations

from seawall.intake.clean import Intake
from seawall.intake.pseudonyms import Pseudonyms, new_keys

__all__ = ["Intake", "Pseudonyms", "new_keys"]
