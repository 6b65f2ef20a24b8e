"""The ranges of the habits of funnels, and of nine honest roles whose behaviour overlaps with theirs.

What is known of funnels comes from the two accounts that docs/reference/simulate.md names; the ranges of the honest
roles are assumptions, stated there role by role, made so that each step of a funnel is common in some of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from seawall.simulate.manners import Range, Ranges

FUNNEL = "funnel"
_NEVER: Range = (0.0, 0.0)
_ONE: Range = (1, 1)


def _role(like: Ranges | None = None, **ranges: Range) -> Ranges:
    return {**(like or {}), **ranges}


_PERSON: Ranges = {
    "accounts": _ONE, "newcomers": (6, 20), "active_days": (30, 60), "sitting": (1, 2),
    "newly_joined": _NEVER, "acquainted": (0.2, 0.5),
    "begins": (0.4, 0.6), "in_public": (0.6, 0.9), "answers_public": (0.4, 0.7),
    "first_follows": (0.3, 0.6), "follow_back": (0.3, 0.6), "follow_back_h": (4, 30),
    "direct": (0.4, 0.7), "direct_cold": (0.03, 0.1), "writes_first": (0.4, 0.6), "direct_h": (4, 40),
    "answers": (0.7, 0.9),
    "contact": (0.2, 0.4), "contact_at_once": (0.0, 0.05), "contact_h": (24, 150), "contact_back": (0.2, 0.5),
    "same_address": (0.8, 1.0),
    "short_days": (0.3, 1.5), "sustains": (0.3, 0.6), "chat_days": (6, 20), "sittings_a_day": (0.5, 1.2),
    "messages": (5, 10), "elsewhere": (0.2, 0.5),
    "hand_off": _NEVER, "hand_off_early": _NEVER, "open_hand_off": _NEVER, "takers": _ONE, "falls_silent": (0.5, 0.8),
    "opener": (0.1, 0.3), "script": (0.0, 0.05), "script_steps": (2, 6), "variants": (1, 2),
    "pauses": (0.05, 0.2), "pause_min": (60, 300), "pause_spread": (0.9, 1.4), "answer_min": (1.5, 6),
    "introduced": _NEVER, "returns": (0.05, 0.2), "refused": (0.0, 0.02),
}  # fmt: skip
"""Somebody with many acquaintances: what the roles below share where they do not say otherwise."""

RANGES: Mapping[str, Ranges] = {
    FUNNEL: _role(
        _PERSON, accounts=(1, 3), newcomers=(15, 50), active_days=(8, 25), sitting=(2, 6),
        newly_joined=(0.0, 0.2), acquainted=_NEVER,
        begins=(1, 1), in_public=(0.85, 1.0), answers_public=(0.35, 0.65), first_follows=(0.6, 0.9),
        follow_back=(0.35, 0.65), follow_back_h=(3, 20), direct=(0.75, 0.95), direct_cold=(0.05, 0.25),
        writes_first=(0.85, 1.0), direct_h=(4, 30), answers=(0.65, 0.9),
        contact=(0.65, 0.9), contact_at_once=(0.05, 0.3), contact_h=(12, 60), contact_back=(0.1, 0.3),
        same_address=(0.7, 1.0), short_days=(0.5, 3), sustains=(0.5, 0.8), chat_days=(9, 18),
        sittings_a_day=(0.8, 2.0), messages=(6, 12), elsewhere=(0.2, 0.5),
        hand_off=(0.55, 0.85), hand_off_early=(0.0, 0.1), takers=(1, 2), falls_silent=(0.8, 1.0),
        opener=(0.5, 0.9), script=(0.35, 0.7), script_steps=(12, 40), variants=(1, 3),
        pauses=(0.25, 0.55), pause_min=(40, 150), pause_spread=(0.2, 0.45), answer_min=(1, 4), refused=(0.02, 0.08),
        returns=_NEVER,
    ),
    "customer_support": _role(
        _PERSON, accounts=(2, 5), newcomers=(40, 200), active_days=(40, 60), sitting=(2, 8), acquainted=(0.0, 0.1),
        begins=(0.03, 0.12), in_public=(0.5, 0.8), answers_public=(0.8, 0.95), first_follows=(0.05, 0.15),
        follow_back=(0.05, 0.3), follow_back_h=(0.5, 4), direct=(0.5, 0.8), direct_cold=(0.1, 0.3),
        writes_first=(0.2, 0.5), direct_h=(0.2, 3), answers=(0.85, 0.98),
        contact=(0.2, 0.5), contact_at_once=(0.2, 0.5), contact_h=(0.3, 6), contact_back=(0.1, 0.3),
        same_address=(0.9, 1.0), short_days=(0.1, 1.2), sustains=(0.03, 0.12), chat_days=(3, 9),
        hand_off=(0.2, 0.5), hand_off_early=(0.08, 0.25), takers=(1, 3), elsewhere=(0.3, 0.6),
        opener=(0.7, 0.95), script=(0.4, 0.8), script_steps=(6, 25), variants=(1, 3),
        pauses=(0.15, 0.4), pause_min=(20, 120), pause_spread=(0.5, 1.0), answer_min=(2, 8), returns=(0.1, 0.3),
    ),
    "job_recruiter": _role(
        _PERSON, accounts=(1, 2), newcomers=(20, 90), active_days=(20, 50), sitting=(2, 8), acquainted=(0.05, 0.3),
        begins=(0.9, 1.0), in_public=(0.2, 0.5), answers_public=(0.2, 0.45), first_follows=(0.5, 0.8),
        follow_back=(0.35, 0.6), follow_back_h=(4, 30), direct=(0.7, 0.9), direct_cold=(0.2, 0.5),
        writes_first=(0.85, 1.0), direct_h=(1, 24), answers=(0.3, 0.55),
        contact=(0.45, 0.8), contact_at_once=(0.4, 0.8), contact_h=(6, 48), contact_back=(0.3, 0.6),
        same_address=(0.9, 1.0), short_days=(0.5, 4), sustains=(0.08, 0.25), chat_days=(5, 14),
        sittings_a_day=(0.2, 0.6), messages=(3, 6), elsewhere=(0.6, 0.9),
        hand_off=(0.2, 0.5), hand_off_early=(0.02, 0.08), takers=(2, 5), falls_silent=(0.3, 0.6),
        opener=(0.6, 0.95), script=(0.1, 0.35), script_steps=(3, 10), variants=(1, 3),
        pauses=(0.1, 0.35), pause_min=(60, 300), pause_spread=(0.7, 1.2), answer_min=(3, 12), refused=(0.01, 0.04),
    ),
    "sales": _role(
        _PERSON, accounts=(1, 3), newcomers=(60, 250), active_days=(20, 55), sitting=(5, 20), acquainted=(0.0, 0.15),
        begins=(0.93, 1.0), in_public=(0.2, 0.5), answers_public=(0.08, 0.25), first_follows=(0.4, 0.8),
        follow_back=(0.12, 0.35), direct=(0.6, 0.9), direct_cold=(0.1, 0.4),
        writes_first=(0.9, 1.0), direct_h=(0.2, 8), answers=(0.08, 0.3),
        contact=(0.6, 0.9), contact_at_once=(0.6, 0.95), contact_h=(1, 24), contact_back=(0.02, 0.1),
        same_address=(0.95, 1.0), short_days=(0.1, 1.5), sustains=(0.02, 0.1), chat_days=(4, 12),
        sittings_a_day=(0.2, 0.6), messages=(3, 6),
        hand_off=(0.1, 0.4), hand_off_early=(0.01, 0.05), takers=(1, 2), falls_silent=(0.3, 0.7),
        opener=(0.8, 1.0), script=(0.4, 0.8), script_steps=(3, 12), variants=(1, 3),
        pauses=(0.05, 0.2), pause_min=(30, 240), pause_spread=(0.7, 1.2), answer_min=(2, 10), refused=(0.02, 0.08),
    ),
    "dating": _role(
        _PERSON, accounts=_ONE, newcomers=(6, 25), active_days=(25, 60), sitting=(1, 4), acquainted=(0.05, 0.3),
        begins=(0.6, 0.95), in_public=(0.5, 0.9), answers_public=(0.3, 0.6), first_follows=(0.5, 0.8),
        follow_back=(0.3, 0.6), follow_back_h=(2, 24), direct=(0.6, 0.9), direct_cold=(0.1, 0.35),
        writes_first=(0.6, 0.95), direct_h=(2, 24), answers=(0.4, 0.7),
        contact=(0.3, 0.6), contact_at_once=(0.0, 0.05), contact_h=(40, 200), contact_back=(0.5, 0.9),
        same_address=(0.95, 1.0), sustains=(0.25, 0.5), chat_days=(6, 25), sittings_a_day=(0.8, 2.0),
        messages=(6, 15), elsewhere=(0.5, 0.85), opener=(0.15, 0.5), answer_min=(1, 5), refused=(0.01, 0.06),
    ),
    "mentoring": _role(
        _PERSON, accounts=(1, 3), newcomers=(4, 14), active_days=(20, 50), acquainted=(0.2, 0.6),
        begins=(0.2, 0.55), in_public=(0.5, 0.85), answers_public=(0.6, 0.9), first_follows=(0.5, 0.8),
        follow_back=(0.5, 0.85), direct=(0.75, 0.95), direct_cold=(0.2, 0.5), writes_first=(0.4, 0.7),
        answers=(0.85, 1.0), contact=(0.3, 0.6), contact_at_once=(0.05, 0.2), contact_h=(12, 120),
        contact_back=(0.3, 0.6), short_days=(1, 6), sustains=(0.6, 0.9), chat_days=(14, 45),
        sittings_a_day=(0.2, 0.6), messages=(6, 14), elsewhere=(0.2, 0.5),
        hand_off=(0.05, 0.2), takers=(1, 2), falls_silent=(0.2, 0.5),
        opener=(0.4, 0.8), script=(0.0, 0.15), pauses=(0.15, 0.4), pause_min=(90, 400), answer_min=(3, 10),
    ),
    "chaplaincy": _role(
        _PERSON, accounts=(1, 3), newcomers=(8, 30), active_days=(30, 60), acquainted=(0.0, 0.2),
        begins=(0.05, 0.3), in_public=(0.3, 0.6), answers_public=(0.7, 0.95), first_follows=(0.2, 0.5),
        follow_back=(0.2, 0.5), direct=(0.7, 0.9), direct_cold=(0.1, 0.35), writes_first=(0.2, 0.5),
        direct_h=(1, 12), answers=(0.85, 1.0), contact=(0.35, 0.65), contact_at_once=(0.05, 0.2), contact_h=(10, 90),
        contact_back=(0.2, 0.4), short_days=(0.5, 4), sustains=(0.4, 0.7), chat_days=(6, 22),
        sittings_a_day=(0.4, 1.2), messages=(6, 14), elsewhere=(0.2, 0.5),
        hand_off=(0.12, 0.35), hand_off_early=(0.02, 0.1), takers=(1, 3), falls_silent=(0.4, 0.8),
        opener=(0.2, 0.5), script=(0.05, 0.2), script_steps=(3, 10),
        pauses=(0.2, 0.5), pause_min=(60, 300), pause_spread=(0.5, 1.0), answer_min=(2, 8),
    ),
    "refugee_aid": _role(
        _PERSON, accounts=(2, 4), newcomers=(15, 60), active_days=(20, 50), sitting=(1, 5), newly_joined=(0.2, 0.5),
        acquainted=(0.05, 0.25), begins=(0.15, 0.5), in_public=(0.6, 0.9), answers_public=(0.7, 0.95),
        first_follows=(0.2, 0.5), follow_back=(0.2, 0.5), follow_back_h=(1, 12), direct=(0.7, 0.95),
        direct_cold=(0.2, 0.45), writes_first=(0.4, 0.75), direct_h=(0.5, 10), answers=(0.8, 0.98),
        contact=(0.55, 0.9), contact_at_once=(0.2, 0.5), contact_h=(2, 30), contact_back=(0.3, 0.6),
        same_address=(0.6, 0.9), short_days=(0.5, 4), sustains=(0.3, 0.6), chat_days=(5, 16),
        sittings_a_day=(0.5, 1.5), messages=(5, 10), elsewhere=(0.3, 0.7),
        hand_off=(0.45, 0.8), hand_off_early=(0.15, 0.4), takers=(2, 5), falls_silent=(0.4, 0.8),
        opener=(0.3, 0.7), script=(0.2, 0.5), script_steps=(5, 20), variants=(1, 4),
        pauses=(0.2, 0.45), pause_min=(40, 240), pause_spread=(0.5, 1.0), answer_min=(2, 8), returns=(0.1, 0.3),
    ),
    "welcome_committee": _role(
        _PERSON, accounts=(2, 5), newcomers=(20, 80), active_days=(35, 60), sitting=(1, 5), newly_joined=(0.85, 1.0),
        acquainted=(0.1, 0.4), begins=(0.93, 1.0), in_public=(0.85, 1.0), answers_public=(0.45, 0.8),
        first_follows=(0.4, 0.8), follow_back=(0.4, 0.7), follow_back_h=(1, 20), direct=(0.3, 0.6),
        direct_cold=(0.05, 0.2), writes_first=(0.7, 0.95), direct_h=(1, 24), answers=(0.5, 0.8),
        contact=(0.25, 0.6), contact_at_once=(0.4, 0.8), contact_h=(4, 48), contact_back=(0.02, 0.1),
        same_address=(0.95, 1.0), short_days=(0.2, 2), sustains=(0.05, 0.2), chat_days=(5, 20),
        sittings_a_day=(0.2, 0.7), messages=(4, 8), elsewhere=(0.0, 0.2),
        hand_off=(0.1, 0.3), hand_off_early=(0.05, 0.2), open_hand_off=(0.7, 1.0), takers=(2, 4),
        falls_silent=(0.1, 0.4),
        opener=(0.6, 0.95), script=(0.2, 0.5), script_steps=(3, 10), introduced=(0.5, 0.9),
    ),
    "popular_creator": _role(
        _PERSON, accounts=_ONE, newcomers=(80, 400), active_days=(50, 60), sitting=(4, 25), newly_joined=(0.0, 0.1),
        acquainted=(0.1, 0.4), begins=(0.02, 0.1), in_public=(0.85, 0.98), answers_public=(0.1, 0.35),
        first_follows=(0.5, 0.8), follow_back=(0.02, 0.1), direct=(0.2, 0.5), direct_cold=(0.03, 0.1),
        writes_first=(0.1, 0.4), answers=(0.2, 0.5), contact=(0.1, 0.35), contact_at_once=(0.1, 0.4),
        contact_h=(6, 72), contact_back=(0.1, 0.3), same_address=(0.9, 1.0), sustains=(0.03, 0.12), chat_days=(4, 14),
        sittings_a_day=(0.2, 0.6), messages=(3, 7), hand_off=(0.05, 0.2), hand_off_early=(0.0, 0.05), takers=(1, 2),
        opener=(0.2, 0.6), script=(0.1, 0.3), script_steps=(3, 8), refused=(0.0, 0.01),
    ),
}  # fmt: skip
"""For each role the fitting range of each habit of ``Manner``."""

ROLES = tuple(RANGES)
DECOYS = tuple(role for role in ROLES if role != FUNNEL)
"""The honest roles, which are hard to tell from funnels by single acts."""

CONTACT_SHARE: Mapping[str, tuple[float, float, float, float, float]] = {
    FUNNEL: (0.3, 0.15, 0.35, 0.15, 0.05),
    "customer_support": (0.45, 0.2, 0.0, 0.35, 0.0),
    "job_recruiter": (0.55, 0.25, 0.1, 0.1, 0.0),
    "sales": (0.25, 0.2, 0.1, 0.3, 0.15),
    "dating": (0.05, 0.45, 0.5, 0.0, 0.0),
    "mentoring": (0.4, 0.15, 0.15, 0.3, 0.0),
    "chaplaincy": (0.25, 0.5, 0.05, 0.2, 0.0),
    "refugee_aid": (0.15, 0.4, 0.25, 0.2, 0.0),
    "welcome_committee": (0.15, 0.05, 0.1, 0.7, 0.0),
    "popular_creator": (0.35, 0.0, 0.2, 0.25, 0.2),
}
"""Of ``model.CONTACT_KINDS``: which kind of address a group passes."""
