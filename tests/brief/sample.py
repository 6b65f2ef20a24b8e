"""A brief about gardening and cycling clubs with everything in it that a brief can have."""

from __future__ import annotations

import hashlib
import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from seawall.brief import (
    AlertShown,
    BriefContent,
    CaseShown,
    DecisionShown,
    Edge,
    Evidence,
    Gap,
    InputRead,
    Method,
    Multiples,
    Network,
    Node,
    Panel,
    SharedThing,
    SurgeWindow,
    Timeline,
    Together,
)
from seawall.model import Severity

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 92
HOSTILE = "\u202eedulas ekib eht lla\u202c <script>alert(1)</script> join at https://seeds.example.org/now\u200b today"


def pseudonym(kind: str, number: int) -> str:
    return kind + hashlib.sha256(f"{kind} {number}".encode()).hexdigest()[:20]


def timeline(title: str, level: float, windows: tuple[SurgeWindow, ...], gap: range = range(0)) -> Timeline:
    chance = random.Random(title)
    at = tuple(START + timedelta(days=n) for n in range(DAYS))
    expected = tuple(level * (1.15 if n % 7 in (0, 6) else 0.95) * (1 + n / 900) for n in range(DAYS))
    observed = []
    for when, usual in zip(at, expected, strict=True):
        factor = next((one.factor for one in windows if one.start <= when < one.end), 1.0)
        observed.append(float(round(chance.gauss(usual * factor, math.sqrt(usual) * 1.3))))
    return Timeline(
        title=title,
        unit="messages per day",
        source="Seawall lake, table messages",
        bin=timedelta(days=1),
        at=at,
        observed=tuple(None if n in gap else value for n, value in enumerate(observed)),
        expected=tuple(None if n in gap else value for n, value in enumerate(expected)),
        low=tuple(None if n in gap else value - 2.8 * math.sqrt(value) for n, value in enumerate(expected)),
        high=tuple(None if n in gap else value + 2.8 * math.sqrt(value) for n, value in enumerate(expected)),
        windows=windows,
    )


def together(number: int, one: str, other: str) -> Together:
    """The same text by two accounts, some seconds apart, told from either side."""
    at = START + timedelta(days=60, hours=number % 200)
    later = at + timedelta(seconds=number % 31 - 12)
    return Together("text", f"forum:{one[:5]}-{number}", f"forum:{other[:5]}-{number}", at, later, HOSTILE)


def network(sizes: tuple[int, ...] = (14, 9, 6, 4, 2)) -> Network:
    chance = random.Random(7)
    nodes, edges, number = [], [], 0
    for group, size in enumerate(sizes):
        members = [pseudonym("a", number + n) for n in range(size)]
        number += size
        nodes += [Node(one, float(chance.randint(4, 60)), group, n < size // 2) for n, one in enumerate(members)]
        for place, one in enumerate(members):
            for other in members[place + 1 :]:
                if other == members[place + 1] or chance.random() < 0.35:
                    weight, expected = chance.randint(2, 24), chance.random() * 1.5
                    behind = tuple(together(len(edges) + turn, one, other) for turn in range(min(weight, 2)))
                    edges.append(
                        Edge(one, other, float(weight), expected, 1e-6, False, 0.5 + weight / 50, 4.2, behind, weight)
                    )
    return Network(
        title="Coordination network, forum",
        unit="texts shared within 60 seconds of each other",
        source="Seawall lake, table messages",
        nodes=tuple(nodes),
        edges=tuple(edges),
        folder="clubs",
    )


def day(number: float) -> datetime:
    return START + timedelta(days=number)


SURGE = SurgeWindow(day(60), day(70), 2412, 702.4, 3.43, 2.93, 4.06, 3e-7)
COLLAPSE = SurgeWindow(day(24), day(31), 118, 491.0, 0.24, 0.17, 0.33, 0.0004, "down")
FORUM = timeline("forum, messages in English", 70, (COLLAPSE, SURGE), gap=range(41, 45))
CYCLING = timeline("cycling club, all messages", 22, (SurgeWindow(day(61), day(66), 265, 118, 2.25, 1.6, 3.1, 0.011),))

MESSAGES = (
    Evidence(
        "forum:4411",
        day(60.31),
        pseudonym("a", 0),
        pseudonym("c", 1),
        "group",
        "public",
        "en",
        "The seed swap is on Saturday at ten. Bring labelled envelopes and tell @[account].",
        9,
    ),
    Evidence(
        "forum:4423",
        day(60.3103),
        pseudonym("a", 1),
        pseudonym("c", 1),
        "group",
        "public",
        "ar",
        "تبادل البذور يوم السبت في العاشرة صباحا، أحضروا الأظرف إلى seeds.example.org",
        4,
    ),
    Evidence("forum:4425", day(60.3104), pseudonym("a", 2), pseudonym("c", 2), "room", "public", "en", HOSTILE),
    Evidence("forum:4430", day(60.311), pseudonym("a", 3), pseudonym("c", 3), "direct", "direct"),
)

COORDINATION = AlertShown(
    alert_id="8be21f60",
    revision=2,
    detector="coordination",
    version="1.0",
    sentence="14 accounts shared the same 11 texts within a minute of each other, 212 times where 9.4 would be chance.",
    start=day(60),
    end=day(69),
    score=0.94,
    observed=212,
    expected=9.4,
    q=2e-9,
    doubt=(
        "6 of the 14 accounts (43 %) name the same club in their channel: a club that plans together looks like this.",
        "3 of the 11 texts are announcements that a calendar posts on the hour.",
    ),
    evidence=MESSAGES,
    evidence_total=87,
)
RISE = AlertShown(
    alert_id="17aa02c4",
    revision=1,
    detector="surge",
    version="1.0",
    sentence="Messages in English on forum rose 3.4-fold (2.9–4.1) from 30 April to 9 May: 2,412 where 702 were usual.",
    start=SURGE.start,
    end=SURGE.end,
    score=0.99,
    observed=2412,
    expected=702.4,
    q=3e-7,
    factor=3.43,
    factor_low=2.93,
    factor_high=4.06,
    doubt=("The planting season begins in these weeks; there is only one spring to compare with.",),
    evidence_total=0,
)


def panel(number: int, role: str | None, lag: tuple[float, float, float] | None) -> Panel:
    """A channel of the candidate, with a gap in one of them."""
    name = pseudonym("c", number)
    level = 12.0 + 9 * number
    window = SurgeWindow(day(60), day(69), 40 * level, 10 * level, 4.0, 3.1, 5.1)
    line = timeline(f"{name} on forum", level, (window,), gap=range(20, 24) if number == 2 else range(0))
    cut = {key: getattr(line, key)[14:84] for key in ("at", "observed", "expected", "low", "high")}
    hours, low, high = lag or (None, None, None)
    return Panel(replace(line, **cut), name, "forum", role, hours, low, high)


CHANNELS = Multiples(
    title="6 channels that rose together",
    unit="messages per day",
    source="messages in the lake, by time sent, UTC",
    panels=(
        panel(1, "led", (-30.0, -41.0, -22.0)),
        panel(2, "with the others", (-2.0, -9.0, 5.0)),
        panel(3, "with the others", (0.0, -6.0, 6.0)),
        panel(4, "followed", (14.0, 6.0, 23.0)),
        panel(5, None, None),
    ),
    hidden=1,
)
CANDIDATE = AlertShown(
    alert_id="c04d",
    revision=1,
    detector="campaign",
    version="1",
    sentence="Messages rose together in 6 channels of forum from 30 April to 8 May 2026 UTC: 7,800 seen, 1,950 "
    "expected (4.0-fold, 3.1-5.1); 61% of it by accounts that shared the same things at the same time.",
    start=day(60),
    end=day(69),
    score=0.8,
    observed=7800,
    expected=1950.0,
    p=4e-6,
    q=4e-6,
    factor=4.0,
    factor_low=3.1,
    factor_high=5.1,
    doubt=("6 of the 7 channels that were looked at rose: whatever moves a whole platform looks the same.",),
    multiples=CHANNELS,
    shared=(
        SharedThing("phrase", "the seed swap is on saturday", 190, 61, 0, 14.2),
        SharedThing("text", "8126312090117632", 171, 44, 0, 13.0),
        SharedThing("link", "https://seeds.example.org/swap", 88, 31, 2, 8.1),
    ),
)

SAMPLE = BriefContent(
    title="Gardening and cycling clubs, spring 2026",
    workspace="clubs",
    made_at=datetime(2026, 6, 2, 9, 30, tzinfo=UTC),
    lake_version="messages 14, interactions 12",
    versions={"seawall": "0.1.0", "Python": "3.11", "deltalake": "1.6.6", "DuckDB": "2.0.0", "NumPy": "2.4.6"},
    messages=9134,
    accounts=412,
    channels=23,
    inputs=(
        InputRead(
            "input 3f2a91c0",
            "telegram",
            "telegram",
            6210,
            6188,
            4,
            18,
            day(0),
            day(DAYS),
            (("date: no such day", 3), ("message_id: the same id with other content", 1)),
            (),
        ),
        InputRead(
            "input 90bb12ef",
            "rocketchat",
            "forum",
            2946,
            2946,
            0,
            0,
            day(2),
            day(90),
            (),
            ("Times carry no zone; UTC was assumed.",),
        ),
    ),
    gaps=(Gap("rocketchat, forum", day(41), day(45), "the export has no page for these days"),),
    timelines=(FORUM, CYCLING),
    network=network(),
    cases=(
        CaseShown(
            "C-7K2Q",
            "awaiting second",
            Severity.HIGH,
            0.94,
            COORDINATION.sentence + " 1 more alert belongs to this case.",
            day(60),
            day(70),
            (COORDINATION, RISE),
            (
                DecisionShown(
                    "Rosa Lind",
                    datetime(2026, 6, 1, 8, tzinfo=UTC),
                    "refer",
                    "proposed",
                    "Nine of the accounts were made on one day.",
                ),
            ),
        ),
        CaseShown(
            "C-3W1D",
            "open",
            Severity.MEDIUM,
            0.8,
            CANDIDATE.sentence,
            day(60),
            day(69),
            (CANDIDATE,),
        ),
        CaseShown(
            "C-0XM4",
            "open",
            Severity.MEDIUM,
            0.71,
            "Messages of the cycling club rose 2.3-fold (1.6–3.1) from 1 to 5 May.",
            day(61),
            day(66),
            (
                AlertShown(
                    "55d0",
                    1,
                    "surge",
                    "1.0",
                    "Messages of the cycling club rose 2.3-fold (1.6–3.1) from 1 to 5 May.",
                    day(61),
                    day(66),
                    0.71,
                    265,
                    118,
                    None,
                    0.011,
                    2.25,
                    1.6,
                    3.1,
                    timeline=CYCLING,
                ),
            ),
        ),
    ),
    cases_total=3,
    methods=(
        Method(
            "coordination",
            "1.0",
            "Counts how often two accounts share the same text, link or repost within a few "
            "seconds of each other, and how often they would do so by chance, given when each thing was shared.",
            {"window (seconds)": 60, "min_repeats": 2, "objects": ["text", "link", "repost"], "q": 0.05},
        ),
        Method(
            "surge",
            "1.0",
            "Compares each day with what the weeks before let expect, weekday by weekday, and looks "
            "for runs of days above or below it.",
            {"bin": "1 day", "baseline (weeks)": 13, "q": 0.05},
        ),
    ),
    commands=("seawall detect clubs --window 60", "seawall brief clubs --out clubs.html"),
    limits=("2 of 2 inputs end on 1 June 2026; what came later is not in here.",),
)

EMPTY = BriefContent(
    title="An empty garden",
    workspace="empty",
    made_at=datetime(2026, 6, 2, 9, 30, tzinfo=UTC),
    lake_version="0",
    versions={"seawall": "0.1.0"},
    messages=0,
    accounts=0,
    channels=0,
)
