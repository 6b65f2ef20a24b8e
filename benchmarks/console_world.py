"""A workspace as large as the console promises to bear: a million messages, 50,000 alerts, 5,000 cases, 50 people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import seawall
from seawall.casebook import Role
from seawall.model import Alert, Severity, Subject, Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Terms, Workspace

MESSAGES, CASES, ALERTS_EACH = 1_000_000, 5_000, 10
SETTLED = 200
"""Of the cases so many are decided already, the least grave."""
ACCOUNTS, CHANNELS, DAYS = 20_000, 200, 365
GROUPS, MEMBERS, THINGS = 1_250, 8, 6
"""On the platform RALLY: so many groups, of so many accounts, that share so many things at nearly the same time."""
FORUM, RALLY = "forum", "rally"
BEGIN = datetime(2025, 6, 1, tzinfo=UTC)
ADMINISTRATOR, SAFEGUARD = "Ada Beetroot", "Sage Thyme"
REVIEWERS = tuple(f"Reviewer {number:02d}" for number in range(50))
OTHERS = {
    "Lea Larkspur": Role.LEAD,
    "Leo Lovage": Role.LEAD,
    "Anton Yarrow": Role.ANALYST,
    "Uma Dill": Role.AUDITOR,
    SAFEGUARD: Role.SAFEGUARDING,
}
_DETECTORS = ("coordination", "spread", "known", "campaign")
_TALK = (
    "the garden roses were watered by our cycling club on sunday morning near the river with rain and wind while "
    "tulips ferns and oaks along every path gave shade to riders who had come from town for bread cheese apples"
)
_WORDS = tuple(_TALK.split())
_PROPOSED_AT_ONCE = 250


def build(folder: Path) -> Workspace:
    """Make the workspace; acts as its administrator."""
    workspace = seawall.create(folder / "club", reviewer=ADMINISTRATOR)
    for platform, table in ((FORUM, _talk()), (RALLY, _groups())):
        path = folder / f"{platform}.parquet"
        pq.write_table(table, path)
        workspace.add(path, options=ReadOptions(visibility=Visibility.PUBLIC, platform=platform))
        path.unlink()
    _propose(workspace)
    _enrol(workspace)
    _settle(workspace)
    _list_phrases(workspace)
    return workspace


def _talk() -> pa.Table:
    """The messages of the forum; one text in fifty is a copy of a common one."""
    random = np.random.default_rng(1)
    count = MESSAGES - GROUPS * MEMBERS * THINGS
    texts = _texts(random, count)
    common = random.random(count) < 0.02
    texts = pc.if_else(pa.array(common), texts.take(pa.array(random.integers(0, 500, count))), texts)
    at = np.sort(random.integers(0, DAYS * 86_400, count))
    return _table(texts, random.integers(0, ACCOUNTS, count), random.integers(0, CHANNELS, count), at, "m", "gardener")


def _groups() -> pa.Table:
    """The messages of the rally: each group's accounts post each of its texts within forty seconds."""
    random = np.random.default_rng(2)
    shared = GROUPS * THINGS
    texts = _texts(random, shared).take(pa.array(np.repeat(np.arange(shared), MEMBERS)))
    moments = np.repeat(random.integers(0, DAYS * 86_400, shared), MEMBERS) + random.integers(0, 40, shared * MEMBERS)
    group = np.repeat(np.arange(shared) // THINGS, MEMBERS)
    accounts = group * MEMBERS + np.tile(np.arange(MEMBERS), shared)
    order = np.argsort(moments, kind="stable")
    return _table(texts.take(pa.array(order)), accounts[order], group[order] % 20, moments[order], "r", "rider")


def _texts(random: np.random.Generator, count: int) -> pa.Array:
    words = pa.array(_WORDS)
    columns = [words.take(pa.array(random.integers(0, len(_WORDS), count))) for _ in range(12)]
    return pc.binary_join_element_wise(*columns, pc.cast(pa.array(np.arange(count)), pa.string()), " ")


def _table(texts: pa.Array, accounts: Any, channels: Any, seconds: Any, letter: str, name: str) -> pa.Table:
    def named(prefix: str, numbers: Any) -> pa.Array:
        return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), "")

    micros = int(BEGIN.timestamp() * 1e6) + np.asarray(seconds, np.int64) * 1_000_000
    return pa.table(
        {
            "id": named(letter, np.arange(len(texts))),
            "author": named(name, accounts),
            "channel": named("bed", channels),
            "created_at": pa.array(micros).cast(pa.timestamp("us", "UTC")),
            "text": texts,
        }
    )


def _propose(workspace: Workspace) -> None:
    """Each case stands on 200 messages of its own, which followed one another."""
    rows = workspace.messages(["message_id", "account_id", "sent_at", "platform"])
    rows = rows.filter(pc.equal(rows["platform"], FORUM)).sort_by("sent_at")
    each = rows.num_rows // CASES
    with workspace.reading() as lake:
        version = lake.version()
    waiting: list[Alert] = []
    for number in range(CASES):
        waiting += _alerts(number, rows.slice(number * each, each))
        if len(waiting) >= _PROPOSED_AT_ONCE * ALERTS_EACH or number == CASES - 1:
            workspace.casebook.propose(waiting, lake_version=version)
            waiting = []


def _alerts(number: int, rows: pa.Table) -> Iterator[Alert]:
    """The alerts of one case: the same few accounts, seen by several detectors."""
    accounts = list(dict.fromkeys(rows["account_id"].to_pylist()))[:8]
    ids, times = rows["message_id"].to_pylist(), rows["sent_at"].to_pylist()
    severities = list(Severity)
    for place in range(ALERTS_EACH):
        detector = _DETECTORS[place % len(_DETECTORS)]
        evidence = tuple(ids[place * 15 : place * 15 + 40])
        yield Alert(
            detector=detector,
            version="1",
            parameters={"window_s": 60.0, "look": place},
            anchor=f"{number}-{place}",
            start=times[0],
            end=times[-1] + timedelta(seconds=1),
            subjects=tuple(Subject("account", one) for one in accounts),
            severity=severities[min((number * 7 + place) % 97 // 30, 3)],
            score=round(0.5 + (number * 31 + place * 17) % 50 / 100, 2),
            sentence=f"{len(accounts)} accounts shared {len(evidence)} things within 60 seconds of each other.",
            evidence=evidence,
            doubt=("Members of one club often post the same invitation.",),
            q=0.01,
            observed=float(len(evidence)),
            expected=1.5,
            details=_pairs(accounts, evidence) if detector == "coordination" else {},
        )


def _pairs(accounts: list[str], evidence: tuple[str, ...]) -> dict[str, Any]:
    pairs = [(one, other) for place, one in enumerate(accounts) for other in accounts[place + 1 :]]
    return {
        "edges": [
            {
                "source": one,
                "target": other,
                "weight": 2 + place % 5,
                "expected": 0.3,
                "q": 0.01,
                "leads": 0.5,
                "median_lag_s": 12.0,
                "behind": [["text", evidence[place % len(evidence)], evidence[(place + 1) % len(evidence)]]],
            }
            for place, (one, other) in enumerate(pairs)
        ],
        "per_account": [{"account": one, "messages": 5} for one in accounts],
        "core": accounts[:3],
    }


def _enrol(workspace: Workspace) -> None:
    workspace.enrol(ADMINISTRATOR, Role.ADMINISTRATOR)
    for name in REVIEWERS:
        workspace.enrol(name, Role.REVIEWER)
    for name, role in OTHERS.items():
        workspace.enrol(name, role)


def _settle(workspace: Workspace) -> None:
    """Decide the least grave cases."""
    cases = workspace.casebook.cases()["case_id"].to_pylist()[-SETTLED:]
    settling = seawall.open(workspace.path, reviewer=REVIEWERS[1])
    for begin in range(0, SETTLED, 200):
        settling.decide_many(cases[begin : begin + 200], "no_action", "It is what a club ordinarily does.")


def _list_phrases(workspace: Workspace) -> None:
    listing = seawall.open(workspace.path, reviewer=REVIEWERS[0])
    terms = Terms(bank="feud", reason="They push tulips.", source="by hand")
    for number in range(300):
        listing.indicators.add("phrase", f"vote for bed {number}", terms)
