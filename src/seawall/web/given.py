"""What a person gave in the form of a decision, with what is missing beside each field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from seawall.casebook import Draft
from seawall.model import Outcome
from seawall.web.forms import Form
from seawall.web.marking import _
from seawall.web.outcomes import chosen, digit_of, reason_given


def _none() -> dict[str, str]:
    return {"outcome": "", "reason": ""}


@dataclass(frozen=True, slots=True)
class Given:
    """A decision as far as it is written."""

    outcome: str = ""
    picked: str = ""  # the digit of a stated reason
    reason: str = ""  # in their own words
    note: str = ""
    kept_at: datetime | None = None
    errors: dict[str, str] = field(default_factory=_none)

    @classmethod
    def of_form(cls, form: Form) -> Given:
        """What a form holds; unknown outcomes are none."""
        outcome = form["outcome"] if chosen(form["outcome"]) else ""
        given = cls(outcome, form[f"picked-{outcome}"], form["reason"][:2000], form["note"][:4000])
        errors = _none()
        if not outcome:
            errors["outcome"] = _("Choose what you decide.")
        if not given.stated:
            errors["reason"] = _("Pick a reason, or write your own.")
        return cls(outcome, given.picked, given.reason, given.note, errors=errors)

    @classmethod
    def of_draft(cls, draft: Draft | None) -> Given:
        """What was kept."""
        if draft is None:
            return cls()
        digit = digit_of(draft.outcome, draft.reason)
        own = "" if digit else draft.reason
        return cls(draft.outcome.value if draft.outcome else "", digit, own, draft.note, kept_at=draft.at)

    @property
    def decided(self) -> Outcome | None:
        """The outcome, where one is chosen."""
        return chosen(self.outcome)

    @property
    def stated(self) -> str:
        """The reason that would be recorded; "" where there is none."""
        outcome = self.decided
        return reason_given(outcome, self.reason, self.picked) if outcome else self.reason

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not any(self.errors.values())
