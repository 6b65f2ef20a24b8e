"""Batches on disk: Delta tables, exactly once, with retention and erasure."""

from typing import TYPE_CHECKING

from seawall.lake.records import CompactionReceipt, ErasureReceipt, ExpiryReceipt, FeedProgress, Problem, Receipt
from seawall.late import names

if TYPE_CHECKING:
    from seawall.lake.lake import Lake
else:
    __getattr__, __dir__ = names(__name__, {"lake": ("Lake",)})

__all__ = ["CompactionReceipt", "ErasureReceipt", "ExpiryReceipt", "FeedProgress", "Lake", "Problem", "Receipt"]
