"""What short links stand for, from a table that an operator has; nothing is ever asked for on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import InputError
from seawall.intake.links import canonical
from seawall.intake.places import Hide
from seawall.model import LINK
from seawall.protocols import Expander
from seawall.workspace.text_columns import text_columns

SHORT = "shortener"


class TableExpander:
    """Short links and their targets, as somebody has written them down.

    Args:
        targets: short link -> where it leads; each in any spelling.
    """

    name: ClassVar[str] = "table"

    def __init__(self, targets: Mapping[str, str]) -> None:
        self._targets = {_spelling(short): target for short, target in targets.items()}

    @classmethod
    def read(cls, path: Path) -> TableExpander:
        """The expander of a CSV file with the columns ``short`` and ``target``.

        Raises:
            InputError: it is no such file, a column or a cell is missing, or a short link has two targets.
        """
        table = text_columns(path, ("short", "target"))
        targets: dict[str, str] = {}
        for number, row in enumerate(table.to_pylist(), start=2):
            if row["short"] is None or row["target"] is None:
                raise InputError("A cell is empty.", where=f"{path}, line {number}", mend="Give a link and its target.")
            if targets.setdefault(_spelling(row["short"]), row["target"]) != row["target"]:
                raise InputError(
                    "A short link has two targets.", where=f"{path}, line {number}", mend="Leave one of them out."
                )
        return cls(targets)

    def expand(self, urls: Sequence[str]) -> list[str | None]:
        """The target of each canonical short link; null for those that the table does not have.

        >>> TableExpander({"http://bit.ly/3": "https://garden.example/"}).expand(["https://bit.ly/3", "https://t.co/x"])
        ['https://garden.example/', None]
        """
        return [self._targets.get(url) for url in urls]


def _spelling(short: str) -> str:
    link = canonical(short, lambda name: name)
    return short if link is None else link.url


def expanded(links: pa.Table, expander: Expander, hide: Hide) -> tuple[pa.Table, int]:
    """Links with the targets of short ones in their place, canonical and without names; and how many that were.

    Args:
        links: with ``url``, ``domain`` and ``place`` as in ``model.LINK``.
        expander: whatever the operator chose.
        hide: the workspace's, as for the links of messages.
    """
    short = pc.and_(pc.equal(links["place"], SHORT), pc.is_valid(links["url"]))
    urls = pc.unique(links["url"].filter(short)).to_pylist()
    targets = [None if target is None else canonical(target, hide) for target in expander.expand(urls)]
    known = pa.array([url for url, target in zip(urls, targets, strict=True) if target is not None], pa.string())
    row = pc.index_in(links["url"].combine_chunks(), known)
    there = pc.is_valid(row)
    for part, name in enumerate(LINK.names):
        values = pa.array([target[part] for target in targets if target is not None], pa.string())
        place = links.schema.get_field_index(name)
        links = links.set_column(place, name, pc.if_else(there, values.take(row), links[name].combine_chunks()))
    return links, int(pc.sum(there).as_py() or 0)
