"""What an operator sets for a Mastodon connection."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from seawall.errors import ConfigurationError
from seawall.protocols import Connection
from seawall.sources.live.stated import stated_list, stated_moment

_TAG = re.compile(r"\w[\w·]{0,99}")
_LIST = re.compile(r"[0-9A-Za-z]{1,32}")
_USUAL = "public"
_FORMS = "public, public:local, public:remote, hashtag:NAME, hashtag:local:NAME, list:NUMBER and user"


@dataclass(frozen=True, slots=True)
class Timeline:
    """One timeline, as the streaming interface and as REST name it."""

    name: str  # as it was written
    subscription: dict[str, str]  # what is sent to subscribe
    stream: tuple[str, ...]  # what frames of it carry
    path: str
    params: dict[str, str] = field(default_factory=dict)
    is_feed: bool = False  # kept for the reader, and only its newest few hundred statuses

    @staticmethod
    def of(name: str, where: str) -> Timeline:
        """The timeline of that name.

        Raises:
            ConfigurationError: there is no such timeline.
        """
        kind, _, rest = name.partition(":")
        public = {"": {}, "local": {"local": "true"}, "remote": {"remote": "true"}}
        if kind == "public" and rest in public:
            return Timeline(name, {"stream": name}, (name,), "api/v1/timelines/public", public[rest])
        if name == "user":
            return Timeline(name, {"stream": name}, (name,), "api/v1/timelines/home", is_feed=True)
        local, tag = rest.startswith("local:"), rest.removeprefix("local:").removeprefix("#")
        if kind == "hashtag" and _TAG.fullmatch(tag):
            stream = "hashtag:local" if local else "hashtag"
            params = {"local": "true"} if local else {}
            path = f"api/v1/timelines/tag/{quote(tag, safe='')}"
            return Timeline(name, {"stream": stream, "tag": tag}, (stream, tag.lower()), path, params)
        if kind == "list" and _LIST.fullmatch(rest):
            told = {"stream": "list", "list": rest}
            return Timeline(name, told, ("list", rest), f"api/v1/timelines/list/{rest}", is_feed=True)
        raise ConfigurationError(
            "This is no timeline that is read.", where=f"{where}, timelines", mend=f"There are: {_FORMS}."
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """What to read, and from when on."""

    timelines: tuple[Timeline, ...]
    since_us: int | None  # UTC microseconds; None = from now on
    streaming: str | None  # the address of the streaming interface, where it is stated

    @staticmethod
    def of(connection: Connection) -> Settings:
        """The settings of a connection.

        Raises:
            ConfigurationError: one cannot be read.
        """
        where = f"connection {connection.name}"
        named = stated_list(connection.settings.get("timelines", "")) or (_USUAL,)
        return Settings(
            timelines=tuple(Timeline.of(name, where) for name in named),
            since_us=stated_moment(connection.settings.get("since", ""), where),
            streaming=connection.settings.get("streaming", "").strip() or None,
        )
