"""Perceptual hashes of pictures and videos: which known one is near."""

from __future__ import annotations

from seawall.measures.hashes.index import USUAL_DISTANCE, HashIndex
from seawall.measures.hashes.video import LEAST_QUALITY, VideoMatch, video_match

__all__ = ["LEAST_QUALITY", "USUAL_DISTANCE", "HashIndex", "VideoMatch", "video_match"]
