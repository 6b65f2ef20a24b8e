"""Which column of a table is which field: by the user's --map, else by the names that tools use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from seawall.errors import ConfigurationError
from seawall.sources.synonyms import DELETION_FIELDS, INTERACTION_FIELDS, MESSAGE_FIELDS, folded

CONSTANT = "="
"""A mapping such as kind==dm gives every record the value after the second equals sign."""

Form = Literal["messages", "interactions", "deletions"]
"""What the records of a table are."""

FIELDS: Mapping[Form, Mapping[str, str]] = {
    "messages": MESSAGE_FIELDS,
    "interactions": INTERACTION_FIELDS,
    "deletions": DELETION_FIELDS,
}
"""The fields of each form, with their synonyms."""

_TELLING = ("account_id", "account_handle", "account_name")
_ACCOUNTS = ("account", "reply_to_account", "repost_of_account")
_TELLERS = {"account": _TELLING}
_OF_DELETIONS = {"message_id", "deleted_at"}
_NEEDED: Mapping[Form, Sequence[str]] = {
    "messages": ("text", "sent_at", "account"),
    "interactions": ("source_account", "target_account", "at", "kind"),
    "deletions": ("message_id", "deleted_at"),
}
_LIKE_A_NAME = re.compile(r"^[^\W\d][\w .\-]{0,39}$")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the records of a table are, and where their fields stand."""

    records: Form
    columns: Mapping[str, str]  # field -> column
    constants: Mapping[str, str]  # field -> the value that every record has

    def tells(self, name: str) -> bool:
        """Whether the table, or the user, tells this field."""
        return name in self.columns or name in self.constants

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns to read."""
        return tuple(dict.fromkeys(self.columns.values()))


def layout_of(columns: Sequence[str], mapping: Mapping[str, str], label: str) -> Layout:
    """The layout of a table with these columns; see ``layout_seen`` for what its records are.

    Raises:
        ConfigurationError: a required field is missing, or the mapping names a field or column that there is not;
            the message names the nearest.
    """
    layout = layout_seen(columns, mapping)
    stated = {_field(name, column): column for name, column in mapping.items()}
    _refuse_unknown(stated, columns, FIELDS[layout.records], label)
    _require(layout, columns, label)
    return layout


def layout_seen(columns: Sequence[str], mapping: Mapping[str, str]) -> Layout:
    """The layout of a table with these columns, whatever it lacks.

    It is a table of interactions if it has a source and a target and no text, or if the mapping says so, and one of
    deletions if it tells which message was deleted when, and neither words nor a sender.
    """
    stated = {_field(name, column): column for name, column in mapping.items()}
    found = {form: _found(columns, fields) for form, fields in FIELDS.items()}
    form = _form(found, stated)
    constants = {name: column[1:] for name, column in stated.items() if column.startswith(CONSTANT)}
    chosen = {name: column for name, column in stated.items() if name not in constants}
    free = {
        name: column for name, column in found[form].items() if name not in stated and column not in chosen.values()
    }
    return Layout(form, chosen | free, constants)


def _form(found: Mapping[Form, Mapping[str, str]], stated: Mapping[str, str]) -> Form:
    tells = found["messages"].keys() | stated.keys()
    if {"source_account", "target_account", "at"} & stated.keys():
        return "interactions"
    if "text" in tells:
        return "messages"
    if {"source_account", "target_account"} <= found["interactions"].keys():
        return "interactions"
    return "deletions" if found["deletions"].keys() >= _OF_DELETIONS and not tells & {*_TELLING} else "messages"


def guesses(layout: Layout, mapping: Mapping[str, str]) -> str | None:
    """A sentence that says which columns were taken for which fields without --map; None where none was.

    The columns are found by the names that tools use, so that the sentence holds no values of a table without a header.

    >>> guesses(layout_seen(["id", "body", "when"], {"sent_at": "when"}), {"sent_at": "when"})
    'Columns were taken by their names: message_id from id, text from body; --map names them otherwise.'
    """
    stated = {_field(name, column) for name, column in mapping.items()}
    found = [
        name if name == column else f"{name} from {column if _LIKE_A_NAME.match(column) else '(a column)'}"
        for name, column in layout.columns.items()
        if name not in stated
    ]
    return f"Columns were taken by their names: {', '.join(found)}; --map names them otherwise." if found else None


def recognised(columns: Sequence[str]) -> bool:
    """Whether the names alone tell all that a table must have."""
    layout = layout_seen(columns, {})
    if layout.records == "interactions":  # by the names of its ends alone: a table of shares has those too
        return "at" in layout.columns
    return not missing_of(layout)


def _field(name: str, column: str) -> str:
    """The field that a name in --map means; an account is an id if its column says so, else a handle."""
    if name in _ACCOUNTS:
        return f"{name}_id" if folded(column).endswith("id") else f"{name}_handle"
    return name


def _found(columns: Sequence[str], synonyms: Mapping[str, str]) -> dict[str, str]:
    by_folded = {folded(column): column for column in reversed(columns)}
    found = {}
    for name, words in synonyms.items():
        column = next((by_folded[folded(word)] for word in words.split() if folded(word) in by_folded), None)
        if column is not None:
            found[name] = column
    return found


def _refuse_unknown(stated: Mapping[str, str], columns: Sequence[str], known: Mapping[str, str], label: str) -> None:
    for name, column in stated.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise ConfigurationError(
                f"--map names the field {name!r}, which there is not.",
                where="--map",
                mend=(f"Did you mean {near[0]}? " if near else "") + f"Fields are: {', '.join(sorted(known))}.",
            )
        if column not in columns and not column.startswith(CONSTANT):
            raise ConfigurationError(
                f"--map names the column {column!r}, which the table does not have.",
                where=label,
                mend=_nearest([column], columns) + _seen(columns),
            )


def missing_of(layout: Layout) -> list[str]:
    """The required fields that a layout does not tell; "account" stands for its id, handle or name.

    >>> missing_of(layout_seen(["text", "date"], {})), missing_of(layout_seen(["message_id", "deleted_at"], {}))
    (['account'], [])
    """
    return [
        name for name in _NEEDED[layout.records] if not any(layout.tells(one) for one in _TELLERS.get(name, (name,)))
    ]


def _require(layout: Layout, columns: Sequence[str], label: str) -> None:
    names = missing_of(layout)
    if not names:
        return
    synonyms = FIELDS[layout.records]
    words = [word for name in names for one in _TELLERS.get(name, (name,)) for word in synonyms[one].split()]
    example = f"--map {names[0]}=COLUMN" if names[0] != "kind" else "--map kind==dm for a table of direct messages"
    extra = " Where there is no text, say --map text==." if "text" in names else ""
    raise ConfigurationError(
        f"No column tells the {_listed(names)}.",
        where=label,
        mend=f"{_nearest(words, columns)}State it, for example {example}.{extra} {_seen(columns)}".rstrip(),
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _nearest(words: Sequence[str], columns: Sequence[str]) -> str:
    """The columns whose names are most like the words; a name like a known word cannot be a person's value."""
    near = {column: None for word in words for column in get_close_matches(word, columns, n=1, cutoff=0.7)}
    return f"The nearest: {', '.join(list(near)[:4])}. " if near else ""


def _seen(columns: Sequence[str]) -> str:
    """The names of the columns, if the first line looks like a header: else they could be somebody's words."""
    header = _found(columns, MESSAGE_FIELDS) or _found(columns, INTERACTION_FIELDS)
    if not header:
        return f"It has {len(columns)} columns, whose names say nothing: is the first line a header?"
    names = [name if _LIKE_A_NAME.match(name) else f"(column {place})" for place, name in enumerate(columns, 1)]
    more = f" and {len(names) - 40} more" if len(names) > 40 else ""
    return f"Columns seen: {', '.join(names[:40])}{more}."
