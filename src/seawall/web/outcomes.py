"""What a person can decide, with the key of each, and the short reasons that can be picked instead of typed."""

from __future__ import annotations

from dataclasses import dataclass

from seawall.model import Outcome
from seawall.web.marking import _


@dataclass(frozen=True, slots=True)
class Choice:
    """An outcome as a page offers it."""

    outcome: Outcome
    key: str
    label: str
    hint: str
    reasons: tuple[str, ...]  # at most nine: each has a digit


CHOICES = (
    Choice(
        Outcome.REFER,
        "a",
        _("Refer to the platform"),
        _("Two people are needed; nothing leaves Seawall before."),
        (
            _("The same texts are pushed by accounts that act together, against the platform's rules."),
            _("Many unwanted messages are sent in a short time, against the platform's rules."),
            _("Someone may come to harm if nothing is done."),
            _("It repeats what was referred before."),
        ),
    ),
    Choice(
        Outcome.SUPPORT,
        "b",
        _("Offer support"),
        _("The person approached is someone to protect."),
        (
            _("A person was approached and may need support."),
            _("A person asked for help."),
            _("A person may be at risk; support first, everything else later."),
        ),
    ),
    Choice(
        Outcome.WATCH,
        "c",
        _("Keep watching"),
        _("It may be something; more has to be seen."),
        (
            _("It is too early to tell."),
            _("The evidence is thin so far."),
            _("It is known and does not grow."),
        ),
    ),
    Choice(
        Outcome.NO_ACTION,
        "d",
        _("No action"),
        _("The claim is right, and nothing is wrong with it."),
        (
            _("It is what a club or community ordinarily does."),
            _("It is news, research or counter-speech."),
            _("A public event explains it."),
            _("It is over and did no harm."),
        ),
    ),
    Choice(
        Outcome.NOT_WHAT_IT_SEEMS,
        "e",
        _("Not what it seems"),
        _("The claim itself is wrong."),
        (
            _("The evidence does not carry the claim."),
            _("A gap or a change in the collection explains it."),
            _("Copies of a quotation or a form text were taken for a push."),
            _("What speaks against it weighs more."),
        ),
    ),
)

STATED = frozenset(reason for choice in CHOICES for reason in choice.reasons)
"""Reasons that a page may translate when it shows them; anything else is a person's own words."""

LABELS = {choice.outcome: choice.label for choice in CHOICES}

STATUSES = {
    "open": _("open"),
    "awaiting second": _("waits for a second person"),
    "decided": _("decided"),
    "reopened": _("open again"),
}

SEVERITIES = ("urgent", "high", "medium", "low")
"""The gravest first."""


def chosen(outcome: str) -> Outcome | None:
    """The outcome of this name, None where there is none.

    >>> chosen("watch"), chosen("wait")
    (<Outcome.WATCH: 'watch'>, None)
    """
    return Outcome(outcome) if outcome in {one.value for one in Outcome} else None


def reason_given(outcome: Outcome, own: str, picked: str) -> str:
    """The reason of a form: a person's own words first, otherwise what was picked among those of the outcome.

    >>> reason_given(Outcome.WATCH, " Wait for the weekend. ", "1"), reason_given(Outcome.WATCH, "", "1")
    ('Wait for the weekend.', 'It is too early to tell.')
    >>> reason_given(Outcome.WATCH, "", "9")
    ''
    """
    if own.strip():
        return own.strip()
    reasons = next(choice.reasons for choice in CHOICES if choice.outcome is outcome)
    place = int(picked) - 1 if picked.isascii() and picked.isdecimal() and len(picked) == 1 else -1
    return reasons[place] if 0 <= place < len(reasons) else ""


def digit_of(outcome: Outcome | None, reason: str) -> str:
    """The digit of a reason that stands among those of an outcome; "" where it does not.

    >>> digit_of(Outcome.WATCH, "It is too early to tell."), digit_of(None, "It is too early to tell.")
    ('1', '')
    """
    reasons = next((choice.reasons for choice in CHOICES if choice.outcome is outcome), ())
    return str(reasons.index(reason) + 1) if reason in reasons else ""
