"""Hosts that are numbers: IPv4 in the forms that browsers read, and IPv6 in the form that they write."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from itertools import groupby

_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_LONGEST_NUMBER = 64


def is_number(label: str) -> bool:
    """Whether the last label of a host is one, which makes the host an IPv4 address or nothing.

    >>> is_number("0x7f"), is_number("7f")
    (True, False)
    """
    return _NUMBER.fullmatch(label) is not None


def ipv4(labels: list[str]) -> str | None:
    """A dotted address out of up to four numbers in decimal, octal or hexadecimal, as browsers read them.

    >>> ipv4(["0x7f", "1"]), ipv4(["0177", "0", "0", "01"]), ipv4(["1", "256", "1"])
    ('127.0.0.1', '127.0.0.1', None)
    """
    if len(labels) > 4:
        return None
    numbers = []
    for label in labels:
        if not is_number(label) or len(label) > _LONGEST_NUMBER:
            return None
        try:
            numbers.append(_number(label))
        except ValueError:
            return None
    *leading, last = numbers
    if any(number > 255 for number in leading) or last >= 256 ** (5 - len(numbers)):
        return None
    value = last + sum(number << 8 * (3 - place) for place, number in enumerate(leading))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _number(label: str) -> int:
    if label[:2] in ("0x", "0X"):
        return int(label[2:] or "0", 16)
    return int(label, 8) if label.startswith("0") and len(label) > 1 else int(label)


def ipv6(text: str) -> str | None:
    """An IPv6 address in brackets, in small letters with the longest run of zeros left out; without a zone.

    >>> ipv6("[2001:DB8:0:0:1:0:0:1]"), ipv6("[::ffff:192.0.2.7]"), ipv6("[:::1]"), ipv6("[fe80::1%eth0]")
    ('[2001:db8::1:0:0:1]', '[::ffff:c000:207]', None, None)
    """
    if not text.endswith("]") or "%" in text:
        return None
    try:
        value = int(IPv6Address(text[1:-1]))
    except AddressValueError:
        return None
    groups = [f"{value >> shift & 0xFFFF:x}" for shift in range(112, -1, -16)]
    return f"[{_shortened(groups)}]"


def _shortened(groups: list[str]) -> str:
    runs = [[place for place, _ in run] for zero, run in groupby(enumerate(groups), lambda one: one[1] == "0") if zero]
    longest = max(runs, key=len, default=[])
    if len(longest) < 2:
        return ":".join(groups)
    return f"{':'.join(groups[: longest[0]])}::{':'.join(groups[longest[-1] + 1 :])}"
