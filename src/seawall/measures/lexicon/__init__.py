"""Known words and patterns in texts: where they stand, how they are written, and in what context."""

from __future__ import annotations

from seawall.measures.lexicon.context import context
from seawall.measures.lexicon.lexicon import Lexicon
from seawall.measures.lexicon.patterns import Patterns

__all__ = ["Lexicon", "Patterns", "context"]
