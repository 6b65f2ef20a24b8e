"""The engine of many machines. PySpark is imported when it is opened."""

from __future__ import annotations

from seawall.engine.spark.engine import SparkEngine

__all__ = ["SparkEngine"]
