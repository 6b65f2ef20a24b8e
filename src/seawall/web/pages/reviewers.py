"""Who is enrolled, with which role, and how they come in."""

from __future__ import annotations

from starlette.responses import Response

from seawall.casebook.rules import Act, Role
from seawall.errors import RuleError
from seawall.web.refusals import Hidden
from seawall.web.routes import SIGNED_IN, Pages
from seawall.web.visit import Visit, Visiting

pages = Pages()
pages.section("Reviewers", "reviewers", order=110)

LINK_MINUTES = 60 * 24


@pages.get("/reviewers", may=SIGNED_IN, name="reviewers")
def reviewers(visit: Visit) -> Response:
    """Everyone who is enrolled; people of safeguarding see one another."""
    if not visit.may(Act.READ_PEOPLE):
        _keeping(visit)
    return _shown(visit)


@pages.post("/reviewers", may=SIGNED_IN, name="reviewers.enrol")
def enrol(visit: Visit) -> Response:
    """Enrol a person, and give a link by which they come in for the first time."""
    _keeping(visit)
    form = visit.form
    try:
        person = visit.workspace.enrol(form["name"], _role(form["role"]))
    except RuleError as error:
        return _shown(visit, 422, wrong={error.where or "name": f"{error.what} {error.mend or ''}"}, typed=form["name"])
    return _with_link(visit, person.name, anew=False)


@pages.post("/reviewers/link", may=SIGNED_IN, name="reviewers.link")
def link(visit: Visit) -> Response:
    """Another link for who cannot sign in; ``anew`` forgets what they signed in with before."""
    _keeping(visit)
    return _with_link(visit, visit.form["name"], anew=visit.form["anew"] == "yes")


@pages.post("/reviewers/role", may=Act.KEEP_PEOPLE, name="reviewers.role")
def change_role(visit: Visit) -> Response:
    """Give a person another role."""
    visit.workspace.set_role(visit.form["name"], _role(visit.form["role"]))
    visit.say(visit._("The role is changed; it holds from their next page on."))
    return visit.see_other("reviewers")


@pages.post("/reviewers/sessions", may=SIGNED_IN, name="reviewers.end-sessions")
def end_sessions(visit: Visit) -> Response:
    """Sign a person out everywhere."""
    _keeping(visit)
    visit.workspace.close_sessions_of(visit.form["name"])
    visit.say(visit._("All their sessions are ended."))
    return visit.see_other("reviewers")


@pages.post("/reviewers/remove", may=SIGNED_IN, name="reviewers.remove")
def remove(visit: Visit) -> Response:
    """Remove a person; what they did stays on the record."""
    _keeping(visit)
    visit.workspace.remove_person(visit.form["name"])
    visit.say(visit._("The person is removed. What they did stays on the record."))
    return visit.see_other("reviewers")


def _keeping(visit: Visiting) -> None:
    """Administrators keep people, and those of safeguarding keep one another.

    Raises:
        Hidden: the person does neither.
    """
    if not (visit.may(Act.KEEP_PEOPLE) or visit.may(Act.KEEP_SAFEGUARDING)):
        raise Hidden


def _role(told: str) -> Role:
    try:
        return Role(told)
    except ValueError as error:
        raise RuleError("There is no such role.", where="role", mend="Choose one of the list.") from error


def _with_link(visit: Visiting, name: str, *, anew: bool) -> Response:
    token = visit.workspace.sign_in_link(name, minutes=LINK_MINUTES, anew=anew)
    host = visit.request.headers["host"]
    scheme = "https" if visit.console.settings.secure else "http"
    return _shown(visit, link=f"{scheme}://{host}{visit.url('sign-in.link', token=token)}", linked=name)


def _shown(
    visit: Visiting,
    status: int = 200,
    *,
    link: str = "",
    linked: str = "",
    wrong: dict[str, str] | None = None,
    typed: str = "",
) -> Response:
    everyone = visit.workspace.casebook.people.all()
    sees_all = visit.may(Act.READ_PEOPLE)
    people = [one for one in everyone if sees_all or one.role is Role.SAFEGUARDING]
    return visit.page(
        "reviewers.html",
        status,
        people=people,
        roles=list(Role) if visit.may(Act.KEEP_PEOPLE) else [Role.SAFEGUARDING],
        keeps=visit.may(Act.KEEP_PEOPLE) or visit.may(Act.KEEP_SAFEGUARDING),
        link=link,
        linked=linked,
        wrong=wrong or {},
        typed=typed,
    )
