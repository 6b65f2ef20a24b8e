"""What a workspace tells of before and after, in words, tables and pictures: for the command line, pages and briefs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

from seawall.brief.content import Timeline
from seawall.brief.effect_content import EffectPage, EffectPanel
from seawall.brief.words import counted, day, interval, number, part, small
from seawall.measures.effects import Moves
from seawall.model import SIMULATED_PLATFORM
from seawall.workspace.effects import MEASURES, EffectFound

MOST_PANELS = 12
EFFECTS = ("action", "day (UTC)", "of", "before", "after", "expected", "ratio (95 %)", "", "channels", "controls")
MOVES = ("action", "where to", "accounts", "share (95 %)", "of others")
RETURNS = ("action", "what", "came back", "rate (95 %)", "after days", "of others")
LIVES = ("action", "began before", "after", "mean days before", "after", "ratio (95 %)", "p")
_VERDICTS = {"fell": "▼ fell", "rose": "▲ rose"}


def sentence(found: EffectFound) -> str:
    """The whole answer in one sentence with its numbers."""
    rows = _rows(found)
    told = [row for row in rows if row["ratio"] is not None]
    actions = counted(len({(row["action"], row["at"]) for row in rows}), "action")
    simulated = "Simulated: " if SIMULATED_PLATFORM in found.platforms else ""
    if not told:
        return f"{simulated}Nothing can be told of {actions}: {rows[0]['reason'] if rows else 'none is left'}."
    changed = [row for row in told if row["verdict"] in _VERDICTS]
    if not changed:
        return f"{simulated}Around {actions}, no measure shows a change; {len(told)} of {len(rows)} can be told."
    first = changed[0]
    more = f" {len(changed)} of {len(rows)} measures changed." if len(rows) > 1 else ""
    return f"{simulated}{row_sentence(first)}{more}"


def _rows(found: EffectFound) -> list[dict[str, Any]]:
    """The rows of the effect by day, action and measure, messages first."""
    rows: list[dict[str, Any]] = found.effect.table.to_pylist()
    return sorted(rows, key=lambda row: (row["at"], row["action"], MEASURES.index(row["measure"])))


def row_sentence(row: dict[str, Any]) -> str:
    """What one row of an effect says.

    >>> row_sentence({"action": "club closed", "measure": "messages", "ratio": None, "reason": "too few days"})
    'Of messages around club closed nothing can be told: too few days.'
    """
    if row["ratio"] is None:
        return f"Of {row['measure']} around {row['action']} nothing can be told: {row['reason']}."
    around = f"{row['action']} was followed by {number(row['after'])} {row['measure']} a day where"
    told = f"{number(row['expected'])} were to be expected ({_share(row)}"
    compared = (
        f"compared with {counted(row['controls'], 'channel')}" if row["controls"] else "compared with nothing else"
    )
    return f"{around} {told}), {compared}: {row['verdict']}."


def _share(row: dict[str, Any]) -> str:
    return f"{row['ratio']:.1%}, 95 % interval {row['low']:.1%} to {row['high']:.1%}"


def effect_cells(found: EffectFound) -> list[Sequence[str]]:
    """The rows of the effect under ``EFFECTS``."""
    return [
        (
            row["action"], day(row["at"]), row["measure"], number(row["before"]), number(row["after"]),
            number(row["expected"]), _ratio(row), _verdict(row), number(row["units"]), number(row["controls"]),
        )
        for row in _rows(found)
    ]  # fmt: skip


def _verdict(row: dict[str, Any]) -> str:
    told = _VERDICTS.get(row["verdict"], row["verdict"])
    return f"{told}: {row['reason']}" if row["reason"] else told


def _ratio(row: dict[str, Any]) -> str:
    return "–" if row["ratio"] is None else interval(row["ratio"], row["low"], row["high"])


def move_cells(found: EffectFound, moves: Moves) -> list[Sequence[str]]:
    """Where accounts, or their links, went, under ``MOVES``."""
    return [
        (
            row["action"], _destination(row, found), part(row["accounts"], row["of"]),
            _percent(row["share"], row["low"], row["high"]), _percent(row["usual"]),
        )
        for row in moves.table.to_pylist()
    ]  # fmt: skip


def _destination(row: dict[str, Any], found: EffectFound) -> str:
    if row["destination"] is None:
        return str(row["kind"])
    return f"new: {found.names.get(row['destination'], row['destination'])}"


def return_cells(found: EffectFound) -> list[Sequence[str]]:
    """What came back, under ``RETURNS``."""
    return [
        (
            row["action"], row["what"], part(row["returned"], row["of"]) if row["of"] else "none fell silent",
            _percent(row["rate"], row["low"], row["high"]), number(row["days"]), _percent(row["usual"]),
        )
        for row in found.returns.table.to_pylist()
    ]  # fmt: skip


def life_cells(found: EffectFound) -> list[Sequence[str]]:
    """How long new channels lived, under ``LIVES``."""
    return [
        (
            row["action"], number(row["began_before"]), number(row["began_after"]), number(row["before"]),
            number(row["after"]), _ratio(row), small(row["p"]),
        )
        for row in found.lives.table.to_pylist()
    ]  # fmt: skip


def _percent(share: float | None, low: float | None = None, high: float | None = None) -> str:
    if share is None:
        return "–"
    return f"{share:.0%}" if low is None or high is None else f"{share:.0%} ({low:.0%} to {high:.0%})"


def doubts(found: EffectFound) -> tuple[str, ...]:
    """What speaks against any of it, each sentence once."""
    whole = (
        *found.doubt,
        *found.effect.doubt,
        *found.displacement.doubt,
        *(found.lives.doubt if len(found.lives) else ()),
    )
    return tuple(dict.fromkeys(whole))


def panels(found: EffectFound) -> Iterator[EffectPanel]:
    """A picture of each row that can be told, in the order of the rows."""
    days: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in found.effect.days.to_pylist():
        days.setdefault((one["action"], one["measure"]), []).append(one)
    for row in _rows(found):
        own = days.get((row["action"], row["measure"]))
        if own:
            line = Timeline(
                f"{row['action']}: {row['measure']}", f"{row['measure']} per day",
                "messages of the lake, by time sent; expectation from the days before and channels not acted on.",
                timedelta(days=1), tuple(one["at"] for one in own), tuple(one["observed"] for one in own),
                tuple(one["expected"] for one in own), tuple(one["low"] for one in own),
                tuple(one["high"] for one in own),
            )  # fmt: skip
            label = f"{_ratio(row)} of what was to be expected: {row['verdict']}"
            yield EffectPanel(line, row["at"], row_sentence(row), label, row["verdict"], tuple(row["doubt"]))


def untold(found: EffectFound) -> Iterator[str]:
    """A sentence for each row of which nothing can be told, in the order of the rows."""
    return (row_sentence(row) for row in _rows(found) if row["ratio"] is None)


def page_of(found: EffectFound, workspace: str, command: str | None) -> EffectPage:
    """All that a page of effects says."""
    drawn = list(panels(found))
    return EffectPage(
        "Before and after", sentence(found), workspace, datetime.now(UTC), found.lake_version, version("seawall"),
        tuple(drawn[:MOST_PANELS]), max(len(drawn) - MOST_PANELS, 0),
        {
            "All measures": (EFFECTS, effect_cells(found)),
            "Where accounts went": (MOVES, move_cells(found, found.displacement)),
            "Where their links lead": (MOVES, move_cells(found, found.linked)),
            "What came back": (RETURNS, return_cells(found)),
            "How long new channels lived": (LIVES, life_cells(found)),
        },
        doubts(found), found.left_out, command,
    )  # fmt: skip
