"""Communities that start to move: unusually many of their members link to a new place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

import pyarrow as pa

from seawall.detectors import migration_words as words
from seawall.detectors.migration_example import migration_example
from seawall.detectors.migration_found import Found, found
from seawall.detectors.migration_mirrored import ADDRESSES, mirrored
from seawall.detectors.migration_picture import details, evidence, subjects
from seawall.detectors.migration_rows import COLUMNS, read
from seawall.detectors.migration_scene import Told, told
from seawall.detectors.migration_standing import MigrationStanding
from seawall.errors import ConfigurationError
from seawall.measures.flow.episodes import Rule
from seawall.measures.flow.moves import Bounds
from seawall.model import Alert, Severity, Subject
from seawall.protocols import Window

MANY, MOST = 0.2, 0.5
"""From these shares of the members on a move is of medium and of high severity."""


@dataclass(frozen=True)
class MigrationDetector:
    """Channels, and whole platforms, of whose members unusually many link to a place that was new there.

    The place is a chat or a social network; at any other place those who linked must have fallen silent here, too
    (``seawall.measures.flow.moves``). How many is unusual is learnt from the new places of the weeks before. It counts
    members, sees no words, and says nothing about an account.

    Args:
        q: the false-discovery rate up to which a move is told, over all new places of all communities.
        least: the least number of members who linked to it.
        least_share: the least part of the members that these are.
        least_factor: so many times the share among the platform's other accounts is the least.
        window_days: days within which members are counted together.
        new_days: so long a place is new.
        pause_days: a place that nobody linked to for so long is new; who wrote in them is a member.
        quiet_days: who did not write for so long has fallen silent.

    Raises:
        ConfigurationError: a number that is not above 0, or a window longer than a place is new.
    """

    q: float = 0.05
    least: int = 5
    least_share: float = 0.05
    least_factor: float = 3.0
    window_days: int = 14
    new_days: int = 56
    pause_days: int = 28
    quiet_days: int = 14

    name: ClassVar[str] = "migration"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": (*COLUMNS, "text_key"),
        "channels": ADDRESSES,
        "coverage": ("source", "platform", "channel_id", "start", "end", "complete"),
    }

    def __post_init__(self) -> None:
        if min(asdict(self).values()) <= 0:
            raise ConfigurationError(
                "A parameter of migration is not above 0.",
                where="MigrationDetector",
                mend="Leave it out: it has a usual value.",
            )
        if self.window_days > self.new_days:
            raise ConfigurationError(
                "The window is longer than a place is new.", where="window_days", mend="Make new_days as long at least."
            )

    @property
    def rule(self) -> Rule:
        """What counts as new, as a member and as silent."""
        return Rule(self.window_days, self.new_days, self.pause_days, self.quiet_days)

    def detect(self, window: Window) -> Iterator[Alert]:
        """The moves of this window, those that began first at the head."""
        wrote, linked = read(window.rows("messages", COLUMNS))
        coverage = window.query("SELECT * FROM coverage").to_pylist()
        known = told(wrote, linked, coverage, start=window.start, end=window.end)
        if known is not None:
            yield from self.told(known, self.more(window, self.found(known)))

    def found(self, known: Told) -> list[Found]:
        """The moves among what is known."""
        return found(known, self.rule, Bounds(self.least, self.least_share, self.least_factor), self.q)

    def more(self, window: Window, moves: list[Found]) -> list[Found]:
        """The same, with what the lake holds of the places."""
        return mirrored(window, moves)

    def told(self, known: Told, moves: list[Found]) -> Iterator[Alert]:
        """What is said of the moves."""
        for one in moves:
            doubts = list(words.found_doubts(one, self.rule))
            yield Alert(
                detector=self.name,
                version=self.version,
                parameters=asdict(self),
                anchor=f"{one.platform} {one.place} {one.start:%Y-%m-%d}",
                start=one.start,
                end=one.end,
                subjects=tuple(Subject(kind, name) for kind, name in subjects(one).items()),
                severity=_severity(one),
                score=(1.0 - one.move.q) * 0.9 ** len(doubts),
                sentence=words.sentence(one, self.rule),
                evidence=evidence(one),
                doubt=(*doubts, *words.general_doubts(self.rule)),
                p=one.move.p,
                q=one.move.q,
                observed=float(one.move.followed),
                expected=one.move.expected,
                details=details(known, one),
            )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """A third of a gardening club link to a new room and some fall silent; all of it link to a show and stay."""
        return migration_example(moves=True), migration_example(moves=False)


@dataclass(frozen=True)
class WatchedMigration(MigrationDetector):
    """The same while it happens, without what the lake holds of the places: a watch keeps no texts and no channels.

    Its alerts have the names of those of ``MigrationDetector``, which adds mirrored texts when ``detect`` runs.
    """

    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": COLUMNS,
        "coverage": MigrationDetector.needs["coverage"],
    }

    def more(self, window: Window, moves: list[Found]) -> list[Found]:
        """The same."""
        return moves

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> MigrationStanding:
        """An empty state that can be fed, or the one that was saved."""
        return MigrationStanding(self, saved)


def _severity(one: Found) -> Severity:
    if one.move.share >= MOST:
        return Severity.HIGH
    return Severity.MEDIUM if one.move.share >= MANY else Severity.LOW
