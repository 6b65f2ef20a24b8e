"""Sentences about what the states of detectors do not hold."""

from __future__ import annotations

from seawall.engine.live.folding import Folding
from seawall.engine.live.interactions import InteractionFolding

BEYOND = "They are kept, but do not revise what is watched; seawall detect takes them into account."


def remarks(folding: Folding, interactions: InteractionFolding | None) -> dict[str, str]:
    """What about -> how it is now, for a person; nothing where there is nothing to say."""
    told = {
        "beyond the horizon": ("Edits and deletions of messages that are not recent", folding.beyond, BEYOND),
        "interactions beyond the horizon": (
            "Interactions of edits that are not recent",
            0 if interactions is None else interactions.beyond,
            BEYOND,
        ),
        "before their time": (
            "Messages that are dated more than an hour after they came",
            len(folding.early),
            "They are kept, and looked at when that time has come. Check this machine's clock and the platform's.",
        ),
        "crowded out": (
            "Messages dated in the future that were too many to wait",
            folding.crowded_out,
            "They are kept, but not watched; seawall detect takes them into account.",
        ),
    }
    return {about: f"{what}: {count:,}. {then}" for about, (what, count, then) in told.items() if count}
