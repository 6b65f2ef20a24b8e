"""The weight of each term and the bound of the test; ``python -m benchmarks.funnel_fit`` finds them anew."""

from __future__ import annotations

import numpy as np

from seawall.measures.funnel.words import TERMS

WEIGHTS = np.ones(len(TERMS))
"""In the order of ``TERMS``: how far each term is believed. Terms that tell the same twice would count twice."""

BOUND = 9.0
"""Nats. With one funnel in a thousand accounts beforehand (-6.9 nats), 9 nats are odds of 8 to 1 afterwards."""
