"""Seeded worlds of clubs on a made-up platform: some move to another place, and much else looks like it.

*Moves*: ``sudden`` (within two weeks, to a room), ``slow`` (over two months, to a room), ``forum`` (to a site of their
own), ``together`` (several clubs to one instance of a social network), ``small`` (a club of 14).
*Alike*: ``event`` (a page that most link to), ``drive`` (a collection for a good cause, in several clubs), ``popular``
(a new site that all clubs take to), ``everywhere`` (one account posts one invite in all clubs), ``newsletter`` (three
persons move to a room and fall silent), ``season`` (a club falls silent after its fair, whose page most linked to),
``gap`` (three weeks not collected, and a room that was in use before and after), ``wave`` (new accounts post an
invite), ``event chat`` (a room for one event, to which a good part of a club links and nobody moves).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.detectors.migration_rows import LINKED, WROTE
from seawall.measures.flow.acts import DAY
from seawall.model import COVERAGE
from seawall.model.instants import EPOCH, INSTANT

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOVES = ("sudden", "slow", "forum", "together", "small")
ALIKE = ("event", "drive", "popular", "everywhere", "newsletter", "season", "gap", "wave", "event chat")
FIRST = 20_500
"""The first day, since 1970."""
QUIET_WEEKS = 13
"""Nothing is planted before: the past that a detector learns from."""


@dataclass(frozen=True)
class Setting:
    """How a platform is.

    Args:
        days: how long it was collected.
        clubs: channels; each kind of move and of what is alike befalls clubs of its own.
        members: of a club, the median; sizes are log-normal.
        writes: messages a day of a member, the median; log-normal.
        invites: new chats a week and club that a member links to.
        follows: on average so many others link to such a chat, too (geometric).
        pages: new sites a week and club.
        liked: on average this part of a club links to such a page, too (Beta with 0.4 as its first parameter).
    """

    days: int = 224
    clubs: int = 26
    members: float = 45.0
    writes: float = 0.35
    invites: float = 0.8
    follows: float = 0.35
    pages: float = 5.0
    liked: float = 0.03


@dataclass(frozen=True)
class Planted:
    """Something that befell a club.

    Args:
        kind: of ``MOVES`` or ``ALIKE``.
        clubs: numbers of them.
        place: the key of the place.
        start: the day of the first link.
        half: the day by which half of those who moved had written there; -1 where nobody moved.
    """

    kind: str
    clubs: tuple[int, ...]
    place: str
    start: int
    half: int = -1


@dataclass
class Clubs:
    """A world while it is made; days are counted from 0."""

    setting: Setting
    fate: np.random.Generator
    size: Ints = field(init=False)
    rate: list[Floats] = field(init=False)
    gone: list[Ints] = field(init=False)  # of each member the day from which it does not write
    wrote: list[tuple[int, int, int]] = field(default_factory=list)  # club, account, day
    linked: list[tuple[int, int, int, str, str, str]] = field(default_factory=list)  # ..., place, kind, role
    planted: list[Planted] = field(default_factory=list)
    missing: tuple[int, int, int] = (-1, 0, 0)  # club, first day, end

    def __post_init__(self) -> None:
        sizes = self.setting.members * np.exp(self.fate.normal(0, 0.5, self.setting.clubs))
        self.size = np.maximum(sizes.astype(np.int64), 12)
        self.rate = [self.setting.writes * np.exp(self.fate.normal(0, 0.8, size)) for size in self.size]
        self.gone = [np.full(size, self.setting.days) for size in self.size]

    def account(self, club: int, member: int) -> int:
        """Every seventh member is also one of the next club."""
        return (club % self.setting.clubs) * 10_000 + member

    def there(self, club: int, account: int, day: int) -> bool:
        """Whether an account still writes in a club: a member who is gone writes nothing after its last day."""
        home, member = divmod(account, 10_000)
        return home != club or day <= int(self.gone[club][member])

    def link(self, club: int, account: int, day: int, place: tuple[str, str, str]) -> None:
        """A message with a link."""
        if 0 <= day < self.setting.days:
            self.wrote.append((club, account, day))
            self.linked.append((club, account, day, *place))

    def some(self, club: int, number: int) -> Ints:
        """Members, the busier the likelier."""
        weight = self.rate[club] / self.rate[club].sum()
        chosen = self.fate.choice(self.size[club], min(number, int(self.size[club])), replace=False, p=weight)
        return np.asarray(chosen, np.int64)


@dataclass(frozen=True)
class World:
    """A world, and what befell it; its days are days since 1970."""

    wrote: pa.Table
    linked: pa.Table
    coverage: list[dict[str, object]]
    planted: tuple[Planted, ...]
    end: int


def world(seed: int, setting: Setting | None = None) -> World:
    """A world: the same for the same seed."""
    made = Clubs(setting or Setting(), np.random.default_rng(seed))
    order = made.fate.permutation(made.setting.clubs).tolist()
    _moves(made, order)
    _alike(made, order)
    for club in range(made.setting.clubs):
        _ordinary(made, club)
    return _tables(made)


def room(name: str) -> tuple[str, str, str]:
    """A place to talk."""
    return f"https://matrix.to/#/%23~{name}", "matrix_room", "chat"


def site(name: str) -> tuple[str, str, str]:
    """A site."""
    return f"{name}.example", "web", "site"


def _begin(made: Clubs, room_after: int = 70) -> int:
    return int(made.fate.integers(7 * QUIET_WEEKS, made.setting.days - room_after))


def _moves(made: Clubs, order: list[int]) -> None:
    for kind in MOVES:
        for turn in range(1 if kind == "together" else 2):
            clubs = [order.pop() for _ in range(4 if kind == "together" else 1)]
            if kind == "small":
                club = clubs[0]
                made.size[club] = 14
                made.rate[club], made.gone[club] = made.rate[club][:14], made.gone[club][:14]
                while len(made.rate[club]) < 14:
                    made.rate[club] = np.append(made.rate[club], made.setting.writes)
                    made.gone[club] = np.append(made.gone[club], made.setting.days)
            name = f"{kind}{turn}"
            place = {"forum": site(name), "together": (f"{name}.social", "mastodon", "social")}.get(kind, room(name))
            start = _begin(made)
            moved = [_move(made, club, place, start + lag, kind) for lag, club in enumerate(clubs)]
            half = int(np.median(np.concatenate(moved)))
            made.planted.append(Planted(kind, tuple(clubs), place[0], FIRST + start, FIRST + half))


def _move(made: Clubs, club: int, place: tuple[str, str, str], start: int, kind: str) -> Ints:
    """Members go over; most of them link to the place here before they write less or nothing here."""
    fate = made.fate
    movers = made.some(club, max(int(made.size[club] * fate.uniform(0.4, 0.85)), 6))
    span = 56 if kind == "slow" else 14 if kind != "together" else 28
    days = np.sort(start + (span * fate.beta(1.6, 1.8, len(movers))).astype(np.int64))
    moved = days + fate.integers(0, 8, len(movers))
    for member, day, over in zip(movers.tolist(), days.tolist(), moved.tolist(), strict=True):
        tells = fate.random() < 0.65
        for again in range(1 + int(fate.poisson(0.6)) if tells else 0):
            made.link(club, made.account(club, member), day + 3 * again, place)
        if fate.random() < 0.6:
            end = over + int(fate.integers(0, 21))
            made.gone[club][member] = min(made.gone[club][member], end)
            if tells and fate.random() < 0.4:
                made.link(club, made.account(club, member), end, place)
    return np.asarray(moved, np.int64)


def _alike(made: Clubs, order: list[int]) -> None:
    fate, days = made.fate, made.setting.days
    every = range(made.setting.clubs)
    for turn in range(2):
        _crowd(made, "event", [order.pop()], site(f"event{turn}"), (0.4, 0.8), 10)
        _crowd(made, "event chat", [order.pop()], room(f"chat{turn}"), (0.08, 0.2), 10)
    _crowd(made, "drive", fate.choice(made.setting.clubs, 7, replace=False).tolist(), site("drive"), (0.2, 0.4), 24)
    _crowd(made, "popular", list(every), site("popular"), (0.2, 0.35), 50)
    start = _begin(made)
    for club in every:
        for day in range(start, days, 2):
            made.link(club, 990_000, day, room("everywhere"))
    made.planted.append(Planted("everywhere", tuple(every), room("everywhere")[0], FIRST + start))
    club, start = order.pop(), _begin(made)
    for member in made.some(club, 3).tolist():
        for day in (0, 2, 5):
            made.link(club, made.account(club, member), start + day + member % 3, room("newsletter"))
        made.gone[club][member] = start + 14
    made.planted.append(Planted("newsletter", (club,), room("newsletter")[0], FIRST + start))
    club = order.pop()
    _crowd(made, "season", [club], site("fair"), (0.4, 0.8), 10)
    made.gone[club] = np.minimum(
        made.gone[club], made.planted[-1].start - FIRST + 10 + fate.integers(0, 14, made.size[club])
    )
    club, start = order.pop(), _begin(made)
    for member in made.some(club, int(made.size[club] * 0.5)).tolist():
        for day in fate.integers(0, days, 5).tolist():
            made.link(club, made.account(club, member), day, room("gap"))
    made.missing = (club, start, start + 21)
    made.planted.append(Planted("gap", (club,), room("gap")[0], FIRST + start))
    club, start = order.pop(), _begin(made)
    for stranger in range(20):
        made.link(club, 980_000 + stranger, start + int(fate.integers(0, 5)), room("wave"))
    made.planted.append(Planted("wave", (club,), room("wave")[0], FIRST + start))


def _crowd(
    made: Clubs, kind: str, clubs: list[int], place: tuple[str, str, str], part: tuple[float, float], span: int
) -> None:
    """A part of each club links to a place within so many days; nobody leaves."""
    start = _begin(made)
    for club in clubs:
        for member in made.some(club, int(made.size[club] * made.fate.uniform(*part))).tolist():
            for _ in range(1 + int(made.fate.poisson(0.7))):
                day = start + int(span * made.fate.beta(1.5, 1.5))
                made.link(club, made.account(club, member), day, place)
    made.planted.append(Planted(kind, tuple(clubs), place[0], FIRST + start))


def _ordinary(made: Clubs, club: int) -> None:
    """Talk, and links that come and go."""
    setting, fate = made.setting, made.fate
    week = 1.0 + 0.35 * np.sin(2 * np.pi * (np.arange(setting.days) + club) / 7)
    for member, (rate, gone) in enumerate(zip(made.rate[club], made.gone[club], strict=True)):
        days = np.flatnonzero(fate.random(setting.days) < 1 - np.exp(-rate * week))
        account = made.account(club, member)
        made.wrote += [(club, account, day) for day in days[days < gone].tolist()]
        if member % 7 == 0:  # of the next club, too
            other = np.flatnonzero(fate.random(setting.days) < 1 - np.exp(-0.5 * rate))
            made.wrote += [((club + 1) % setting.clubs, account, day) for day in other.tolist()]
    for kind, often in (("chat", setting.invites), ("page", setting.pages)):
        for number in range(int(fate.poisson(often * setting.days / 7))):
            start = int(fate.integers(0, setting.days))
            place = room(f"{kind}{club}-{number}") if kind == "chat" else site(f"{kind}{club}-{number}")
            if kind == "chat":
                others = int(fate.geometric(1 / (1 + setting.follows))) - 1
            else:
                others = int(fate.binomial(made.size[club], fate.beta(0.4, 0.4 / setting.liked - 0.4)))
            for member in made.some(club, 1 + others).tolist():
                if made.gone[club][member] > start:
                    made.link(club, made.account(club, member), start + int(fate.exponential(4)), place)
    for day in np.flatnonzero(fate.random(setting.days) < 0.5).tolist():  # sites that everybody knows
        made.link(club, made.account(club, int(made.some(club, 1)[0])), day, site(f"known{int(fate.zipf(1.6)) % 40}"))


def _tables(made: Clubs) -> World:
    silent, low, high = made.missing
    held = [row for row in made.wrote if (row[0] != silent or not low <= row[2] < high) and made.there(*row)]
    linked = [row for row in made.linked if (row[0] != silent or not low <= row[2] < high) and made.there(*row[:3])]
    wrote = np.array(held, np.int64)
    cells, messages = np.unique(wrote, axis=0, return_counts=True)
    day = np.array([row[2] for row in linked], np.int64) + FIRST
    table = {
        "message": [f"simulated:{number}" for number in range(len(linked))],
        "platform": ["simulated"] * len(linked),
        "channel": [f"club{row[0]:02}" for row in linked],
        "account": pa.array([row[1] for row in linked], pa.uint64()),
        "at": day * DAY + made.fate.integers(0, DAY, len(linked)),
        **{name: [row[place] for row in linked] for name, place in (("place", 3), ("kind", 4), ("role", 5))},
    }
    return World(
        wrote=pa.table(
            {
                "platform": ["simulated"] * len(cells),
                "channel": [f"club{club:02}" for club in cells[:, 0].tolist()],
                "account": cells[:, 1].astype(np.uint64),
                "day": cells[:, 2] + FIRST,
                "messages": messages,
            },
            schema=WROTE,
        ),
        linked=pa.table(table, schema=LINKED),
        coverage=_coverage(made),
        planted=tuple(made.planted),
        end=FIRST + made.setting.days,
    )


def _coverage(made: Clubs) -> list[dict[str, object]]:
    club, low, high = made.missing
    rows = []
    for channel, begin, end in ((None, 0, made.setting.days), (f"club{club:02}", low, high)):
        span = {"start": EPOCH + (FIRST + begin) * DAY * INSTANT, "end": EPOCH + (FIRST + end) * DAY * INSTANT}
        told = {"source": "made", "platform": "simulated", "channel_id": channel, "complete": channel is None}
        rows.append({**dict.fromkeys(COVERAGE.names), **told, **span})
    return rows
