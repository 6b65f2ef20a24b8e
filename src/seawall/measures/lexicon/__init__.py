"""Known words and patterns in texts: where they stand, how they are written, and in what context."""

from __future__ import annotations

from seawall.measures.lexicon.lexicon import Lexicon

__all__ = ["Lexicon"]
