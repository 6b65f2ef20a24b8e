"""Funnels on a real Spark: the bits of one pass on one machine."""

from __future__ import annotations

from dataclasses import replace

from seawall.engine.spark import SparkEngine
from seawall.measures.funnel import FunnelsMeasure
from seawall.parts import TableRows
from tests.measures.funnel.test_parted import assert_equal, lake_like, several


def test_funnels_are_those_of_one_machine(spark_engine: SparkEngine) -> None:
    """Funnels that share lines and hand on, busy accounts cut in slices: hubs, pairs and sentences, bit for bit."""
    measure = FunnelsMeasure(bound=4.0)
    rows = lake_like(several(3))
    once = measure.at_once(rows.to_reader())
    assert len(once["club"].found.hubs) >= 2
    assert_equal(once, spark_engine.run(replace(measure, most=200), TableRows(rows)))
