"""Bring the console's catalogues up to date with its pages: python scripts/console_words.py [--check]

Every sentence that a page or a template marks with _() or ngettext() gets an entry in locale/LANGUAGE/console.po; what
was translated stays, what no page says any more goes. With --check nothing is written, and the exit code is 1 where a
sentence has no translation. Only this script needs Babel; the console reads the .po files as they are.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).resolve().parent.parent / "src" / "seawall" / "web"
LANGUAGES = ("ar",)
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
MIME = (("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "8bit"))
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2), "section": (1,)}


def said() -> Catalog:
    """Every sentence that the console says, with where it says it."""
    whole = Catalog(project="seawall", charset="utf-8")
    options = {"jinja2": {"trimmed": "true", "silent": "false"}}
    found = extract_from_dir(WEB, METHODS, {"templates/**.html": options["jinja2"]}, keywords=KEYWORDS)
    for file, _line, message, _comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        whole.add(message, locations=[(file, 0)], context=context)
    return whole


def kept(language: str) -> Catalog:
    """The catalogue of a language as it is."""
    path = WEB / "locale" / language / "console.po"
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Catalog:
    """The catalogue of a language with the sentences that the console says now."""
    catalog = kept(language)
    catalog.update(said(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file that is the same whenever it is made: its head holds what a reader of it needs."""
    out = io.BytesIO()
    write_po(out, catalog, width=120, omit_header=True, sort_output=True, include_lineno=False)
    told = (("Language", str(catalog.locale)), ("Plural-Forms", catalog.plural_forms), *MIME)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in told)
    return f'# Made by scripts/console_words.py.\nmsgid ""\nmsgstr ""\n{head}\n'.encode() + out.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """The sentences without a translation."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def main(check: bool) -> int:
    """Write the catalogues, or only look; 1 where a sentence is not translated."""
    absent = 0
    for language in LANGUAGES:
        catalog = renewed(language)
        if not check:
            (WEB / "locale" / language / "console.po").write_bytes(written(catalog))
        for sentence in missing(catalog):
            sys.stdout.write(f"{language}: {sentence}\n")
            absent += 1
    return int(absent > 0)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
