"""Seawall shows a coordinated campaign while it builds, and lets people decide what to do about it."""

from __future__ import annotations

__version__ = "0.1.0"
