"""Channels that ended, and what may have come after them. Broadcast channels and groups only, never persons."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from seawall.casebook.rules import Act
from seawall.web.pages.places import frame
from seawall.web.places_looked import page_of
from seawall.web.places_words import AFTER_LEFT_OUT, ENDS, TERMS
from seawall.web.routes import Pages
from seawall.web.visit import Visit
from seawall.workspace.looking_succession import ENDS_A_PAGE, SuccessorsSeen

ANSWERS = ("", "told", "none")

pages = Pages()


@pages.get("/places/successors", may=Act.EXPLORE, name="places.successors")
def successors(visit: Visit) -> Response:
    """Each end with its candidates, how probable each is and why; or that there is no successor."""
    told = visit.request.query_params
    answer = told.get("answer", "") if told.get("answer", "") in ANSWERS else ""
    seen = visit.workspace.successors_seen()
    shown = {} if seen.found is None else _ends(seen.found, answer, page_of(told.get("page", "")))
    return visit.page(
        "places_successors.html",
        seen=seen,
        answer=answer,
        ends=ENDS,
        terms=TERMS,
        left_out=AFTER_LEFT_OUT,
        **frame(visit),
        **shown,
    )


def _ends(found: SuccessorsSeen, answer: str, page: int) -> dict[str, Any]:
    chosen = found.chosen(answer)
    pages_ = max(1, -(-len(chosen) // ENDS_A_PAGE))
    page = min(page, pages_)
    rows = list(found.seen(chosen[ENDS_A_PAGE * (page - 1) : ENDS_A_PAGE * page]))
    return {"found": found, "rows": rows, "total": len(chosen), "page": page, "pages": pages_}
