"""Names of accounts and rooms on other services, as people pass them on in a conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SERVICES = {
    "telegram": r"telegram|telega|tele|tg|телеграмм?|телега|телегу|телеге|тг|تلي?[جغق]رام|تيلي[جغ]رام",
    "whatsapp": r"whats ?app|wa|ватсапп?|вотсапп?|вацап|واتس ?اب|واتساب",
    "snapchat": r"snap(?:chat)?|sc|снап(?:чат)?|سناب",
    "instagram": r"insta(?:gram)?|ig|инстаграмм?|инста|инсте|انستا|انستغرام",
    "discord": r"discord|дискорд",
    "kik": r"kik",
    "skype": r"skype|скайпе?|سكايب",
    "signal": r"signal|сигнал",
    "wickr": r"wickr(?: me)?",
    "threema": r"threema",
    "viber": r"viber|вайбер|فايبر",
    "wechat": r"we ?chat|weixin",
    "line": r"line id",
    "icq": r"icq",
    "session": r"session id",
    "facebook": r"facebook|fb|messenger|фейсбук",
    "tiktok": r"tik ?tok|тикток",
    "twitter": r"twitter|твиттер",
    "vk": r"vk|вк|вконтакте",
    "jabber": r"jabber|xmpp|жаббер",
    "element": r"element|matrix",
}
_SERVICE = {spelling: re.compile(rf"(?:{spellings})\Z", re.IGNORECASE) for spelling, spellings in _SERVICES.items()}
ANY_SERVICE = "|".join(_SERVICES.values())
_FILLER = r"(?:\s+(?:id|name|nick|nickname|user ?name|user|handle|account|acc|contact|ник|имя))?"
_NAME = r"[^\W_][\w.\-]{1,30}[^\W]|_[\w.\-]{1,30}\w"
_SAID = re.compile(
    rf"(?<![\w@/.])(?P<mine>(?:my|mein|mon|mi|mój|мой|моя|мою)\s+)?(?P<service>{ANY_SERVICE}){_FILLER}"
    rf"(?P<link>\s*[:=]\s*@?|\s+[-–—]\s+@?|\s+(?:is|it's|ist|est|es)\s+@?|\s*,?\s+(?:at\s+)?@|\s+|\s*[-–—]\s*@?)"
    rf"(?P<name>{_NAME})(?![\w/#]|:/)",
    re.IGNORECASE,
)
_HANDLE_LIKE = re.compile(r"[\d_.]")
_COMMON_WORDS = """
is it its the and but for not now yet too are was has can app apps account group chat channel message messages
later please pls only here there okay yes no or on in to me my you your this that what when with because good
great better dead down working new old user name number link video videos call calls story stories instead http
https www then also just ist und der die das nur oder est pas les une для это что как или нет
"""
_NOT_A_NAME = frozenset(_COMMON_WORDS.split())

_LINKS = {
    "telegram": r"(?:t\.me|telegram\.(?:me|dog))/(?:s/)?(?!joinchat\b|\+|c/|addstickers|share\b|proxy\b)"
    r"@?([a-z]\w{2,31})"
    r"|tg:(?://)?resolve\?domain=(\w+)",
    "instagram": r"instagram\.com/(?!p/|reel|explore|stories/|tv/)@?([\w.]+)"
    r"|instagram\.com/stories/([\w.]+)|ig\.me/m/([\w.]+)",
    "snapchat": r"snapchat\.com/(?:add|@)/?([\w.\-]+)",
    "facebook": r"(?:facebook\.com|fb\.com|m\.me|messenger\.com/t)/(?!groups/|events/|watch|share|photo|story)"
    r"(?:profile\.php\?id=)?([\w.\-]+)",
    "twitter": r"(?:twitter|(?<![\w.\-])x)\.com/(?!i/|search|hashtag/|intent/|home\b)@?(\w{1,15})",
    "tiktok": r"tiktok\.com/@([\w.]+)",
    "vk": r"vk\.com/(?!wall|feed|video|photo|im\b)([\w.]+)",
    "discord": r"(?:discord|discordapp)\.com/users/(\d+)",
    "kik": r"kik\.me/([\w.]+)",
    "skype": r"skype:([\w.,\-:]+)",
    "threema": r"threema\.id/([A-Z0-9*]{8})",
    "wickr": r"wickr\.com/me/([\w.\-]+)",
    "line": r"line\.me/(?:R/)?ti/p/([\w@~%.\-]+)",
    "signal": r"signal\.me/#eu/([\w\-=]+)",
    "youtube": r"youtube\.com/(?:@|user/|c/|channel/)([\w.\-]+)",
}
_INVITES = {
    "discord": r"(?:discord\.gg|discord(?:app)?\.com/invite|dsc\.gg)/([\w\-]+)",
    "telegram": r"(?:t\.me|telegram\.(?:me|dog))/(?:joinchat/|\+(?!\d{7,15}(?!\w)))([\w\-]+)"
    r"|tg:(?://)?join\?invite=([\w\-]+)",
    "whatsapp": r"chat\.whatsapp\.com/(?:invite/)?([\w\-]+)|whatsapp\.com/channel/([\w\-]+)",
    "signal": r"signal\.group/#?([\w\-=]+)",
    "matrix": r"matrix\.to/#/((?:#|%23|!|%21)[\w.\-=/+]+(?::|%3A)[\w.\-]+(?::\d+)?)"
    r"|(?<![\w/])(#[\w.\-=+]+:[\w\-]+(?:\.[\w\-]+)+)",
    "skype": r"join\.skype\.com/(?:invite/)?([\w\-]+)",
    "line": r"line\.me/(?:R/)?ti/g/([\w\-]+)",
    "viber": r"invite\.viber\.com/\?g2?=([\w%\-]+)",
    "slack": r"join\.slack\.com/t/([\w\-]+/shared_invite/[\w~\-]+)",
    "rocketchat": r"go\.rocket\.chat/invite\?[^\s]*?path=(invite%2F\w+|invite/\w+)|/invite/(\w{6,})",
    "simplex": r"simplex\.chat/(?:invitation|contact)[#/?]*([^\s]+)",
    "zoom": r"zoom\.us/j/(\d+)",
    "guilded": r"guilded\.gg/i/(\w+)",
}


def _compiled(patterns: dict[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    return [(service, re.compile(pattern, re.IGNORECASE)) for service, pattern in patterns.items()]


_LINK_PATTERNS, _INVITE_PATTERNS = _compiled(_LINKS), _compiled(_INVITES)
_MATRIX = re.compile(r"(?<![\w@])@([\w.\-=/+]+:[\w\-]+(?:\.[\w\-]+)+(?::\d+)?)")
_FEDIVERSE = re.compile(r"(?<![\w@.])@([\w.\-]+@[\w\-]+(?:\.[\w\-]+)+)|https?://([\w\-]+(?:\.[\w\-]+)+)/@([\w.\-]+)")
_XMPP = re.compile(r"xmpp:([\w.\-%]+@[\w.\-]+)", re.IGNORECASE)
_DISCORD_TAG = re.compile(r"(?<![\w.#])([\w.]{2,32}#\d{4})(?!\w)")


def invites(text: str) -> Iterator[tuple[int, str]]:
    """Where links into rooms and groups stand, and each as ``service:code``.

    >>> list(invites("join https://discord.gg/AbC12"))
    [(13, 'discord:AbC12')]
    """
    for service, pattern in _INVITE_PATTERNS:
        for found in pattern.finditer(text):
            code = next(part for part in found.groups() if part)
            if service == "matrix":
                code = code.replace("%23", "#").replace("%21", "!").replace("%3A", ":")
            yield found.start(), f"{service}:{code}"


def handles(text: str) -> Iterator[tuple[int, str]]:
    """Where names of accounts elsewhere stand, and each as ``service:name`` in small letters.

    >>> list(handles("my telegram is @Fern_99"))
    [(0, 'telegram:fern_99')]
    """
    for service, pattern in _LINK_PATTERNS:
        for found in pattern.finditer(text):
            yield found.start(), f"{service}:{_name(next(part for part in found.groups() if part))}"
    for found in _MATRIX.finditer(text):
        yield found.start(), f"matrix:{_name(found[1])}"
    for found in _FEDIVERSE.finditer(text):
        yield found.start(), f"fediverse:{_name(found[1] or f'{found[3]}@{found[2]}')}"
    for found in _XMPP.finditer(text):
        yield found.start(), f"jabber:{_name(found[1])}"
    for found in _DISCORD_TAG.finditer(text):
        yield found.start(), f"discord:{_name(found[1])}"
    for found in _SAID.finditer(text):
        if _is_passed_on(found):
            yield found.start(), f"{_service(found['service'])}:{_name(found['name'])}"


def _is_passed_on(found: re.Match[str]) -> bool:
    """Whether the word behind a service's name is an account's: it has a sign, or it looks like one."""
    name, link = found["name"], found["link"].strip()
    if name.casefold() in _NOT_A_NAME or name.isdigit():
        return False
    return "@" in link or link in (":", "=") or bool(_HANDLE_LIKE.search(name)) or (bool(found["mine"]) and link != "")


def _service(spelling: str) -> str:
    return next(service for service, pattern in _SERVICE.items() if pattern.match(spelling))


def _name(written: str) -> str:
    return written.casefold().strip(".-_~")
