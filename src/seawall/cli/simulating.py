"""The command that plants funnels with their truth, so that one can see what would be caught: simulate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seawall.cli.output import Json, as_json, note, say, typed
from seawall.errors import ConfigurationError

if TYPE_CHECKING:
    from seawall.simulate import World

_WHAT = ("funnel",)


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall simulate funnel practice --seed 7")(simulate)


def simulate(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What to plant: funnel.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for the table and its truth.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed and settings give the same files.")] = 1,
    background: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own interactions (CSV, NDJSON, Parquet), instead of synthetic ones."),
    ] = None,
    accounts: Annotated[int, typer.Option(min=30, help="Accounts of the synthetic background.")] = 5_000,
    days: Annotated[float, typer.Option(min=1, help="Days of the synthetic background.")] = 60.0,
    hubs: Annotated[int | None, typer.Option(min=0, help="Accounts of funnels; else one in a thousand.")] = None,
    decoys: Annotated[int | None, typer.Option(min=0, help="Accounts in honest roles; else as many as hubs.")] = None,
    role: Annotated[list[str] | None, typer.Option(help="An honest role to plant, repeatable; else all.")] = None,
    existing: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of groups that use accounts of the background.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="HABIT=VALUE", help="A habit of the funnels that is not drawn; repeatable."),
    ] = None,
    wide: Annotated[
        bool, typer.Option("--wide", help="Draw from the wide ranges instead of the fitting ones.")
    ] = False,
    json: Json = False,
) -> None:
    """Plant simulated funnels and honest look-alikes, with the truth beside them, to see what would be caught."""
    if what not in _WHAT:
        raise typer.BadParameter(f"one of {', '.join(_WHAT)}", param_hint="WHAT")
    from seawall.cli.interactions_file import read_interactions
    from seawall.simulate import DECOYS, FunnelSettings, funnel_world
    from seawall.simulate.files import write_world

    settings = FunnelSettings(
        accounts=accounts, days=days, hubs=hubs, decoys=decoys, roles=tuple(role or DECOYS), wide=wide,
        pinned=_pinned(set_ or []), existing=FunnelSettings.existing if existing is None else existing,
    )  # fmt: skip
    given = None if background is None else read_interactions(background)
    world = funnel_world(seed, background=given, settings=settings)
    written = write_world(world, folder)
    if json:
        as_json(_document(world, written))
        return
    say(_sentence(world))
    for path in written:
        note(f"Wrote {path}")
    from seawall.model import SIMULATED_PLATFORM

    note(
        f"Next: seawall add DIR {typed(written[0])} --source generic --platform {SIMULATED_PLATFORM} "
        "--visibility public"
    )


def _pinned(told: list[str]) -> dict[str, float]:
    pinned = {}
    for one in told:
        name, _, value = one.partition("=")
        try:
            pinned[name] = float(value)
        except ValueError:
            raise ConfigurationError(
                "A habit is set to a number.", where="option --set", mend="As in: --set newcomers=40"
            ) from None
    return pinned


def _facts(world: World) -> dict[str, int]:
    decoy = world.hubs["decoy"].to_pylist()
    return {
        "interactions": world.interactions.num_rows,
        "accounts": world.accounts.num_rows,
        "hubs": decoy.count(False),
        "decoys": decoy.count(True),
        "newcomers": world.pairs["role"].to_pylist().count("funnel"),
    }


def _document(world: World, written: list[Path]) -> dict[str, Any]:
    return _facts(world) | {"out": [str(path) for path in written], "settings": world.settings}


def _sentence(world: World) -> str:
    from seawall.brief.words import counted

    facts = _facts(world)
    met, planted = counted(facts["newcomers"], "person", "persons"), counted(facts["decoys"], "account")
    return (
        f"Simulated: {counted(facts['hubs'], 'hub')} of funnels that met {met}, and {planted} in honest roles, "
        f"among {counted(facts['accounts'], 'account')} with {counted(facts['interactions'], 'interaction')}."
    )
