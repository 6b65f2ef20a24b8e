"""What a JSON value holds, taken with mistrust: any field may be of any type."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import msgspec

from seawall.sources.times import EARLIEST, LATEST

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST = (EARLIEST - _EPOCH) // _MICROSECOND
_BEYOND = (LATEST - _EPOCH) // _MICROSECOND
LARGEST = 2**63 - 1


class Undecodable(Exception):  # noqa: N818 - it becomes a rejected record, not an error
    """These bytes are no JSON value. Says why, without quoting them."""


class Unusable(Exception):  # noqa: N818 - it becomes a rejected record, not an error
    """A record lacks something that it must have: the field, and why, without its value."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(field, reason)


def decoded(raw: bytes) -> Any:
    """The value of some JSON text.

    Control characters inside strings, which some exporters write, and NaN are accepted; halves of surrogate
    pairs become U+FFFD; of repeated keys the last one counts.

    >>> decoded(b'{"a": "\\x1f"}')
    {'a': '\\x1f'}

    Raises:
        Undecodable: it is not JSON, not UTF-8, or nested too deeply.
    """
    try:
        return msgspec.json.decode(raw)
    except RecursionError:
        raise Undecodable("nested too deeply") from None
    except (msgspec.MsgspecError, ValueError):
        return _decoded_leniently(raw)


def _decoded_leniently(raw: bytes) -> Any:
    try:
        value = json.loads(raw.decode("utf-8"), strict=False)
        plain = json.dumps(value, ensure_ascii=False)
        whole = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return value if whole == plain else json.loads(whole)
    except RecursionError:
        raise Undecodable("nested too deeply") from None
    except UnicodeDecodeError:
        raise Undecodable("not UTF-8") from None
    except ValueError:
        raise Undecodable("not JSON") from None


def text_of(value: Any) -> str | None:
    """A text that is not empty, or None.

    >>> text_of("beans"), text_of(""), text_of(7)
    ('beans', None, None)
    """
    return value if isinstance(value, str) and value else None


def id_of(value: Any) -> str | None:
    """An id that is told as a text or as a whole number, or None.

    >>> id_of(7), id_of("7"), id_of(True), id_of(7.5), id_of("")
    ('7', '7', None, None, None)
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return str(value)
    return None


def size_of(value: Any) -> int | None:
    """A number of bytes or of people, or None.

    >>> size_of(12), size_of(-1), size_of(2**70), size_of("12")
    (12, None, None, None)
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    return None


def list_of(value: Any) -> list[Any]:
    """The list, or an empty one if it is none."""
    return value if isinstance(value, list) else []


def dict_of(value: Any) -> dict[str, Any]:
    """The object, or an empty one if it is none."""
    return value if isinstance(value, dict) else {}


def number_time(value: Any, per_second: int) -> int | None:
    """UTC microseconds of a number of seconds (``per_second`` = 1) or milliseconds (1,000) since 1970, or None.

    The number may be written as a text. None too where it stands for no time (see ``times.EARLIEST``): old
    exports write 1970 for "never".

    >>> number_time("1704888000", 1), number_time(True, 1), number_time(float("nan"), 1)
    (1704888000000000, None, None)
    """
    if isinstance(value, str):
        if len(value) > 20 or not value.isascii() or not value.removeprefix("-").isdigit():
            return None
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e17 < value < 1e17:
        return None
    moment = int(value * (1_000_000 // per_second))
    return moment if _FIRST <= moment < _BEYOND else None


def written_time(value: Any, zone: tzinfo | None) -> int | None:
    """UTC microseconds of an ISO 8601 text, or None. A time without a zone is of ``zone``; without one: None.

    >>> written_time("2024-04-12T09:00:00+02:00", None) == written_time("2024-04-12T07:00:00.000Z", None)
    True
    """
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            if zone is None:
                return None
            moment = moment.replace(tzinfo=zone)
        micros = (moment - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return None
    return micros if _FIRST <= micros < _BEYOND else None


def identity(stable: str | None = None, handle: str | None = None, name: str | None = None) -> dict[str, str | None]:
    """A row of ``model.RAW_IDENTITY``."""
    return {"id": stable, "handle": handle, "name": name}


_MEDIA_OF = {"image": "image", "video": "video", "audio": "audio", "text": "text"}


def media(kind_or_mime: Any, size: Any) -> dict[str, Any]:
    """A row of ``model.RAW_MEDIA`` from a media kind or a MIME type, and a number of bytes.

    >>> media("image/jpeg", 10)["kind"], media("application/pdf", None)["kind"], media(None, None)["kind"]
    ('image', 'document', 'document')
    """
    head = kind_or_mime.partition("/")[0] if isinstance(kind_or_mime, str) else ""
    return {"kind": _MEDIA_OF.get(head, "document"), "bytes": size_of(size)}
