"""The console's words in each language: gettext catalogues, read from their .po files when the console starts."""

from __future__ import annotations

import ast
from functools import cache
from gettext import NullTranslations, c2py
from importlib.resources import files

from seawall.web.settings import LANGUAGES

_ONE_PLURAL = "nplurals=2; plural=(n != 1);"


class Catalogue(NullTranslations):
    """The words of one language; what has no translation stays English.

    >>> Catalogue('msgid "Queue"\\nmsgstr "Waiting"\\n').gettext("Queue")
    'Waiting'
    """

    def __init__(self, po: str = "") -> None:
        super().__init__()
        self._words, head = read_po(po)
        rule = next((line for line in head.split("\n") if line.lower().startswith("plural-forms:")), "")
        told = rule.partition(":")[2] or _ONE_PLURAL
        self._plural = c2py(told.partition("plural=")[2].strip().rstrip(";"))

    def gettext(self, message: str) -> str:
        """The translation of a text."""
        return self._words.get((None, message, 0)) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The translation of a text that depends on a number."""
        found = self._words.get((None, msgid1, self._plural(n)))
        return found or (msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """The translation of a text that means different things in different places."""
        return self._words.get((context, message, 0)) or message

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """Both: a context and a number."""
        found = self._words.get((context, msgid1, self._plural(n)))
        return found or (msgid1 if n == 1 else msgid2)


Key = tuple[str | None, str, int]


def read_po(text: str) -> tuple[dict[Key, str], str]:
    """The translations of a .po file by context, text and plural form, and its head. Fuzzy ones are left out."""
    words: dict[Key, str] = {}
    head = ""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = _fields(block)
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block.split("\n"))
        if "msgid" not in fields:
            continue
        if not fields["msgid"]:
            head = fields.get("msgstr", "")
        elif not fuzzy:
            for name, value in fields.items():
                if name.startswith("msgstr") and value:
                    form = int(name[7:-1]) if "[" in name else 0
                    words[(fields.get("msgctxt"), fields["msgid"], form)] = value
    return words, head


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in block.split("\n"):
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith('"'):
            name, _, line = line.partition(" ")
        fields[name] = fields.get(name, "") + ast.literal_eval(line)
    return fields


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language; English where there is none."""
    known = language if language in LANGUAGES else "en"
    path = files("seawall.web").joinpath(f"locale/{known}/console.po")
    return Catalogue(path.read_text(encoding="utf-8") if path.is_file() else "")
