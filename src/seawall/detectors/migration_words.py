"""The sentence of a community that starts to move, and what speaks against it. Members are counted, never named."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from seawall.detectors.migration_found import CLEAR, Found, day_of
from seawall.detectors.wording import counted, period
from seawall.measures.flow.episodes import Rule
from seawall.measures.flow.leaving import Leaving
from seawall.model import SIMULATED, is_simulated

MUCH = 0.5
SHOWN = 3
"""Fewer mirrored texts are not told."""
FEW_BEFORE = 50
KINDS = {
    "telegram_handle": "a Telegram channel",
    "telegram_invite": "a Telegram invite",
    "telegram_closed": "a closed Telegram channel",
    "discord_invite": "a Discord invite",
    "matrix_alias": "a Matrix room",
    "matrix_room": "a Matrix room",
    "matrix": "a Matrix server",
    "rocketchat": "a Rocket.Chat server",
    "rocketchat_invite": "a Rocket.Chat invite",
    "signal_group": "a Signal group",
    "whatsapp_group": "a WhatsApp group",
    "whatsapp_channel": "a WhatsApp channel",
    "tamtam_invite": "a TamTam invite",
    "mastodon": "a Mastodon instance",
    "onion": "an onion address",
    "file_host": "a file host",
    "web": "a site",
}


def share(some: int, whole: int) -> str:
    """A percentage with its numerator.

    >>> share(9, 12)
    '9 of 12 (75%)'
    """
    return f"{some:,} of {whole:,} ({some / max(whole, 1):.0%})"


def community(one: Found) -> str:
    """How the community is called in a sentence."""
    return f"the channel {one.channel} on {one.platform}" if one.channel else f"the platform {one.platform}"


def sentence(one: Found, rule: Rule) -> str:
    """One sentence that carries the numbers of a move."""
    move, head = one.move, SIMULATED if is_simulated(one.platform) else ""
    kind = f"{KINDS[one.kind]}, " if one.kind in KINDS else ""
    said = (
        f"{share(move.followed, move.members)} members of {community(one)} linked to {one.place}, {kind}new there, "
        f"within {rule.window} days ({period(one.start, one.end)}; 95% interval {move.low:.0%}–{move.high:.0%}); "
        f"usually {move.expected:,.1f} do"
    )
    return head + "; ".join([said, *_more(one, rule)]) + "."


def _more(one: Found, rule: Rule) -> Iterator[str]:
    left = one.move.leaving
    if left is not None and left.linked:
        since = f"in the {rule.quiet} days before {day_of(left.looked):%Y-%m-%d}"
        others = f", as did {left.others_silent:,} of {counted(left.others, 'other')}" if left.others else ""
        yield f"{left.silent:,} of {left.linked:,} who linked early enough wrote nothing there {since}{others}"
        if one.farewell:
            chance = f"{left.farewells_expected:.1f} by chance"
            yield f"on the last day of {left.farewells:,} of these the link stands ({chance})"
    if one.mirrored is not None and one.mirrored.texts >= SHOWN:
        yield f"{counted(one.mirrored.texts, 'text')} stood there and here within a day"


def found_doubts(one: Found, rule: Rule) -> Iterator[str]:
    """What was seen that speaks against it."""
    left = one.move.leaving
    if not one.move.gathering:
        yield (
            "Nobody talks at the place itself, as far as its address tells: the page of an event, of a collection for "
            "a good cause or of a site that has become popular draws as many."
        )
    if left is None:
        yield (
            f"It is too early to tell whether those who linked fall silent: {rule.quiet} days after, all collected, "
            "are needed. The chat of an event that will be over soon begins the same way."
        )
    elif left.p > CLEAR:
        yield "Those who linked are no more silent than others: a second home, or the chat of an event, looks the same."
    yield from _circumstances(one, left)


def _circumstances(one: Found, left: Leaving | None) -> Iterator[str]:
    if left is not None and left.season:
        yield "Most of the others fell silent, too, as at the end of a season."
    move = one.move
    if move.elsewhere:
        yield f"{share(move.elsewhere, move.elsewhere_members)} accounts of the rest of the platform link there, too."
    top = most_by_one(one)
    if top > MUCH:
        what = "a signature, or announcements, repeat a link so"
        yield f"One account wrote {top:.0%} of the messages with the link: {what}."
    if one.missing:
        yield f"{counted(one.missing, 'day')} around it {'was' if one.missing == 1 else 'were'} not collected."
    if one.move.compared < FEW_BEFORE:
        yield f"It could be compared with {counted(one.move.compared, 'new place')} only."


def most_by_one(one: Found) -> float:
    """The part of the messages with the link that one account wrote."""
    _, counts = np.unique(one.move.rows.account, return_counts=True)
    return float(counts.max() / counts.sum())


def general_doubts(rule: Rule) -> tuple[str, ...]:
    """What holds for every alert of this kind."""
    member = f"A member is an account that wrote on {rule.least_days} days of the {rule.pause} before the first link"
    return (
        f"{member}: who only reads is not counted, and several accounts may be one person.",
        "Linking is not going: what happens there is not known; several invites to one place look like several places.",
    )
