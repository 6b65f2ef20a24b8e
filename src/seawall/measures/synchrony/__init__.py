"""Windows of several series that begin together: which belong together, how likely by chance, who was first."""

from seawall.measures.synchrony.chance import chance_together
from seawall.measures.synchrony.joining import joined
from seawall.measures.synchrony.lag import Lag, lags

__all__ = ["Lag", "chance_together", "joined", "lags"]
