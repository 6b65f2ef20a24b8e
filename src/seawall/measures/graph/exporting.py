"""A network as files that other programs read; each says how it was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from json import dumps
from pathlib import Path
from typing import Any

import pyarrow as pa

from seawall.errors import MeasureError, StorageError
from seawall.measures.graph.columns import write_arrow, write_csv
from seawall.measures.graph.gexf import write_gexf
from seawall.measures.graph.graphml import write_graphml

FORMATS = ("graphml", "gexf", "csv", "arrow")


def write_graph(
    path: Path,
    format: str,  # noqa: A002
    nodes: pa.Table,
    pairs: pa.Table,
    edges: pa.Table,
    about: Mapping[str, Any],
) -> list[Path]:
    """Write a network.

    Args:
        path: see ``LayeredNetwork.write``.
        format: one of FORMATS.
        nodes: ``account`` and what is known of it.
        pairs: ``source``, ``target`` and what is known of them.
        edges: the same for each layer; CSV and Arrow only.
        about: how it was made; stored as JSON.

    Raises:
        MeasureError: another format.
        StorageError: a file cannot be written.
    """
    made = dumps(about, ensure_ascii=False, sort_keys=True)
    tables = {"nodes": nodes, "pairs": pairs, "edges": edges}
    try:
        if format == "graphml":
            return [write_graphml(path, nodes, pairs, made)]
        if format == "gexf":
            return [write_gexf(path, nodes, pairs, made, str(about["seawall"]))]
        if format in ("csv", "arrow"):
            write: Callable[[Path, pa.Table, str], Path] = write_csv if format == "csv" else write_arrow
            return [write(_beside(path, name, format), table, made) for name, table in tables.items()]
    except OSError as problem:
        raise StorageError(
            "The network cannot be written.", where=problem.strerror, mend="Is there room, and may you write there?"
        ) from None
    raise MeasureError("This format does not exist.", where="format", mend=f"Choose from {', '.join(FORMATS)}.")


def _beside(path: Path, name: str, ending: str) -> Path:
    """``club`` and ``club.csv`` -> ``club.nodes.csv``."""
    stem = path.name.removesuffix(f".{ending}")
    return path.with_name(f"{stem}.{name}.{ending}")
