"""For machines that look after the console: does it live, can it work, and how much it does."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from seawall.casebook.rules import Act
from seawall.errors import SeawallError
from seawall.model.loopback import is_loopback
from seawall.web.counting import CONTENT_TYPE
from seawall.web.readiness import readiness
from seawall.web.refusals import Hidden
from seawall.web.routes import PUBLIC, Pages
from seawall.web.visit import Visit, Visiting

pages = Pages()


@pages.get("/livez", may=PUBLIC, name="livez")
def livez() -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@pages.get("/readyz", may=PUBLIC, name="readyz")
def readyz(visit: Visit) -> Response:
    """The casebook and the lake can be read; 503 where they cannot, without saying why to strangers."""
    ready = all(check.well for check in readiness(visit.console.workspace))
    return JSONResponse({"status": "ok" if ready else "not ready"}, 200 if ready else 503)


@pages.get("/metrics", may=PUBLIC, name="metrics")
def metrics(visit: Visit) -> Response:
    """Prometheus' text, for this machine, for a token with the scope read_health, or for whoever may see Health."""
    if not (_is_local(visit) or visit.may(Act.READ_HEALTH) or _has_token(visit)):
        raise Hidden
    visit.console.counts.cases(_cases(visit))
    return Response(visit.console.counts.text(), media_type=CONTENT_TYPE)


def _cases(visit: Visiting) -> dict[str, int]:
    try:
        return visit.console.workspace.casebook.glances.by_status()
    except SeawallError:
        return {}


def _is_local(visit: Visiting) -> bool:
    """From this machine and to it by its own name: a proxy before the console passes on the public name."""
    client, host = visit.request.client, visit.request.url.hostname
    return client is not None and is_loopback(client.host) and is_loopback(host or "")


def _has_token(visit: Visiting) -> bool:
    scheme, _, told = visit.request.headers.get("authorization", "").partition(" ")
    token = visit.console.workspace.by_token(told.strip()) if scheme.lower() == "bearer" else None
    return token is not None and Act.READ_HEALTH in token.scopes
