"""The command that says what the funnel detector would catch, and what it would miss: evaluate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seawall.cli.interactions_file import Background, read_interactions
from seawall.cli.output import Json, as_json, note, progress, show_table
from seawall.errors import ConfigurationError

if TYPE_CHECKING:
    import pyarrow as pa

    from seawall.evaluation import Figure, FunnelReport, Result

WORDS: Mapping[str, str] = {
    "pr_auc": "area under precision and recall",
    "recall_at_1": "hubs among 1 alert per 10,000 accounts and day",
    "recall_at_10": "hubs among 10 alerts per 10,000 accounts and day",
    "recall": "hubs alerted",
    "funnels_caught": "funnels of which an account was alerted",
    "before_the_address": "hubs alerted before most of their persons had the address",
    "before_hand_off": "handed-off persons whose hub was alerted before",
    "before_hand_off_by_funnel": "handed-off persons whose funnel was alerted before",
    "persons_protected": "all persons approached, hub alerted before a hand-off",
    "look_alikes_among_alerts": "lawful look-alikes among the alerts",
    "false_hubs": "false hubs per 10,000 accounts and month",
    "f_latency": "F-latency",
    "erde_5": "ERDE5, silence = 1",
    "erde_50": "ERDE50, silence = 1",
}
TITLES = ("figure", "at the bound set on clean traffic", "95 %", "as shipped", "95 %")
GAP_TITLES = ("group", "accounts", "false alerts", "gap to the others", "95 %")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall evaluate funnel --seeds 3")(evaluate)


def evaluate(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What to evaluate: funnel.")],
    background: Background = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="How many worlds.")] = 10,
    accounts: Annotated[int, typer.Option(min=100, help="Accounts of a synthetic background.")] = 10_000,
    days: Annotated[float, typer.Option(min=14, help="Days of a synthetic background.")] = 60.0,
    groups: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV account,group: gaps of false alerts between groups of the background."),
    ] = None,
    json: Json = False,
) -> None:
    """Plant simulated funnels in many worlds and say what the detector catches, when, and at what cost."""
    if what != "funnel":
        raise typer.BadParameter("funnel is what can be evaluated", param_hint="WHAT")
    if groups is not None and background is None:
        raise ConfigurationError(
            "Groups are of accounts that you know.", where="--groups", mend="Name their interactions with --background."
        )
    from seawall.evaluation import evaluate_funnel
    from seawall.evaluation.drawn import drawn_worlds
    from seawall.evaluation.members import read_groups
    from seawall.measures.funnel import BOUND

    members = None if groups is None else read_groups(groups)
    drawn = drawn_worlds(None if background is None else read_interactions(background), accounts, days)
    if groups is not None and members is not None:
        members = _present(members, drawn.clean_of(0), groups)
    with progress(quiet=json) as report:
        found = evaluate_funnel(
            _measure,
            drawn.world_of,
            drawn.clean_of,
            range(1, seeds + 1),
            clean_seeds=drawn.clean_seeds,
            groups=members,
            floor=BOUND,
            report=report,
        )
    if json:
        as_json(_document(found, background))
    else:
        _show(found, background)


def _measure(interactions: pa.Table, bound: float | None) -> Result:
    from seawall.measures import funnels

    return funnels(interactions) if bound is None else funnels(interactions, bound=bound)


def _present(members: dict[str, str], traffic: pa.Table, path: Path) -> dict[str, str]:
    """The members that are in the traffic; how many are not is said."""
    from seawall.brief.words import counted
    from seawall.evaluation.members import present

    found = present(members, traffic, path)
    if len(found) < len(members):
        absent = counted(len(members) - len(found), "account of the groups is", "accounts of the groups are")
        note(f"{absent} not in the background and left out.")
    return found


def _document(found: FunnelReport, background: Path | None) -> dict[str, Any]:
    def plain(figures: Mapping[str, Figure]) -> dict[str, Any]:
        return {
            name: {"value": _number(one.value), "low": _number(one.low), "high": _number(one.high)}
            for name, one in figures.items()
        }

    sizes = {name: getattr(found, name) for name in ("worlds", "accounts", "hubs", "look_alikes", "days", "prevalence")}
    return sizes | {
        "simulated": True,
        "background": "synthetic" if background is None else str(background),
        "bound": found.bound,
        "at_bound": plain(found.at_bound),
        "as_shipped": plain(found.as_shipped),
        "groups": [asdict(gap) for gap in found.gaps],
    }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def _show(found: FunnelReport, background: Path | None) -> None:
    from seawall.brief.words import counted

    where = "synthetic backgrounds" if background is None else str(background)
    note(
        f"Simulated: {counted(found.worlds, 'world')} on {where}, on average {found.hubs:.1f} hubs and "
        f"{found.look_alikes:.1f} lawful look-alikes among {found.accounts:,.0f} accounts in {found.days:.0f} days "
        f"(1 hub in {1 / found.prevalence:,.0f})."
    )
    note(
        f"Bound for 1 false hub per 10,000 accounts and month: {found.bound:.2f}, set where nothing is planted, "
        "and no lower than as shipped."
    )
    rows = [(words, *_cells(found.at_bound[name]), *_cells(found.as_shipped[name])) for name, words in WORDS.items()]
    show_table("Funnels, simulated", TITLES, rows, empty="Nothing was evaluated.")
    if found.gaps:
        gaps = [
            (
                gap.group,
                gap.accounts,
                f"{gap.alerted} ({gap.rate:.2%})",
                f"{gap.gap:+.2%}",
                _between(gap.low, gap.high, "%"),
            )
            for gap in found.gaps
        ]
        show_table("False alerts by group, nothing planted", GAP_TITLES, gaps, empty="")
    note("Funnels of other habits than these may be missed: this is what the simulator plants, not what exists.")


def _cells(figure: Figure) -> tuple[str, str]:
    if not isfinite(figure.value):
        return "-", "-"
    return f"{figure.value:.3f}", _between(figure.low, figure.high)


def _between(low: float, high: float, unit: str = "") -> str:
    return f"{low:+.2%} to {high:+.2%}" if unit else f"{low:.3f} to {high:.3f}"
