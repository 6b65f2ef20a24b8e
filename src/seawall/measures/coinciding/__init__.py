"""Online surges beside incidents elsewhere: how often they coincide, against shifts of the calendar."""

from seawall.measures.coinciding.measure import LAGS, coincidence
from seawall.measures.coinciding.result import Coincidence

__all__ = ["LAGS", "Coincidence", "coincidence"]
