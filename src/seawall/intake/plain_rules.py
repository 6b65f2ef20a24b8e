"""The rules of the table of places for many addresses at once, where nothing has to be brought to a normal form first.

Such an address has small letters in its host, no port, no escapes, no dot segments and no fragment. It gets what
``places.locate`` gives it, or null: what a rule must look at more closely is left to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.hosts import look_up
from seawall.intake.place_rules import Family, Rule
from seawall.intake.place_table import REDIRECTS
from seawall.intake.places import Hide
from seawall.model import LINK

Rows = npt.NDArray[np.int64]

SHAPE = r"^https?://(?P<host>[a-z0-9.-]+)(?P<path>/[A-Za-z0-9_~@:+./=-]*)(?:\?(?P<query>[A-Za-z0-9_~.=&-]*))?(?:#.*)?$"
"""Addresses that are looked at; dot segments are left out apart."""

_HOLE = re.compile(r"\{(\w+)\}")
_SAFE = r"^[\w.:%/=~-]*$"
_LOOKS_AHEAD = re.compile(r"\(\?[=!]")
_LEADING_ON = pa.array(sorted({redirect.path for redirect in REDIRECTS} - {"/"}))
"""Paths of pages that only lead on."""

LONGEST = 240
_ELSEWHERE = ("host", "server", "path")
"""Holes whose value is a host or a path of its own."""


class _Form(NamedTuple):
    """A rule, ready for columns."""

    pattern: str
    query: dict[str, str]
    pieces: tuple[str, ...]  # what stands between the holes of the canonical address
    holes: tuple[str, ...]
    domain: str
    place: str


@cache
def _forms(family: Family) -> tuple[_Form, ...] | None:
    """The rules of a family; None where one of them cannot be asked of columns."""
    if family.fragment or not all(_simple(shape) for shape in family.rules):
        return None
    return tuple(_form(shape) for shape in family.rules)


def _simple(shape: Rule) -> bool:
    holes = {*shape.pattern.groupindex, *shape.query.values()}
    return not (
        _LOOKS_AHEAD.search(shape.pattern.pattern) or holes & set(_ELSEWHERE) or "{" in shape.form.split("/")[0]
    )


def _form(shape: Rule) -> _Form:
    pieces = _HOLE.split(f"https://{shape.form}")
    return _Form(
        f"^(?:{shape.pattern.pattern})$",
        dict(shape.query),
        tuple(pieces[0::2]),
        tuple(pieces[1::2]),
        look_up(shape.form.split("/")[0]).domain,
        shape.place,
    )


def links_by_rule(addresses: pa.Array, hide: Hide) -> pa.StructArray:
    """``model.LINK`` of plain addresses whose host belongs to a family with rules; null for all others.

    >>> links_by_rule(pa.array(["https://www.discord.gg/seeds", "https://t.me/a%20b"]), lambda name: "~0").to_pylist()
    [{'url': 'https://discord.gg/seeds', 'domain': 'discord.gg', 'place': 'discord_invite'}, None]
    """
    host, path, query = pc.extract_regex(addresses, SHAPE).flatten()
    aside = pc.or_(pc.match_substring(path, "/."), pc.is_in(path, _LEADING_ON))
    usual = pc.and_not(pc.less_equal(pc.binary_length(addresses), LONGEST), aside)
    encoded = pc.if_else(pc.fill_null(usual, False), host, None).dictionary_encode()
    known = [look_up(name) for name in encoded.dictionary.to_pylist()]
    families = list({one.family: None for one in known if one.family is not None and _forms(one.family)})
    of_host = [families.index(one.family) if one.family in families and one.owner is None else -1 for one in known]
    numbers = np.array([*of_host, -1])[pc.fill_null(encoded.indices, len(known)).to_numpy(zero_copy_only=False)]
    rows, links = [np.empty(0, np.int64)], [pa.array([], LINK)]
    for number, family in enumerate(families):
        chosen = np.flatnonzero(numbers == number)
        for some, found in _of_family(family, path.take(pa.array(chosen)), query.take(pa.array(chosen)), hide):
            rows.append(chosen[some])
            links.append(found)
    place = np.full(len(addresses), -1)
    place[np.concatenate(rows)] = np.arange(sum(map(len, rows)))
    return pa.concat_arrays(links).take(pa.array(place, mask=place < 0))


def _of_family(family: Family, path: pa.Array, query: pa.Array, hide: Hide) -> Iterator[tuple[Rows, pa.StructArray]]:
    """Rows and their links, rule by rule: the first that fits a row has it."""
    left = np.arange(len(path))
    for form in _forms(family) or ():
        here = pa.array(left)
        fits, told = _matched(form, path.take(here), query.take(here))
        chosen = pa.array(fits)
        if fits.any():
            told = {name: column.filter(chosen) for name, column in told.items()}
            yield left[fits], _filled(family, form, told, int(fits.sum()), hide)
            left = left[~fits]


def _matched(form: _Form, path: pa.Array, query: pa.Array) -> tuple[npt.NDArray[np.bool_], dict[str, pa.Array]]:
    """Which addresses the rule fits, and what fills its holes."""
    fits = pc.match_substring_regex(path, form.pattern)
    told = {}
    if len(form.query) < len(form.holes):
        matched = pc.extract_regex(path, form.pattern)
        told = {hole: pc.struct_field(matched, hole) for hole in form.holes if hole not in form.query.values()}
    for parameter, hole in form.query.items():
        told[hole] = _parameter(query, parameter)
        fits = pc.and_(fits, pc.is_valid(told[hole]))
    return np.asarray(fits.to_numpy(zero_copy_only=False)), told


def _parameter(query: pa.Array, name: str) -> pa.Array:
    """The last value of a parameter that is not empty; null where there is none."""
    joined = pc.binary_join_element_wise("&", query, "")
    return pc.struct_field(pc.extract_regex(joined, f"^.*&{re.escape(name)}=(?P<value>[^&]+)(?:&.*)?$"), "value")


def _filled(family: Family, form: _Form, told: dict[str, pa.Array], count: int, hide: Hide) -> pa.StructArray:
    """The links; null where a hole holds what does not belong into an address."""
    parts = [_repeated(form.pieces[0], count)]
    safe = np.ones(count, np.bool_)
    for hole, piece in zip(form.holes, form.pieces[1:], strict=True):
        column = told[hole]
        if hole.startswith("name"):
            column = _hidden(family, column, hide)
        else:
            column = pc.utf8_lower(column) if hole.startswith("community") else column
            safe &= pc.match_substring_regex(column, _SAFE).to_numpy(zero_copy_only=False)
        parts += [column, _repeated(piece, count)]
    url = pc.binary_join_element_wise(*parts, "")
    columns = [url, _repeated(form.domain, count), _repeated(form.place, count)]
    return pa.StructArray.from_arrays(columns, fields=list(LINK), mask=pa.array(~safe))


def _repeated(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)


def _hidden(family: Family, names: pa.Array, hide: Hide) -> pa.Array:
    encoded = pc.utf8_lower(names).dictionary_encode()
    keyed = [hide(f"{family.place}:{name}") for name in encoded.dictionary.to_pylist()]
    return pa.array(keyed, pa.string()).take(encoded.indices)
