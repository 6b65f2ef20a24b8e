"""A pseudonymous account: what it did, in counts. Each look at one is written into the audit."""

from __future__ import annotations

from starlette.responses import Response

from seawall.casebook.rules import Act
from seawall.errors import InputError
from seawall.web.looked_words import ACT_KINDS, MESSAGE_KINDS, UNITS, WEEKDAYS
from seawall.web.outcomes import STATUSES
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.visit import Visit

pages = Pages()


@pages.get("/accounts/{account_id:path}", may=Act.READ_ACCOUNT, name="account")
def account(visit: Visit, account_id: str) -> Response:
    """Counts, hours, interactions, and the alerts that name it."""
    try:
        seen = visit.workspace.account_seen(account_id)
    except InputError:
        raise Hidden from None
    return visit.page(
        "account.html",
        seen=seen,
        titles=visit.workspace.channel_titles([one for one, _ in seen.channels]),
        units=UNITS,
        kind_rows=[(visit._(MESSAGE_KINDS.get(name, name)), count) for name, count in seen.kinds],
        acts=ACT_KINDS,
        hour_names=[f"{hour:02d}" for hour in range(24)],
        weekday_names=[visit._(day) for day in WEEKDAYS],
        statuses=STATUSES,
        may_explore=visit.may(Act.EXPLORE),
        may_read=visit.may(Act.READ_CASES),
    )
