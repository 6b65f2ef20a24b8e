"""The HTTP interface for programs: what the console does, as JSON, for whoever holds a token."""

from __future__ import annotations

PREFIX = "/api/v1"
"""Begins every path of the interface. What changes what a call means gets another number."""
