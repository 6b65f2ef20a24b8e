"""Telephone numbers in texts: which runs of digits are one.

A number is to be hidden rather than shown, so a doubtful run counts; dates, years, amounts with thousands separators,
network addresses and long ids do not.
"""

from __future__ import annotations

import re

_SPACES = " \u00a0\u2007\u2009\u202f"
_DASHES = "\\-\u2010-\u2015\u2212"
_BETWEEN = rf"[{_SPACES}{_DASHES}()./·]{{0,3}}"

_DIGIT = r"[0-9\x{0660}-\x{0669}\x{06F0}-\x{06F9}\x{FF10}-\x{FF19}]"
POSSIBLE = _DIGIT + r"(?:[ \x{A0}\x{2007}\x{2009}\x{202F}\-\x{2010}-\x{2015}\x{2212}()./·]{0,3}" + _DIGIT + r"){6}"
"""A pattern of RE2 that every text with a telephone number matches."""

_NUMBER = re.compile(rf"(?<![\w/=#%&@])(?<!\d[.,])[+＋]?\(?[+＋]?\d(?:{_BETWEEN}\d){{6,}}(?![\w%])")
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:(?:19|20)\d\d|\d\d))(?!\d)"
    r"|(?<!\d)(?:1\d|20)\d\d\s?[-‐-―−/ ]\s?(?:1\d|20)\d\d(?!\d)"
)
_AMOUNT = re.compile(rf"(?:\d{{1,2}}(?:[{_SPACES}]\d{{3}})+|\d{{1,3}}(?:\.\d{{3}})+|(?:0|[1-9]\d{{0,2}})\.\d{{4,}})")
_NETWORK_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_SEVEN_OR_EIGHT = re.compile(rf"\(?\d{{3,4}}\)?[{_SPACES}{_DASHES}.]\d{{4}}|0\d(?:[{_SPACES}.-]\d\d){{3}}")

LONGEST = 15
"""Digits of an international number (ITU-T E.164)."""


def is_phone(written: str) -> bool:
    """Whether a run of digits and separators is a telephone number.

    >>> [is_phone(run) for run in ("+49 170 1234567", "(555) 010-0199", "2016-09-15", "1 234 567", "10.0.12.255")]
    [True, True, False, False, False]
    """
    if written.lstrip("(").startswith(("+", "＋")):
        return True
    if _AMOUNT.fullmatch(written) or _NETWORK_ADDRESS.fullmatch(written):
        return False
    rest = _DATE.sub(" ", written).strip()
    groups = re.findall(r"\d+", rest)
    digits = sum(map(len, groups))
    if len(groups) == 1:
        return 10 <= digits <= LONGEST or (digits == 9 and rest.lstrip("(").startswith("0"))
    if digits < 9:
        return _SEVEN_OR_EIGHT.fullmatch(rest) is not None
    return digits >= 2 * len(groups)


def phones(text: str) -> list[str]:
    """The telephone numbers in a text, as written.

    >>> phones("Call 0171/1234567 before 01.05.2026, or +1 (555) 010-0199.")
    ['0171/1234567', '+1 (555) 010-0199']
    """
    return [written for written in _NUMBER.findall(text) if is_phone(written)]


def hide_phones(text: str) -> str:
    """The text with ``[phone]`` for each telephone number."""
    return _NUMBER.sub(lambda found: "[phone]" if is_phone(found[0]) else found[0], text)
