"""Texts as measures compare them: the match key, the Unicode tables it rests on, and Arrow buffers for kernels."""

from __future__ import annotations

from seawall.measures.text.match_key import match_key_text, match_keys

__all__ = ["match_key_text", "match_keys"]
