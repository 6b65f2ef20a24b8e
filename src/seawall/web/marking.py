"""Marks sentences for translation where they are written; they are translated where they are shown."""

from __future__ import annotations


def _(sentence: str) -> str:
    """The sentence itself."""
    return sentence
