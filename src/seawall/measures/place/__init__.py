"""Places: where links lead, as things that can begin, live and end."""

from __future__ import annotations

from seawall.measures.place.keys import place_keys
from seawall.measures.place.kinds import ROLES
from seawall.measures.place.measure import PLACES, Places, places

__all__ = ["PLACES", "ROLES", "Places", "place_keys", "places"]
