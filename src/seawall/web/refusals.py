"""Why a request is not answered with what it asked for."""

from __future__ import annotations

from seawall.web.forms import Form
from seawall.web.marking import _


class Refusal(Exception):  # noqa: N818 - an outcome of a request, not a fault
    """A request that is refused, with its HTTP status.

    Args:
        sentence: what the person is told, in English; it is the key of its translation.
        mend: what they can do about it.
        retry_after: seconds to wait before asking again.
    """

    status = 400

    def __init__(self, sentence: str, mend: str = "", *, retry_after: float | None = None) -> None:
        self.sentence = sentence
        self.mend = mend
        self.retry_after = retry_after
        super().__init__(sentence)


class NotSignedIn(Refusal):
    """Nobody is signed in. Where a form was sent, it is handed over, so that nothing that was written is lost."""

    status = 401

    def __init__(self, form: Form | None = None) -> None:
        super().__init__(_("You are not signed in."))
        self.form = form


class Hidden(Refusal):
    """It does not exist, or it is not for this person: the answer is the same."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            _("This is not here, or it is not for you to see."), _("Check the address, or ask a colleague.")
        )


class Foreign(Refusal):
    """A form that did not come from a page of this console, or from one that was shown before a new sign-in."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("This form did not come from a page of this session, so nothing was done."),
            _("Go back, load the page again and repeat it."),
        )


class TooLarge(Refusal):
    """More was sent than the console takes."""

    status = 413

    def __init__(self) -> None:
        super().__init__(_("More was sent than the console takes, so nothing was done."), _("Send less at once."))


class TooMany(Refusal):
    """Asked too often."""

    status = 429

    def __init__(self, wait: float) -> None:
        super().__init__(_("Too many requests came at once."), _("Wait a moment and try again."), retry_after=wait)
