"""Batches on disk: Delta tables, exactly once, with retention and erasure."""

from seawall.lake.lake import Lake
from seawall.lake.records import CompactionReceipt, ErasureReceipt, ExpiryReceipt, FeedProgress, Problem, Receipt

__all__ = ["CompactionReceipt", "ErasureReceipt", "ExpiryReceipt", "FeedProgress", "Lake", "Problem", "Receipt"]
