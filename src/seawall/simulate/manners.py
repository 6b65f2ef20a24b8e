"""How somebody meets people, in numbers; each group of accounts draws its own from the ranges of its role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from seawall.errors import ConfigurationError

Range = tuple[float, float]
PROBABILITY, AMOUNT, COUNT = "probability", "amount", "count"
"""Probabilities are drawn evenly; amounts and counts evenly on the scale of their logarithms."""


def _is(law: str, meaning: str) -> Any:
    return field(metadata={"law": law, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Manner:
    """One group's habits. "The other" is the person whom an account of the group has to do with."""

    accounts: float = _is(COUNT, "accounts that share the role, its words and its addresses")
    newcomers: float = _is(COUNT, "persons for each account")
    active_days: float = _is(AMOUNT, "days over which they are met for the first time")
    sitting: float = _is(COUNT, "persons met in one sitting")
    newly_joined: float = _is(PROBABILITY, "the other was first seen within the last three days")
    acquainted: float = _is(PROBABILITY, "the other knows one who was met before")
    begins: float = _is(PROBABILITY, "the account makes the first step, not the other")
    in_public: float = _is(PROBABILITY, "the first step is public (mention or reply), not a direct message")
    answers_public: float = _is(PROBABILITY, "the public step is answered in public")
    first_follows: float = _is(PROBABILITY, "who makes the first step follows the other one")
    follow_back: float = _is(PROBABILITY, "a follow is answered with a follow")
    follow_back_h: float = _is(AMOUNT, "hours until then, median")
    direct: float = _is(PROBABILITY, "direct messages come after a follow-back (or an answer, where nobody followed)")
    direct_cold: float = _is(PROBABILITY, "they come without either")
    writes_first: float = _is(PROBABILITY, "the account, not the other, writes the first direct message")
    direct_h: float = _is(AMOUNT, "hours until then, median")
    answers: float = _is(PROBABILITY, "the first direct message is answered")
    contact: float = _is(PROBABILITY, "the account passes an outside address")
    contact_at_once: float = _is(PROBABILITY, "it stands in its first direct message, answered or not")
    contact_h: float = _is(AMOUNT, "else hours after the first direct message, median")
    contact_back: float = _is(PROBABILITY, "the other passes one too")
    same_address: float = _is(PROBABILITY, "the address is the group's, the same for everybody")
    short_days: float = _is(AMOUNT, "days that a talk takes which does not last, median")
    sustains: float = _is(PROBABILITY, "the talk lasts for days")
    chat_days: float = _is(AMOUNT, "days that it then lasts, median")
    sittings_a_day: float = _is(AMOUNT, "sittings of talk a day")
    messages: float = _is(AMOUNT, "messages of a sitting, mean")
    elsewhere: float = _is(PROBABILITY, "after the address most of the talk (85 %) is held elsewhere, out of sight")
    hand_off: float = _is(PROBABILITY, "a third account takes over after a talk that lasted")
    hand_off_early: float = _is(PROBABILITY, "a third account takes over although the talk did not last")
    open_hand_off: float = _is(PROBABILITY, "the hand-off happens in a public channel")
    takers: float = _is(COUNT, "third accounts of a group")
    falls_silent: float = _is(PROBABILITY, "the account writes no more after the hand-off")
    opener: float = _is(PROBABILITY, "the first words are taken from the group's openers")
    script: float = _is(PROBABILITY, "a direct message of the account is the next one of the group's script")
    script_steps: float = _is(COUNT, "messages of the script")
    variants: float = _is(COUNT, "wordings of each of them")
    pauses: float = _is(PROBABILITY, "an answer waits (for a supervisor, a colleague, a shift)")
    pause_min: float = _is(AMOUNT, "minutes that it waits, median")
    pause_spread: float = _is(AMOUNT, "standard deviation of the logarithm of that wait")
    answer_min: float = _is(AMOUNT, "minutes that an answer takes otherwise, median")
    introduced: float = _is(PROBABILITY, "others greet the person too, and those who were met get to know each other")
    returns: float = _is(PROBABILITY, "the other comes back weeks later for a short talk")
    refused: float = _is(PROBABILITY, "the other blocks or reports the account")


LAWS: Mapping[str, str] = {one.name: one.metadata["law"] for one in fields(Manner)}
MEANINGS: Mapping[str, str] = {one.name: one.metadata["meaning"] for one in fields(Manner)}
Ranges = Mapping[str, Range]


def widened(law: str, fitting: Range) -> Range:
    """The wider range of the evaluation around one that models are fitted on.

    Amounts and counts from half to twice; probabilities from half to twice the odds. What never happens stays so, and
    what is certain too.

    >>> widened("amount", (8, 20)), widened("probability", (0.5, 0.8)), widened("probability", (0, 1))
    ((4.0, 40.0), (0.333333, 0.888889), (0.0, 1.0))
    """
    low, high = map(float, fitting)
    if law != PROBABILITY:
        return (max(1.0, low / 2) if law == COUNT and low >= 1 else low / 2, high * 2)
    return round(low / (2 - low), 6), round(2 * high / (1 + high), 6)


def draw(ranges: Ranges, rng: np.random.Generator, *, wide: bool, pinned: Mapping[str, float]) -> Manner:
    """A manner drawn from ranges; what is pinned has that value."""
    values: dict[str, float] = {}
    for name, law in LAWS.items():
        low, high = widened(law, ranges[name]) if wide else ranges[name]
        value = float(rng.random())  # drawn even if pinned, so that what is not pinned stays as it was
        if law == PROBABILITY:
            value = low + value * (high - low)
        elif low > 0:
            value = float(low * (high / low) ** value)
        values[name] = float(pinned.get(name, float(round(value)) if law == COUNT else value))
    return Manner(**values)


def check_pinned(pinned: Mapping[str, float]) -> None:
    """Raise a ConfigurationError where a habit is not known or its value cannot be."""
    for name, value in pinned.items():
        if name not in LAWS:
            raise ConfigurationError(
                f"There is no habit {name!r}.", where="pinned", mend=f"There are: {', '.join(LAWS)}."
            )
        highest = {PROBABILITY: 1.0, COUNT: 100_000.0}.get(LAWS[name], 10_000.0)
        if not 0 <= value <= highest:
            raise ConfigurationError(
                f"The habit {name} cannot have this value.", where="pinned", mend=f"Give 0 to {highest:g}."
            )
