"""What of a given text, address, hash or file stands on a list."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa

from seawall.detectors.examples import FIRST
from seawall.detectors.known import KnownDetector
from seawall.errors import ConfigurationError
from seawall.intake.links import canonical, extract_links
from seawall.intake.pseudonyms import Pseudonyms
from seawall.measures.text import match_keys
from seawall.model import LINK, UTC_MICROSECONDS, Indicator, IndicatorStatus
from seawall.sources.images import ImageHasher
from seawall.workspace.settings import disk_refused, pseudonym_key, reply_key

if TYPE_CHECKING:
    from seawall.workspace.opened import OpenedFolder

INSTALL = "Install what it needs with: pip install 'seawall[images]'"
_DIGEST = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{64}")
_BARE = re.compile(r"(?:[a-zA-Z]+://)?[^\s/]+\.\S+")
_MEDIA = pa.list_(
    pa.struct([("sha256", pa.string()), ("md5", pa.string()), ("pdq", pa.string()), ("quality", pa.int16())])
)


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator that the thing carries."""

    indicator: Indicator
    context: str  # plain, reported or quoted
    disguised: bool
    matches: bool  # whether messages are compared with it now


@dataclass(frozen=True, slots=True)
class MatchResult:
    """What of a thing is listed."""

    found: tuple[Match, ...]
    remark: str | None = None  # what was not compared, a sentence


def match(workspace: OpenedFolder, thing: str) -> MatchResult:
    """What is listed of a thing, whatever the indicator's status, but for retracted ones.

    Nothing is written but the entry in the audit, which does not tell the thing.

    Args:
        workspace: whose lists.
        thing: the path of a file, a hash in hexadecimal digits, an address, or a text.

    Raises:
        StorageError: the file cannot be read.
    """
    kind, row, remark = _row(workspace, thing)
    workspace.casebook.audit.append(workspace.reviewer, "match", {"thing": kind})
    book = workspace.casebook.indicators
    listed = {one.id: one for one in book.all() if one.status is not IndicatorStatus.RETRACTED}
    matcher = KnownDetector().matcher()
    matcher.put(listed.values())
    found = [(listed[hit["indicator"]], hit) for hit in matcher.hits(row).to_pylist()]
    return MatchResult(
        tuple(Match(one, hit["context"], hit["disguised"], one.matches_on(book.today)) for one, hit in found), remark
    )


def _row(workspace: OpenedFolder, thing: str) -> tuple[str, pa.Table, str | None]:
    """What kind of thing it is, a row of messages that carries it, and what was not looked at."""
    path = _file(thing)
    if path is not None:
        media, remark = _hashes(path)
        return "file", _of(media=[media]), remark
    plain = thing.strip()
    if _DIGEST.fullmatch(plain):
        digest = plain.lower()
        long = {"sha256": digest, "pdq": digest, "quality": 100}
        return "hash", _of(media=[long if len(digest) == 64 else {"md5": digest}]), None
    hide = Pseudonyms(pseudonym_key(workspace.path), reply_key()).hide
    texts = pa.array([thing], pa.string())
    links = extract_links(texts, None, hide)[0].as_py() or []
    whole = canonical(plain if "://" in plain else f"https://{plain}", hide) if _BARE.fullmatch(plain) else None
    if whole is not None:
        links.append(whole._asdict())
    return "text", _of(text=thing, key=match_keys(texts)[0].as_py(), links=links), None


def _of(
    text: str | None = None,
    key: int | None = None,
    links: list[dict[str, Any]] | None = None,
    media: list[dict[str, Any]] | None = None,
) -> pa.Table:
    return pa.table(
        {
            "message_id": pa.array(["given"]),
            "sent_at": pa.array([FIRST], UTC_MICROSECONDS),
            "text": pa.array([text], pa.string()),
            "text_key": pa.array([key], pa.uint64()),
            "links": pa.array([links], pa.list_(LINK)),
            "media": pa.array([media], _MEDIA),
        }
    )


def _file(thing: str) -> Path | None:
    """The file of this name, if it is one."""
    try:
        path = Path(thing)
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def _hashes(path: Path) -> tuple[dict[str, Any], str | None]:
    """Hashes of a file, with that of its look where it is a picture, and why there is none."""
    try:
        with path.open("rb") as file:
            try:
                with ImageHasher() as hasher:
                    told = hasher.hash(file)
            except ConfigurationError:
                return _digests(file), f"The look of a picture was not compared. {INSTALL}"
    except OSError as error:
        raise disk_refused(error, path) from error
    media = {"sha256": told.sha256, "md5": told.md5, "pdq": told.pdq, "quality": told.quality}
    return media, None if told.refused is None else f"The look of it was not compared: {told.refused}."


def _digests(file: BinaryIO) -> dict[str, Any]:
    file.seek(0)
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    while part := file.read(1 << 20):
        sha256.update(part)
        md5.update(part)
    return {"sha256": sha256.hexdigest(), "md5": md5.hexdigest()}
