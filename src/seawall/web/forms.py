"""What a person has sent with a form, bounded and without characters that no form holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.requests import Request

MOST_FIELDS = 500
MOST_FILES = 4
SECRET_FIELDS = frozenset({"csrf", "password", "passphrase", "code", "token", "key"})
"""Fields that are never kept and never shown again."""


@dataclass(frozen=True)
class Form(Mapping[str, str]):
    """The fields of a form. ``form["reason"]`` is the text, without space around it and "" where it is missing.

    >>> form = Form((("case", "one"), ("case", "two"), ("reason", " seen before ")))
    >>> form["reason"], form["note"], form.all("case")
    ('seen before', '', ('one', 'two'))
    """

    fields: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> str:
        return next((value.strip() for key, value in self.fields if key == name), "")

    def __contains__(self, name: object) -> bool:
        return any(key == name for key, _ in self.fields)

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.fields))

    def __len__(self) -> int:
        return len(dict(self.fields))

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that stands there several times."""
        return tuple(value for key, value in self.fields if key == name)

    def raw(self, name: str) -> str:
        """A value with the space around it, as a password needs it."""
        return next((value for key, value in self.fields if key == name), "")

    def file(self, name: str) -> bytes | None:
        """The bytes of a file that was chosen; None where none was."""
        return self.files.get(name)

    def keepable(self) -> tuple[tuple[str, str], ...]:
        """The fields that may be shown again later: no secrets, no files."""
        return tuple((key, value) for key, value in self.fields if key not in SECRET_FIELDS)


async def read_form(request: Request) -> Form:
    """The form of a request; empty where there is none."""
    if request.method != "POST":
        return Form()
    async with request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES) as sent:
        fields, files = [], {}
        for name, value in sent.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                if content:
                    files[name] = content
            else:
                fields.append((name, _plain(value)))
    return Form(tuple(fields), files)


def _plain(value: str) -> str:
    """One kind of line break, no NUL, no half of a surrogate pair."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")
