"""All layers of coordination in one network: reposts, links, texts, hashtags, replies, mentions, media."""

from __future__ import annotations

from seawall.measures.layers.against import Against
from seawall.measures.layers.describe import Description
from seawall.measures.layers.layered import LayeredNetwork
from seawall.measures.layers.measure import network
from seawall.measures.layers.objects import LAYERS
from seawall.measures.layers.windows import estimated_window

__all__ = ["LAYERS", "Against", "Description", "LayeredNetwork", "estimated_window", "network"]
