"""Every page that the console declares, with the addresses at which a person who may see it looks at it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from urllib.parse import quote, urlencode

import numpy as np
import pyarrow.compute as pc

import seawall
from benchmarks.console_served import Person, Served
from benchmarks.console_world import ADMINISTRATOR, BEGIN, CHANNELS, DAYS, FORUM, RALLY, REVIEWERS, SAFEGUARD, SETTLED
from seawall.model import Alert, Approached, Severity, Subject
from seawall.web.pages import PAGES
from seawall.workspace import Workspace

VISITS, STRANGERS_VISITS = 25, 11
NETWORK = {"platform": RALLY, "view": "network", "every": "1"}
_BODY = re.compile(r"<tbody.*?</tbody>", re.DOTALL)
_LEADS, _AUDITOR, _STRANGER = ("Lea Larkspur", "Leo Lovage"), "Uma Dill", ""
_COMPUTED_SECONDS = 120
COMPUTED = ("/places", "/places/survival", "/places/effect", "/places/successors")
"""Pages of which what they show is computed beside them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One page."""

    route: str
    first: float  # seconds that the first visit after the start took, as the person sees it
    p95: float  # of those after it
    worst: float
    visits: int
    processor: float  # seconds of the server's processor time, of each visit after the first
    rows: int  # of the longest table that it showed


@dataclass(frozen=True, slots=True)
class Things:
    """What pages are about: ids, some of each kind."""

    cases: list[str]
    accounts: list[str]
    channels: list[str]
    campaigns: list[str]
    appeals: list[str]
    requests: list[str]
    indicators: list[str]
    pairs: list[tuple[str, str]]
    people: list[str]  # to protect


def things(workspace: Workspace) -> Things:
    """Some of each kind; campaigns, appeals and requests are made."""
    lead = seawall.open(workspace.path, reviewer=_LEADS[0])
    cases = workspace.casebook.cases()["case_id"].to_pylist()
    some = cases[:: len(cases) // VISITS]
    rows = lead.messages(["account_id", "channel_id", "platform", "text_key", "sent_at"])
    rally = rows.filter(pc.equal(rows["platform"], RALLY)).sort_by(
        [("text_key", "ascending"), ("sent_at", "ascending")]
    )
    talk = rows.filter(pc.equal(rows["platform"], FORUM)).slice(0, CHANNELS * 20)
    members = rally["account_id"].to_pylist()
    accounts = [*members[:: len(members) // VISITS], *talk["account_id"].to_pylist()[:VISITS]]
    return Things(
        cases=some,
        accounts=accounts,
        channels=talk["channel_id"].unique().to_pylist(),
        campaigns=[lead.name_campaign(f"Beds of {one}", [one], "One leaflet.").campaign_id for one in some[:5]],
        appeals=[lead.appeal(one, "My bed was taken.").appeal_id for one in cases[-SETTLED : -SETTLED + 5]],
        requests=[lead.ask("sanction", [one], "They dig up beds.").request_id for one in accounts[:5]],
        indicators=[one.id for one in islice(lead.indicators, VISITS)],
        pairs=[pair for pair in zip(members[0::8], members[1::8], strict=True) if pair[0] != pair[1]][:VISITS],
        people=_approached(workspace, accounts),
    )


def _approached(workspace: Workspace, accounts: Sequence[str]) -> list[str]:
    """Ids of people to protect: a made-up alert says that the first of the accounts approached the others."""
    hub, *others = dict.fromkeys(accounts)
    alert = Alert(
        detector="funnel",
        version="1",
        parameters={},
        anchor="beds",
        start=BEGIN,
        end=BEGIN + timedelta(days=9),
        subjects=(Subject("account", hub),),
        severity=Severity.HIGH,
        score=0.9,
        sentence="Simulated: An account approached others.",
        approached=tuple(Approached(one, "contact", BEGIN, BEGIN + timedelta(days=9)) for one in others),
    )
    workspace.casebook.propose([alert], lake_version="1")
    listed = seawall.open(workspace.path, reviewer=SAFEGUARD).safeguarding.people(limit=VISITS)
    return [one.person_id for one in listed.rows]


def declared() -> list[tuple[str, str]]:
    """Name and path of every page that is declared."""
    return [(route.name, route.path) for module in PAGES for route in module.pages.routes if route.method == "GET"]


def measured(console: Served, some: Things) -> Iterator[Measured]:
    """Look at every page again and again, each time at something else.

    Raises:
        AssertionError: a page answers otherwise than with what was asked for, or shows too many rows.
    """
    asked = _addresses(some)
    people = {name: console.person(name) for name in {one for names, _ in asked.values() for one in names if one}}
    people[_STRANGER] = console.stranger()
    compute_network(people[_LEADS[0]])
    for path in COMPUTED:
        compute_page(people[_LEADS[0]], path)
    for route, path in declared():
        names, told = asked.get(route, (_LEADS, [""]))
        addresses = [_address(path, one) for one in told]
        yield _look(console, route, [people[name] for name in names], addresses)


def compute_network(person: Person) -> dict[str, object]:
    """Ask for the network of the rally until it is there.

    Raises:
        AssertionError: it is not there after two minutes.
    """
    for _ in range(_COMPUTED_SECONDS):
        answer = person.get(f"/explore/network.json?{urlencode(NETWORK)}")
        if answer.status == 200:
            told: dict[str, object] = json.loads(answer.text)
            assert told["state"] == "ready"
            return told
        time.sleep(1)
    raise AssertionError("The network was not computed.")


def compute_page(person: Person, path: str) -> None:
    """Ask for a page until what it shows is computed.

    Raises:
        AssertionError: it is not there after two minutes.
    """
    for _ in range(_COMPUTED_SECONDS):
        if 'id="beside"' not in person.get(path).text:
            return
        time.sleep(1)
    raise AssertionError(f"{path} was not computed.")


def _look(console: Served, route: str, people: Sequence[Person], addresses: Sequence[str]) -> Measured:
    visits = STRANGERS_VISITS if not people[0].signed_in else VISITS
    seconds, rows, spent = [], 0, 0.0
    for person, address in islice(zip(cycle(people), cycle(addresses)), visits):
        answer = person.get(address)
        assert answer.status in _expected(route), f"{route} answered {answer.status}"
        spent = spent or console.processor_seconds()
        seconds.append(answer.seconds)
        rows = max([rows, *(body.count("<tr") for body in _BODY.findall(answer.text))])
    assert rows <= 200, f"{route} showed {rows} rows"
    return Measured(
        route=route,
        first=seconds[0],
        p95=float(np.quantile(seconds[1:], 0.95)),
        worst=max(seconds[1:]),
        visits=visits - 1,
        processor=(console.processor_seconds() - spent) / (visits - 1),
        rows=rows,
    )


def _expected(route: str) -> tuple[int, ...]:
    if route in ("sign-in.oidc", "you.sign-in.oidc", "sign-in.oidc-back"):
        return (404, 429)  # no organisation signs people in here, and nobody may try often
    if route in ("kept", "places.place"):
        return (404,)  # nothing was left unsent, and no message of this world holds a link
    return (303,) if route == "home" else (200,)


def _address(path: str, told: str) -> str:
    """A page about one thing, or a query of one that is about none."""
    if "{" in path:
        return path[: path.index("{")] + quote(told, safe="")
    return path + (f"?{told}" if told else "")


def _addresses(some: Things) -> dict[str, tuple[Sequence[str], list[str]]]:
    """Route -> who looks, and the ids or queries; pages that are not here are the same for everyone."""
    spans = list(_spans())
    looks = [
        *({"view": view, **span} for view in ("timeline", "table") for span in spans[:6]),
        *({"view": view, "platform": RALLY} for view in ("timeline", "table")),
        *({"view": "table", "page": str(page)} for page in (1, 50, 4_000)),
        *({"view": view, "channel": one} for view in ("timeline", "table") for one in some.channels[:3]),
        *({"view": view, "account": one} for view in ("timeline", "table") for one in some.accounts[:3]),
        NETWORK,
    ]
    queues: list[dict[str, str]] = [
        {},
        *({"severity": one} for one in ("urgent", "high", "medium", "low")),
        *({"status": one} for one in ("decided", "open")),
        *({"detector": one} for one in ("coordination", "spread")),
        *({"text": one} for one in ("accounts", "nothing such")),
        *({name: span[name][:10] for name in span} for span in spans[:4]),
    ]
    reviewers = REVIEWERS[2:10]
    return {
        "queue": (reviewers, _queries(queues)),
        "queue.together": (reviewers, [urlencode({"case": one}) for one in some.cases]),
        "case": (reviewers, some.cases),
        "campaign": (_LEADS, some.campaigns),
        "appeal": (_LEADS, some.appeals),
        "request": (_LEADS, some.requests),
        "safeguarding": ((SAFEGUARD,), [""]),
        "safeguarding.person": ((SAFEGUARD,), some.people),
        "audit": ((_AUDITOR,), _queries([{}, {"act": "read"}, {"person": REVIEWERS[0]}, {"act": "propose"}])),
        "reviewers": ((ADMINISTRATOR,), [""]),
        "overview": (_LEADS, _queries([{}, {"platform": RALLY}, *spans])),
        "overview.cases": (_LEADS, _queries(spans)),
        "overview.timeline": (_LEADS, _queries([{}, {"platform": RALLY}, *spans])),
        "explore": (_LEADS, _queries(looks)),
        "explore.timeline": (_LEADS, _queries([one for one in looks if one["view"] == "timeline"])),
        "explore.network": (_LEADS, _queries([NETWORK])),
        "explore.edge": (
            _LEADS,
            _queries([NETWORK | {"source": source, "target": target} for source, target in some.pairs]),
        ),
        "places": (_LEADS, _queries([{}, {"kind": "web"}, {"page": "2"}])),
        "places.place": (_LEADS, ["place=seeds.example"]),
        "channel": (_LEADS, some.channels),
        "account": (_LEADS, some.accounts),
        "indicators": (_LEADS, _queries([{}, {"bank": "feud"}, {"page": "2"}])),
        "indicator": (_LEADS, some.indicators),
        "blind": (reviewers, some.cases),
        "sign-in": ((_STRANGER,), [""]),
        "sign-in.link": ((_STRANGER,), ["none"]),
        "sign-in.oidc": ((_STRANGER,), [""]),
        "sign-in.oidc-back": ((_STRANGER,), [""]),
        "livez": ((_STRANGER,), [""]),
        "readyz": ((_STRANGER,), [""]),
        "metrics": ((_STRANGER,), [""]),
    }


def _spans() -> Iterator[dict[str, str]]:
    for day in range(5, DAYS - 40, 25):
        start = BEGIN + timedelta(days=day)
        yield {"start": f"{start:%Y-%m-%dT%H:%M}", "end": f"{start + timedelta(days=14):%Y-%m-%dT%H:%M}"}


def _queries(told: Sequence[dict[str, str]]) -> list[str]:
    return [urlencode(one) for one in told]
