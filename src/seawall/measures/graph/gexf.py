"""Networks as GEXF, for Gephi."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from seawall.measures.graph.xml_text import plain_kind, rows_of, xml

BEGIN = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
"""


def write_gexf(path: Path, nodes: pa.Table, pairs: pa.Table, made: str, version: str) -> Path:
    """A GEXF file: the label of a node is its account; how it was made is the description (JSON)."""
    known = dict(zip(nodes["account"].to_pylist(), range(len(nodes)), strict=True))
    of_node = [name for name in nodes.column_names if name != "account"]
    of_edge = [name for name in pairs.column_names if name not in ("source", "target", "weight")]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(BEGIN)
        file.write(f"<meta><creator>Seawall {xml(version)}</creator><description>{xml(made)}</description></meta>\n")
        file.write('<graph defaultedgetype="undirected" mode="static">\n')
        file.writelines([*_attributes(nodes, "node", of_node), *_attributes(pairs, "edge", of_edge), "<nodes>\n"])
        for number, row in enumerate(rows_of(nodes)):
            file.write(f'<node id="{number}" label="{xml(row["account"])}">{_values(row, of_node)}</node>\n')
        file.write("</nodes>\n<edges>\n")
        for number, row in enumerate(rows_of(pairs)):
            ends = f'source="{known[row["source"]]}" target="{known[row["target"]]}"'
            file.write(f'<edge id="{number}" {ends} weight="{row["weight"]}">{_values(row, of_edge)}</edge>\n')
        file.write("</edges>\n</graph>\n</gexf>\n")
    return path


def _attributes(table: pa.Table, of: str, names: list[str]) -> Iterator[str]:
    yield f'<attributes class="{of}" mode="static">\n'
    for name in names:
        yield f'<attribute id="{name}" title="{name}" type="{plain_kind(table.schema.field(name).type)}"/>\n'
    yield "</attributes>\n"


def _values(row: dict[str, object], names: list[str]) -> str:
    told = "".join(f'<attvalue for="{n}" value="{xml(row[n])}"/>' for n in names if row[n] is not None)
    return f"<attvalues>{told}</attvalues>"
