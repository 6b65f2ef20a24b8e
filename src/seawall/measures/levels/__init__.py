"""Change points of the level or the trend of a series: when it moved to a new one, and when it came back."""

from seawall.measures.levels.measure import changes
from seawall.measures.levels.points import change_points

__all__ = ["change_points", "changes"]
