"""What comes from others is what it says it is."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import seawall.web

VENDOR = Path(seawall.web.__file__).parent / "static" / "vendor"
ROW = re.compile(r"^\| (\S+) \| (\S+) \| (\S+) \| ([\w.-]+) \| `([\w.-]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)
PERMISSIVE = {"MIT", "0BSD", "BSD-3-Clause", "Apache-2.0", "ISC"}


def test_every_file_is_listed_with_its_sum() -> None:
    """VENDORED.md lists each script and sheet with version, licence and SHA-256, and the files have these sums."""
    rows = ROW.findall((VENDOR / "VENDORED.md").read_text(encoding="utf-8"))
    listed = {file: told for _, _, file, _, _, told in rows}
    found = {
        path.name: sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir() if path.suffix in (".js", ".css")
    }
    assert listed == found


def test_licences_are_permissive_and_here() -> None:
    """Each library's licence is permissive, and its text lies beside it."""
    for _, _, _, licence, file, _ in ROW.findall((VENDOR / "VENDORED.md").read_text(encoding="utf-8")):
        assert licence in PERMISSIVE
        assert (VENDOR / file).read_text(encoding="utf-8").strip()
