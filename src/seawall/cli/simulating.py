"""The command that makes what there is not, with its truth, so that one can see what would be caught: simulate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seawall.cli.interactions_file import Background, read_interactions
from seawall.cli.output import Json, as_json, note, say, typed
from seawall.errors import ConfigurationError

if TYPE_CHECKING:
    from seawall.simulate import TakedownWorld, World

_WHAT = ("funnel", "takedown")
_ACTS_AT = (0.35, 0.65)
"""Where in the time of a world the two actions of a takedown are."""


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall simulate funnel practice --seed 7")(simulate)


def simulate(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What to make: funnel or takedown.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for the table and its truth.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed and settings give the same files.")] = 1,
    background: Background = None,
    accounts: Annotated[int, typer.Option(min=30, help="Accounts of the synthetic background.")] = 5_000,
    days: Annotated[
        float | None, typer.Option(min=1, help="Days of the world; 60 for funnel and 200 for takedown if left out.")
    ] = None,
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
    channels: Annotated[int, typer.Option(min=4, help="Takedown: channels that are alive at the beginning.")] = 120,
    wide: Annotated[
        bool, typer.Option("--wide", help="Draw from the wide ranges instead of the fitting ones.")
    ] = False,
    json: Json = False,
) -> None:
    """Plant simulated funnels and honest look-alikes, or channels that are taken down and come back, with the truth."""
    if what not in _WHAT:
        raise typer.BadParameter(f"one of {', '.join(_WHAT)}", param_hint="WHAT")
    if what == "takedown":
        _takedown(folder, seed, channels, 200.0 if days is None else days, wide=wide, json=json)
        return
    from seawall.simulate import DECOYS, FunnelSettings, funnel_world
    from seawall.simulate.files import write_world

    settings = FunnelSettings(
        accounts=accounts, days=60.0 if days is None else days, hubs=hubs, decoys=decoys, roles=tuple(role or DECOYS),
        wide=wide, pinned=_pinned(set_ or []), existing=FunnelSettings.existing if existing is None else existing,
    )  # fmt: skip
    given = None if background is None else read_interactions(background)
    world = funnel_world(seed, background=given, settings=settings)
    written = write_world(world, folder)
    if json:
        as_json(_document(world, written))
        return
    say(_sentence(world))
    _tell(written)


def _takedown(folder: Path, seed: int, channels: int, days: float, *, wide: bool, json: bool) -> None:
    import numpy as np

    from seawall.simulate import TakedownSettings, takedown_world
    from seawall.simulate.takedown_files import write_takedown

    usual = TakedownSettings().actions
    told: dict[str, Any] = {
        "channels": channels,
        "days": days,
        "actions": tuple(replace(act, day=share * days) for act, share in zip(usual, _ACTS_AT, strict=True)),
    }
    drawn = TakedownSettings.drawn(np.random.default_rng(seed), wide=True, **told) if wide else TakedownSettings(**told)
    world = takedown_world(seed, settings=drawn)
    written = write_takedown(world, folder)
    if json:
        as_json(_takedown_facts(world) | {"out": [str(path) for path in written], "settings": world.settings})
        return
    from seawall.brief.words import counted

    facts = _takedown_facts(world)
    say(
        f"Simulated: {counted(facts['channels'], 'channel')} with {counted(facts['messages'], 'message')}; "
        f"{facts['ends']:,} ended, {facts['succeeded']:,} of them with a successor."
    )
    _tell(written)


def _takedown_facts(world: TakedownWorld) -> dict[str, int]:
    return {
        "messages": world.messages.num_rows,
        "channels": world.channels.num_rows,
        "ends": world.ends.num_rows,
        "succeeded": sum(count > 0 for count in world.ends["successors"].to_pylist()),
        "decoys": world.decoys.num_rows,
    }


def _tell(written: list[Path]) -> None:
    """What was written, and how to import it."""
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
