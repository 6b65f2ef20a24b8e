"""Surges and collapses of counts over time: how far above or below its own past, since when, how sure."""

from seawall.measures.bursts.measure import SurgesMeasure, expectation, surges
from seawall.measures.bursts.online import scores
from seawall.measures.bursts.stream import SurgeStream, stream_scores

__all__ = ["SurgeStream", "SurgesMeasure", "expectation", "scores", "stream_scores", "surges"]
