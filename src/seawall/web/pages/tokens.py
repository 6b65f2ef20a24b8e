"""Tokens for programs: each acts for the person who made it, within a part of what their role allows."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from seawall.casebook.rules import PERMITTED, Act
from seawall.casebook.tokens import IN_PERSON
from seawall.errors import ConfigurationError, RuleError
from seawall.web.routes import SIGNED_IN, Pages
from seawall.web.visit import Visit, Visiting

pages = Pages()

USUAL_DAYS = 30


@pages.get("/you/tokens", may=SIGNED_IN, name="you.tokens")
def tokens(visit: Visit) -> Response:
    """The person's tokens."""
    return _shown(visit)


@pages.post("/you/tokens", may=SIGNED_IN, name="you.tokens.make")
def make(visit: Visit) -> Response:
    """Make one; its text is shown this once."""
    form = visit.form
    days = int(form["days"]) if form["days"].isascii() and form["days"].isdigit() and len(form["days"]) < 6 else 0
    try:
        text = visit.workspace.make_token(form.all("scope"), days)
    except (RuleError, ConfigurationError) as error:
        return _shown(visit, 422, wrong={error.where or "scopes": f"{error.what} {error.mend or ''}"})
    return _shown(visit, made=text)


@pages.post("/you/tokens/revoke", may=SIGNED_IN, name="you.tokens.revoke")
def revoke(visit: Visit) -> Response:
    """Take one back: it opens nothing any more."""
    visit.workspace.revoke_token(visit.form["token_id"])
    visit.say(visit._("The token is taken back."))
    return visit.see_other("you.tokens")


def _shown(visit: Visiting, status: int = 200, *, made: str = "", wrong: dict[str, str] | None = None) -> Response:
    able: list[Act] = [act for act in Act if act in PERMITTED[visit.person.role] - IN_PERSON]
    chosen = set(visit.form.all("scope")) if wrong else set()
    return visit.page(
        "tokens.html",
        status,
        held=visit.workspace.tokens(),
        able=able,
        chosen=chosen,
        days=visit.form["days"] if wrong else USUAL_DAYS,
        made=made,
        wrong=wrong or {},
        now=datetime.now(UTC),
    )
