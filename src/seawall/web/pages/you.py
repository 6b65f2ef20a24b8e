"""A person's own settings: how pages look, how much they show at once."""

from __future__ import annotations

from starlette.responses import Response

from seawall.errors import ConfigurationError
from seawall.web.routes import SIGNED_IN, Pages
from seawall.web.settings import LANGUAGES
from seawall.web.visit import THEMES, Visit

pages = Pages()

CARE = ("blur", "grey", "mute")


@pages.get("/you", may=SIGNED_IN, name="you")
def you(visit: Visit) -> Response:
    """The settings, and what the person may do."""
    return visit.page(
        "you.html",
        chosen=visit.preferences | {"language": visit.language},
        wrong={},
        themes=THEMES,
        all_languages=LANGUAGES,
    )


@pages.post("/you", may=SIGNED_IN, name="you.keep")
def keep(visit: Visit) -> Response:
    """Keep the settings."""
    form = visit.form
    chosen: dict[str, object] = {"theme": form["theme"], "language": form["language"]}
    chosen |= {name: form[name] == "yes" for name in CARE}
    chosen["break_after"] = (
        int(form["break_after"]) if form["break_after"].isascii() and form["break_after"].isdigit() else -1
    )
    try:
        visit.workspace.set_preferences(visit.person.name, chosen)
    except ConfigurationError as error:
        wrong = {error.where or "": error.mend or error.what}
        shown = visit.preferences | chosen
        return visit.page("you.html", 422, chosen=shown, wrong=wrong, themes=THEMES, all_languages=LANGUAGES)
    visit.forget_preferences()
    visit.say(visit._("Your settings are kept."))
    return visit.see_other("you")
