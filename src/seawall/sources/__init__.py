"""One platform a file: a platform's own records, as it exports them, into raw batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seawall.errors import UnknownFormatError
from seawall.protocols import Input, Source
from seawall.sources.bluesky import Bluesky
from seawall.sources.choosing import chosen
from seawall.sources.discord import Discord
from seawall.sources.fourcat import FourCat
from seawall.sources.generic import Generic
from seawall.sources.inputs import Survey, digest, survey
from seawall.sources.mastodon import Mastodon
from seawall.sources.matrix import Matrix
from seawall.sources.media_kinds import known_kind
from seawall.sources.reddit import Reddit
from seawall.sources.rocketchat import RocketChat
from seawall.sources.shares import Shares
from seawall.sources.slack import Slack
from seawall.sources.telegram import Telegram
from seawall.sources.whatsapp import WhatsApp
from seawall.sources.x_operations import XOperations

__all__ = ["HASHING", "SOURCES", "Survey", "by_name", "digest", "open_inputs", "recognise", "survey_paths"]

SOURCES: tuple[Source, ...] = (
    Telegram(),
    RocketChat(),
    Matrix(),
    XOperations(),
    Reddit(),
    Discord(),
    Mastodon(),
    Bluesky(),
    Slack(),
    WhatsApp(),
    FourCat(),
    Shares(),
    Generic(),
)
"""Every source; the one that is surest of an input reads it."""

HASHING = (Telegram.name, Discord.name, WhatsApp.name)
"""The sources whose exports hold their media beside them, where ``ReadOptions.hash_media`` has them hashed."""

_MEDIA = ("image", "video", "audio")
_LEAST_SURE = 0.1
_WORTH_READING = 0.3
"""How sure a source must be of a file that was not named itself but lies in a folder or archive."""


def by_name(name: str) -> Source:
    """The source of that name.

    Raises:
        ConfigurationError: there is none; the message names the nearest.
    """
    return chosen(SOURCES, name, kind="source", where="--source")


def recognise(file: Input) -> Source:
    """The source that is surest of an input, judged by its name and head.

    Raises:
        InputError: the input cannot be opened.
        UnknownFormatError: no source recognises it, or two do equally well.
    """
    sure = sorted(((source.recognise(file), source.name) for source in SOURCES), reverse=True)
    if not sure or sure[0][0] < _LEAST_SURE:
        raise UnknownFormatError(
            "No source recognises this file.",
            where=file.label,
            mend=f"Say what it is with --source: {', '.join(sorted(name for _, name in sure))}.",
        )
    if len(sure) > 1 and sure[0][0] == sure[1][0]:
        raise UnknownFormatError(
            f"Two sources recognise this file equally well: {sure[0][1]} and {sure[1][1]}.",
            where=file.label,
            mend="Say which it is with --source.",
        )
    return by_name(sure[0][1])


def survey_paths(paths: Sequence[str | Path], source: Source | None = None, *, hash_media: bool = False) -> Survey:
    """The inputs in files, folders and archives, and what is left out because no source (or not this one) reads it.

    With ``hash_media``, pictures and other media in folders are not told as left out: they belong to the exports there.

    Raises:
        InputError: a path cannot be read, is empty, or is no file.
        UnknownFormatError: a folder or archive holds nothing that can be read.
        UnsafeArchiveError: an archive breaks a limit.
    """
    asked = SOURCES if source is None else (source,)
    return survey(
        paths,
        lambda file: any(one.recognise(file) >= _WORTH_READING for one in asked),
        lambda file: hash_media and file.path is not None and known_kind(file.name) in _MEDIA,
    )


def open_inputs(paths: Sequence[str | Path]) -> list[Input]:
    """The inputs of ``survey_paths``."""
    return list(survey_paths(paths).inputs)
