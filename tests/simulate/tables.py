"""The tables of docs/reference/simulate.md, as the code has them; run as a program it writes them into the page."""

from __future__ import annotations

import re
from pathlib import Path

from seawall.model import CONTACT_KINDS
from seawall.simulate import DECOYS, LAWS, MEANINGS, RANGES, ROLES, widened
from seawall.simulate.manners import Range
from seawall.simulate.roles import CONTACT_SHARE

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "simulate.md"


def told(one: Range) -> str:
    """A range in few characters."""
    low, high = (f"{value:.3g}" for value in one)
    return low if low == high else f"{low} to {high}"


def tables() -> dict[str, str]:
    """Each table by its mark."""
    habits = ["| habit | is | drawn as | funnels, fitting | funnels, wide |", "|---|---|---|---|---|"]
    for name, law in LAWS.items():
        fitting = RANGES["funnel"][name]
        habits.append(f"| `{name}` | {MEANINGS[name]} | {law} | {told(fitting)} | {told(widened(law, fitting))} |")
    roles = ["| habit | " + " | ".join(f"`{role}`" for role in DECOYS) + " |", "|---" * (len(DECOYS) + 1) + "|"]
    roles += [f"| `{name}` | " + " | ".join(told(RANGES[role][name]) for role in DECOYS) + " |" for name in LAWS]
    contacts = ["| role | " + " | ".join(CONTACT_KINDS) + " |", "|---" * (len(CONTACT_KINDS) + 1) + "|"]
    contacts += [f"| `{role}` | " + " | ".join(f"{share:g}" for share in CONTACT_SHARE[role]) + " |" for role in ROLES]
    return {name: "\n".join(lines) for name, lines in (("habits", habits), ("roles", roles), ("contacts", contacts))}


def written() -> str:
    """The page with the tables of the code in it."""
    page = PAGE.read_text(encoding="utf-8")
    for name, table in tables().items():
        page = re.sub(rf"<!-- {name} -->\n(\|.*\n)*", lambda _, n=name, t=table: f"<!-- {n} -->\n{t}\n", page)
    return page


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
