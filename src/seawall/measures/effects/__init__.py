"""Before and after actions: how much less, or more, there was than could be expected, where to, and what came back."""

from seawall.measures.effects.activity import Moves
from seawall.measures.effects.coming_back import returns
from seawall.measures.effects.displacement import displacement
from seawall.measures.effects.lives import lives
from seawall.measures.effects.measure import effect
from seawall.measures.effects.result import Effect

__all__ = ["Effect", "Moves", "displacement", "effect", "lives", "returns"]
