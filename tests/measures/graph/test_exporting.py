"""Networks as files, read back by other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pyarrow as pa
import pyarrow.csv as pc_csv
import pytest

from seawall.errors import MeasureError, StorageError
from seawall.measures import network
from tests.measures.layers.club import table

ODD = [
    "حديقة الورد", "בן\u200fגן", "=cmd|' /C calc'!A0", "+1", "-2", "@here", "'quoted'", 'a "b", <c> & d',
    "two\nlines\tand\r", "🌷", "", " spaced ", "a|b", "＝wide", "#tag",
]  # fmt: skip


def odd_network(**options: Any) -> Any:
    """Accounts with odd ids that all meet each other twice, and one that is empty and so links nobody."""
    rows = [
        {"account_id": name, "at": at + number, "text_key": 7 + at}
        for at in (0, 900)
        for number, name in enumerate(ODD)
    ]
    return network(table(rows), significance=False, input_version="lake 3", **options)


NAMES = [name for name in ODD if name]


def meta(text: str | bytes) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text)
    assert made["input"] == "lake 3"
    assert made["parameters"]["window_s"] == 60.0
    assert made["seawall"]
    return made


def test_graphml_is_read_back_by_networkx(tmp_path: Path) -> None:
    """Every account, however odd its id, every pair and how it was made come back out of GraphML."""
    found = odd_network()
    (path,) = found.write(tmp_path / "club.graphml")
    back = nx.read_graphml(path)
    accounts = nx.get_node_attributes(back, "account")
    assert sorted(accounts.values()) == sorted(NAMES)
    links = {
        (frozenset((accounts[a], accounts[b])), data["weight"], data["layers"]) for a, b, data in back.edges(data=True)
    }
    assert links == {(frozenset((row["source"], row["target"])), 2, "text") for row in found.pairs.to_pylist()}
    assert set(nx.get_node_attributes(back, "core").values()) == {True}
    meta(back.graph["seawall"])


def test_gexf_is_read_back_by_networkx(tmp_path: Path) -> None:
    """Every account, pair and how it was made come back out of GEXF."""
    found = odd_network()
    (path,) = found.write(tmp_path / "club.gexf", "gexf")
    back = nx.read_gexf(path, relabel=True)
    assert sorted(back.nodes) == sorted(NAMES)
    assert back.number_of_edges() == len(found.pairs)
    assert {(data["weight"], data["layers"]) for _, _, data in back.edges(data=True)} == {(2.0, "text")}
    told = ElementTree.parse(path).find(  # noqa: S314
        ".//{http://www.gexf.net/1.2draft}description"
    )
    assert told is not None
    meta(told.text or "")


def test_what_xml_cannot_hold_is_written_out(tmp_path: Path) -> None:
    """A control character in an id becomes its number, and the file stays one that can be read."""
    rows = [
        {"account_id": name, "at": at, "text_key": at} for at in (0, 900) for name in ("bell\x07", "nul\x00", "\uffff")
    ]
    found = network(table(rows), significance=False)
    (path,) = found.write(tmp_path / "odd.graphml")
    names = nx.get_node_attributes(nx.read_graphml(path), "account").values()
    assert sorted(names) == ["\\uffff", "bell\\u0007", "nul\\u0000"]
    (path,) = found.write(tmp_path / "odd.gexf", "gexf")
    assert len(nx.read_gexf(path)) == 3


def test_arrow_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Three Arrow files hold the accounts, the pairs and the edges of each layer, and each says how it was made."""
    found = odd_network()
    paths = found.write(tmp_path / "club", "arrow")
    assert [path.name for path in paths] == ["club.nodes.arrow", "club.pairs.arrow", "club.edges.arrow"]
    nodes, pairs, edges = (pa.ipc.open_file(str(path)).read_all() for path in paths)
    assert sorted(nodes["account"].to_pylist()) == sorted(NAMES)
    assert pairs.equals(found.pairs)
    assert edges.equals(found.edges)
    for written in (nodes, pairs, edges):
        meta(written.schema.metadata[b"seawall"])


def test_csv_starts_no_formula_and_comes_back(tmp_path: Path) -> None:
    """In CSV no cell begins as a formula does; without the apostrophe in front every id is as it was."""
    found = odd_network()
    paths = found.write(tmp_path / "club.csv", "csv")
    assert [path.name for path in paths] == ["club.nodes.csv", "club.pairs.csv", "club.edges.csv"]
    for path in paths:
        first, _, _ = path.read_text(encoding="utf-8").partition("\n")
        meta(first.removeprefix("# "))
    options = {
        "read_options": pc_csv.ReadOptions(skip_rows=1),
        "parse_options": pc_csv.ParseOptions(newlines_in_values=True),
    }
    pairs = pc_csv.read_csv(str(paths[1]), **options)
    sources = pairs["source"].to_pylist()
    assert not any(name.startswith(tuple("=+-@\t\r\n＝")) for name in sources)
    assert [name.removeprefix("'") for name in sources] == found.pairs["source"].to_pylist()
    assert pairs["weight"].to_pylist() == found.pairs["weight"].to_pylist()
    assert pairs["layers"].to_pylist() == ["text"] * len(pairs)


def test_the_same_network_is_the_same_file(tmp_path: Path) -> None:
    """Written twice, from rows in any order, each format gives the same bytes."""
    rows = [
        {"message_id": f"m{n}", "account_id": name, "at": n, "text_key": n // 3} for n, name in enumerate("abcabcabc")
    ]
    for kind in ("graphml", "gexf", "csv", "arrow"):
        both = [
            network(table(some), significance=False, layers=["text"]).write(tmp_path / f"{kind}{number}", kind)
            for number, some in enumerate((rows, rows[::-1]))
        ]
        assert [path.read_bytes() for path in both[0]] == [path.read_bytes() for path in both[1]]


def test_an_empty_network_can_be_written(tmp_path: Path) -> None:
    """A network without edges is a file without edges, in every format."""
    empty = network(table([]), significance=False)
    assert len(nx.read_graphml(empty.write(tmp_path / "none.graphml")[0])) == 0
    assert len(nx.read_gexf(empty.write(tmp_path / "none.gexf", "gexf")[0])) == 0
    assert pa.ipc.open_file(str(empty.write(tmp_path / "none", "arrow")[1])).read_all().num_rows == 0
    assert len(empty.write(tmp_path / "none", "csv")) == 3


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    """Another format, and a folder that is not there, are told apart."""
    with pytest.raises(MeasureError, match="format does not exist"):
        odd_network().write(tmp_path / "club", "xlsx")
    with pytest.raises(StorageError, match="cannot be written"):
        odd_network().write(tmp_path / "nowhere" / "club.graphml")
