"""Networks as GraphML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from seawall.measures.graph.xml_text import plain_kind, rows_of, xml

BEGIN = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""


def write_graphml(path: Path, nodes: pa.Table, pairs: pa.Table, made: str) -> Path:
    """A GraphML file: nodes ``n0``, ``n1``, ... with ``account``; how it was made is the graph's ``seawall`` (JSON)."""
    known = dict(zip(nodes["account"].to_pylist(), range(len(nodes)), strict=True))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(BEGIN)
        file.write('<key id="made" for="graph" attr.name="seawall" attr.type="string"/>\n')
        file.writelines(_keys(nodes, "node", nodes.column_names))
        file.writelines(_keys(pairs, "edge", pairs.column_names[2:]))
        file.write(f'<graph id="G" edgedefault="undirected">\n<data key="made">{xml(made)}</data>\n')
        for number, row in enumerate(rows_of(nodes)):
            file.write(f'<node id="n{number}">{_data("node", row)}</node>\n')
        for row in rows_of(pairs):
            source, target = known[row.pop("source")], known[row.pop("target")]
            file.write(f'<edge source="n{source}" target="n{target}">{_data("edge", row)}</edge>\n')
        file.write("</graph>\n</graphml>\n")
    return path


def _keys(table: pa.Table, of: str, names: list[str]) -> Iterator[str]:
    for name in names:
        kind = plain_kind(table.schema.field(name).type)
        yield f'<key id="{of}.{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'


def _data(of: str, row: dict[str, object]) -> str:
    return "".join(f'<data key="{of}.{name}">{xml(value)}</data>' for name, value in row.items() if value is not None)
