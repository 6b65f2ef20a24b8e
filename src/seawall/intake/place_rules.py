"""The small language of the table of places: a rule is one shape of address, a family is one platform's hosts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_HOLE = re.compile(r"\{([a-z]\w*)(?:=([^{}]*))?\}")


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A shape of address, matched against the path, and in some families the fragment after it."""

    place: str
    pattern: re.Pattern[str]
    form: str  # the canonical address after https://
    query: Mapping[str, str]  # parameter that must be there -> the hole in ``form`` that it fills


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Hosts that are one platform."""

    place: str
    hosts: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    persons: bool = True  # where no rule fits, what is not in ``words`` may be a name and is hidden
    words: frozenset[str] = frozenset()
    subdomains: bool = False  # NAME.host belongs to it, and NAME may be a person's
    fragment: bool = False  # what is meant stands behind the #
    servers: bool = False  # NAME.host is a server of its own, unless NAME is among ``words``


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page that only leads on: the address that counts is in one of its parameters."""

    hosts: frozenset[str]
    path: str
    parameters: tuple[str, ...]


def rule(place: str, shape: str, form: str, **query: str) -> Rule:
    r"""A rule from a regular expression with holes: ``{name}`` fits one segment, ``{post=\d+}`` says what fits.

    A hole whose name begins with ``name`` holds what may be a person's name; it is hidden in the result. In one
    whose name begins with ``community`` large and small letters are the same.
    Unless the shape ends in ``.*``, a slash may follow and nothing else.

    >>> status = rule("x_status", r"/{name}/status/{post=\d+}", "x.com/{name}/status/{post}")
    >>> status.pattern.fullmatch("/fern/status/1/")["post"]
    '1'
    """
    pattern = _HOLE.sub(lambda hole: f"(?P<{hole[1]}>{hole[2] or '[^/?#]+'})", shape)
    return Rule(place, re.compile(pattern if shape.endswith(".*") else f"{pattern}/?"), form, query)


def words(text: str) -> frozenset[str]:
    """The words of a line, for the tables.

    >>> sorted(words("posts photos"))
    ['photos', 'posts']
    """
    return frozenset(text.split())
