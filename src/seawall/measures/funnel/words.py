"""What acts, stages, counts and terms are called, and where each of them stands in the arrays of the kernels."""

from __future__ import annotations

KINDS = (
    "mention", "reply", "repost", "follow", "unfollow", "dm", "reaction", "invite", "join", "leave", "report", "block",
    "contact_shared",
)  # fmt: skip
"""The kinds of interactions, those of ``seawall.model``, which a measure does not know."""

OPENLY, FOLLOWS, WRITES, PASSES = 1, 2, 4, 8
"""What one account does to another at one moment; several at once are several bits."""

BEARING = {
    "mention": OPENLY, "reply": OPENLY, "repost": OPENLY, "reaction": OPENLY, "invite": OPENLY,
    "follow": OPENLY | FOLLOWS, "dm": WRITES, "contact_shared": WRITES | PASSES,
}  # fmt: skip
"""Other kinds are no evidence. Reports and blocks are none on purpose: a crowd could bring them against anybody."""

NEWCOMERS_PART = 4
"""Bits of what the approached person does stand this many bits higher."""

STAGES = ("approach", "follow_back", "direct", "contact", "sustained", "hand_off")
"""How far an approach went, as ``seawall.model`` calls it; the furthest last."""

TERMS = (
    "public_approach", "answers", "direct_messages", "outside_address", "after_an_answer", "kept_writing",
    "unconnected", "own_initiative", "hand_offs", "script", "repeated_sequence", "repeated_address", "timing", "pauses",
    "shared_script", "second_generation",
)  # fmt: skip
"""The named parts of a hub's score. The first ``LINKS`` of them weigh how many did of how many could."""

LINKS = 10
(
    PUBLIC, ANSWERS, DIRECT, ADDRESS, AFTER_ANSWER, KEPT, UNCONNECTED, INITIATIVE, HANDED, SCRIPT, SEQUENCE,
    REPEATED_ADDRESS, TIMING, PAUSES, SHARED, GENERATION,
) = range(len(TERMS))  # fmt: skip

(
    N_APPROACHED, N_COLD, N_KNIT, N_ANSWERED, N_UNANSWERED, N_DIRECT, N_WARM, N_UNTAKEN, N_CONTACT, N_WARM_CONTACT,
    N_UNPASSED, N_KEPT, N_QUIET, N_HANDED, N_OTHERS, N_FOLLOWED, N_KEYED, N_REUSED, N_BROUGHT,
) = range(19)  # fmt: skip
"""What is counted of each account (and of accounts that share a script, together)."""

BINS = 8
TIMINGS = 4
(TO_ANSWER, TO_DIRECT, TO_CONTACT, TO_REPLY) = range(TIMINGS)
FIRST_BIN = 20
COUNTS = FIRST_BIN + BINS * TIMINGS

SECOND = 1_000_000
DAY = 86_400 * SECOND
NEVER = 1 << 62

(
    MUTUAL, COLD, KNIT, WARM, UNANSWERED, UNTAKEN, UNPASSED, QUIET, KEPT_ON, OTHERS, LEFT, HUBS_LIST, NEWCOMERS_LIST,
) = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)  # fmt: skip
"""Flags of a pair."""
