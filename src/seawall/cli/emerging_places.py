"""Places that emerge, as the command seawall places --emerging shows them."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seawall.cli.output import as_json, note, progress, rows_of, show_table

if TYPE_CHECKING:
    from seawall.measures.emergence import Emerging
    from seawall.workspace import Workspace

COLUMNS = (
    "place",
    "kind",
    "first (UTC)",
    "fifth channel (UTC)",
    "found (UTC)",
    "channels",
    "took it up",
    "expected",
    "q",
)


def show_emerging(
    workspace: Workspace,
    since: datetime | None,
    until: datetime | None,
    popular: Path | None,
    kinds: list[str] | None,
    most: int,
    *,
    as_data: bool,
) -> None:
    """Print the places that emerge, the latest found first."""
    began = time.perf_counter()
    with workspace, progress(quiet=as_data) as report:
        found = workspace.emerging(start=since, end=until, popular=popular, progress=report)
    rows = [row for row in reversed(rows_of(found.table)) if not kinds or row["kind"] in kinds]
    if as_data:
        as_json(
            {
                "emerging": rows,
                "new": found.new,
                "judged": found.judged,
                "left_out": dict(found.left_out),
                "seconds": time.perf_counter() - began,
            }
        )
    else:
        _show(found, rows, most, listed=popular is not None)


def _show(found: Emerging, rows: list[dict[str, Any]], most: int, *, listed: bool) -> None:
    from seawall.brief.words import counted

    if found.new:
        _tell(found, rows, most, listed=listed)
    else:
        note("No place is new here, so none emerges: none was linked to for the first time.")
    for reason, count in found.left_out.items():
        if count:
            note(f"{counted(count, 'link')} not judged: {reason.replace('_', ' ')}.")


def _tell(found: Emerging, rows: list[dict[str, Any]], most: int, *, listed: bool) -> None:
    from seawall.brief.words import counted

    note(
        f"Of {counted(found.new, 'new place')} {found.judged:,} were taken up by five channels with an account each; "
        f"{len(found):,} of these rose, and were returned to, beyond what is usual here."
    )
    show_table("Places that emerge", COLUMNS, [_row(one) for one in rows[:most]], empty="No such place emerges.")
    if len(rows) > most:
        note(f"{counted(len(rows) - most, 'more place')}: --most lists more, --json all.")
    if not listed:
        note("Popular domains were not left out: name a list of them with --popular.")
    note("A new newspaper, shop or event that many take to looks the same.")


def _row(row: dict[str, Any]) -> list[object]:
    from seawall.brief.words import number, second

    return [
        row["place"], row["kind"], second(row["first_at"]), second(row["fifth_channel_at"]), second(row["found_at"]),
        number(row["channels"]), number(row["observed"]), f"{row['expected']:.1f}", f"{row['q']:.2g}",
    ]  # fmt: skip
