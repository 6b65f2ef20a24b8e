"""How long things live, in all that is shown of it: curve, usual ages, kinds of end, and groups compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief.words import counted, number, small
from seawall.errors import ConfigurationError, InputError
from seawall.measures.lifetimes import (
    REASONS,
    LogRank,
    SpellsFound,
    cumulative_incidence,
    log_rank,
    median,
    spells_of_looks,
    survival,
    told,
)
from seawall.measures.lifetimes.activity import CHANNELS_LEFT_OUT
from seawall.measures.lifetimes.ends import UNKNOWN
from seawall.measures.lifetimes.looks import LOOKS_LEFT_OUT
from seawall.measures.tables import as_table
from seawall.model import SIMULATED, SIMULATED_PLATFORM

LEFT_OUT = REASONS | LOOKS_LEFT_OUT | CHANNELS_LEFT_OUT | {"not_collected": "nothing of them was collected"}
"""Why something was left out, in words."""
MOST_GROUPS = 7
"""So many groups have a curve; more cannot be told apart."""
TOLD_GROUPS = 4
"""So many groups stand in the sentence."""
MEASURED = ("thing", "start", "end", "event", "entry", "last_alive", "kind")


@dataclass(frozen=True, slots=True)
class SurvivalFound:
    """What was found.

    - ``curve``: what ``seawall.measures.survival`` gives; ``median``: a row a group; both Arrow tables.
    - ``ends``: what ``cumulative_incidence`` gives; None where ends are only known to lie between two looks.
    - ``compared``: the log-rank test; None without two groups.
    - ``left_out``: how many spells, looks or things were left out, by reason (words: ``LEFT_OUT``).
    - ``assumptions``: sentences on what had to be assumed.
    """

    source: str
    curve: pa.Table
    median: pa.Table
    ends: pa.Table | None
    compared: LogRank | None
    left_out: dict[str, int]
    assumptions: tuple[str, ...]
    by: str | None
    confidence: float
    simulated: bool = False  # whether any of them is of a simulated platform

    @property
    def spells(self) -> int:
        """How many spells were looked at."""
        return int(told(self.curve)["spells"])

    @property
    def ended(self) -> int:
        """How many of them ended."""
        return int(told(self.curve)["ended"])

    @property
    def grouped(self) -> str:
        """What groups are made by, in words."""
        return {"channel_kind": "kind of channel"}.get(self.by or "", self.by or "")

    @property
    def sentence(self) -> str:
        """What was found, in one sentence with its numbers."""
        mark = SIMULATED if self.simulated else ""
        head = f"{mark}Of {counted(self.spells, 'spell')} {self.ended:,} ended"
        rows = self.median.to_pylist()
        if self.by is not None:
            halves = [f"{group_name(row)} {_half(row)}" for row in rows[:TOLD_GROUPS]]
            more = f", and {counted(len(rows) - TOLD_GROUPS, 'more group')}" if len(rows) > TOLD_GROUPS else ""
            return f"{head}; half had by day, by {self.grouped}: {', '.join(halves)}{more}."
        (row,) = rows
        if row["age"] is None:
            return f"{head}: more than half outlived all that was observed."
        return f"{head}; half of them had by day {_half(row)}."

    @property
    def comparison(self) -> str | None:
        """What the log-rank test says, in one sentence; None where nothing was compared."""
        if self.compared is None:
            return None
        chance = small(self.compared.p)
        return f"If all groups lived alike, the chance of a difference of this size would be {chance} (log-rank test)."

    @property
    def ends_differ(self) -> bool:
        """Whether any end is told to be of a kind."""
        return self.ends is not None and pc.any(pc.not_equal(self.ends["kind"], UNKNOWN)).as_py() is True

    def last_ends(self) -> list[dict[str, Any]]:
        """Each kind of end of each group: ``kind``, ``ended`` (how many), ``incidence``, ``low``, ``high`` by the last
        age at which one came, and ``group`` where there is one; the most frequent first.
        """
        found: dict[tuple[Any, str], dict[str, Any]] = {}
        for row in () if self.ends is None else self.ends.to_pylist():
            before = found.get((row.get("group"), row["kind"]), {"ended": 0})
            found[row.get("group"), row["kind"]] = row | {"ended": before["ended"] + row["events"]}
        return sorted(found.values(), key=lambda row: (group_name(row), -row["ended"], row["kind"]))

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        compared = self.compared
        return {
            "source": self.source,
            "sentence": self.sentence,
            "spells": self.spells,
            "ended": self.ended,
            "until": told(self.curve)["until"],
            "left_out": self.left_out,
            "assumptions": list(self.assumptions),
            "by": self.by,
            "confidence": self.confidence,
            "simulated": self.simulated,
            "median": self.median.to_pylist(),
            "log_rank": None
            if compared is None
            else {
                "statistic": compared.statistic,
                "degrees": compared.degrees,
                "p": compared.p,
                "groups": compared.groups.to_pylist(),
            },
            "ends": None if self.ends is None else self.last_ends(),
            "curve": self.curve.to_pylist(),
        }


def group_name(row: dict[str, Any]) -> str:
    """What a group is called; all spells where there are no groups.

    >>> group_name({"group": "clubs"}), group_name({"group": None}), group_name({})
    ('clubs', '(none)', 'all')
    """
    value = row.get("group", "all")
    return "(none)" if value is None else str(value)


def _half(row: dict[str, Any]) -> str:
    return "not reached" if row["age"] is None else f"{number(row['age'], 0)} ({limits(row)})"


def limits(row: dict[str, Any]) -> str:
    """The limits of a median in words.

    >>> limits({"low": 195.2, "high": 261.7}), limits({"low": 30.0, "high": None})
    ('195 to 262', '30 or later')
    """
    low = "0" if row["low"] is None else number(row["low"], 0)
    return f"{low} or later" if row["high"] is None else f"{low} to {number(row['high'], 0)}"


def with_checks(found: SpellsFound, checks: Sequence[Any]) -> SpellsFound:
    """The spells, with those of status checks instead of the others of the same things."""
    if not checks:
        return found
    looked = spells_of_looks(pa.concat_tables([_plain(as_table(one)) for one in checks], promote_options="permissive"))
    kept = pc.invert(pc.is_in(found.spells["thing"], looked.spells["thing"].combine_chunks()))
    facts = _facts(found.spells, looked.spells)
    joined = pa.concat_tables([found.spells.filter(kept), facts], promote_options="permissive")
    counts = dict(found.left_out)
    for reason, count in looked.left_out.items():
        counts[reason] = counts.get(reason, 0) + count
    return SpellsFound(joined, counts)


def no_spells() -> SpellsFound:
    """No spells yet, for ``with_checks``."""
    return SpellsFound(pa.table({"thing": pa.array([], pa.string())}), {})


def _plain(checks: pa.Table) -> pa.Table:
    """The columns of checks that are used, things as strings."""
    names = [name for name in ("thing", "checked_at", "status", "created_at") if name in checks.column_names]
    table = checks.select(names)
    if "thing" in names:
        table = table.set_column(names.index("thing"), "thing", table["thing"].cast(pa.string()))
    return table


def _facts(known: pa.Table, looked: pa.Table) -> pa.Table:
    """The spells of looks, with what else is known of their things."""
    place = pc.index_in(looked["thing"], known["thing"].combine_chunks())
    for name in known.column_names:
        if name not in looked.column_names:
            looked = looked.append_column(name, known[name].take(place))
    return looked


def survival_found(
    found: SpellsFound,
    *,
    source: str,
    by: str | None = None,
    until: datetime | None = None,
    confidence: float = 0.95,
    dormant: float | None = None,
    assumptions: Sequence[str] = (),
) -> SurvivalFound:
    """All that is shown of spells.

    Args:
        found: the spells, and what was left out before.
        source: where they are from.
        by: the column by which groups are made.
        until: see ``seawall.measures.survival``.
        confidence: of bands and limits.
        dormant: the days of silence that ended a spell, where that was the rule.
        assumptions: what had to be assumed before.

    Raises:
        ConfigurationError: there is no such column, or it makes too many groups.
        InputError: all that there was has been left out.
        MeasureError: no spell is left, or a parameter cannot be used.
    """
    spells, counts = _grouped(found.spells, by), dict(found.left_out)
    if not len(spells) and counts:
        why = "; ".join(f"{count:,}: {LEFT_OUT[reason]}" for reason, count in counts.items())
        raise InputError(
            "No spell is left to look at.",
            where=f"{source}: {why}",
            mend="Collect for longer, or give status checks, or a list of spells that tells when each began.",
        )
    settings: dict[str, Any] = {"until": until, "confidence": confidence}
    curve = survival(spells, **settings)
    made = told(curve)
    for reason, count in made["left_out"].items():
        counts[reason] = counts.get(reason, 0) + count
    grouped = by is not None and len(pc.unique(curve["group"])) > 1
    return SurvivalFound(
        source=source,
        curve=curve,
        median=median(spells, **settings),
        ends=None if made["interval"] else cumulative_incidence(spells, **settings),
        compared=log_rank(spells, until=until) if grouped else None,
        left_out=counts,
        assumptions=(*assumptions, *_assumed(spells, made, dormant)),
        by=by,
        confidence=confidence,
        simulated=_simulated(found.spells),
    )


def _simulated(spells: pa.Table) -> bool:
    """Whether any spell is of a platform whose name says that it is simulated."""
    if "platform" not in spells.column_names:
        return False
    names = spells["platform"].cast(pa.string())
    return pc.any(pc.starts_with(names, SIMULATED_PLATFORM)).as_py() is True


def _grouped(spells: pa.Table, by: str | None) -> pa.Table:
    extra = [name for name in spells.column_names if name not in MEASURED]
    plain = spells.select([name for name in spells.column_names if name in MEASURED])
    if by is None:
        return plain
    if by not in extra:
        raise ConfigurationError(
            "There is no such column to make groups by.", where="option --by", mend=f"There are: {', '.join(extra)}."
        )
    group = spells[by].cast(pa.string())
    if len(pc.unique(group)) > MOST_GROUPS:
        raise ConfigurationError(
            f"This column makes {len(pc.unique(group)):,} groups; more than {MOST_GROUPS} cannot be told apart.",
            where="option --by", mend="Choose another one, or join small groups first.",
        )  # fmt: skip
    return plain.append_column("group", group)


def _assumed(spells: pa.Table, made: dict[str, Any], dormant: float | None) -> list[str]:
    sentences = []
    if dormant is not None:
        sentences.append(
            f"A channel that was silent for {number(dormant)} days, all of them collected, counts as ended on the last "
            "of them (dormant); of a channel whose creation is not told, age counts from its first message."
        )
    if made["interval"]:
        sentences.append("Some ends are only known to lie between two looks; the curve steps at the later one.")
    if "entry" in spells.column_names and pc.sum(pc.is_valid(spells["entry"])).as_py():
        sentences.append("Some came under observation after their start, and count from then on only.")
    return sentences
