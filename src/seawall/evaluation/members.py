"""Whose account belongs to which of an auditor's groups: read from their table, and kept where the traffic has them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError


def read_groups(path: Path) -> dict[str, str]:
    """Account -> group, from a CSV file with the columns account and group.

    Raises:
        ConfigurationError: the file is not UTF-8, lacks a column, holds no rows or an empty value, or names two groups
            for an account.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except UnicodeDecodeError:
        raise ConfigurationError("The file is not UTF-8.", where=str(path), mend="Save it as CSV in UTF-8.") from None
    if not rows or not {"account", "group"} <= rows[0].keys():
        raise ConfigurationError("The file of groups needs rows under the columns account and group.", where=str(path))
    members: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        account, group = row["account"], row["group"]
        if not account or not group:
            raise ConfigurationError("An account or a group is empty.", where=f"{path}, line {line}")
        if members.setdefault(account, group) != group:
            raise ConfigurationError(
                "An account is in two groups.", where=f"{path}, line {line}", mend="Give each account one row."
            )
    return members


def present(members: Mapping[str, str], traffic: pa.Table, path: Path) -> dict[str, str]:
    """The members of a file's groups that act or are acted on in the traffic (columns ``source`` and ``target``).

    Raises:
        ConfigurationError: they are of fewer than two groups.
    """
    sides = (traffic[side].cast(pa.string()) for side in ("source", "target"))
    there = {account for side in sides for account in pc.unique(side).to_pylist()}
    found = {account: group for account, group in members.items() if account in there}
    if len(set(found.values())) < 2:
        raise ConfigurationError(
            "Fewer than two groups have accounts that are in the background.",
            where=str(path),
            mend="Use the ids of the background's columns source and target.",
        )
    return found
