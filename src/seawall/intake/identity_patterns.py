"""What an identity looks like inside a text, as patterns of RE2 (linear in time, whatever the text).

Each rule is a pattern and what to write instead; they are applied in order. A doubtful case is hidden.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """Every match of ``pattern`` becomes ``instead`` (with ``\\1`` for the first group)."""

    pattern: str
    instead: str


class Family(NamedTuple):
    """Rules that can only apply to a text that matches ``possible``."""

    possible: str
    rules: tuple[Rule, ...]


ACCOUNT, EMAIL, PHONE, PROFILE, NAME = "@[account]", "[email]", "[phone]", "[profile]", "[name]"

AT = r"(?:[@＠﹫]|%40|&#0*64;|&#x0*40;|&commat;)"
_W = r"[\pL\pM\pN_]"
_WORD = rf"{_W}+(?:[.\-]+{_W}+)*"
_FORMAT = r"\p{Cf}*"
_HOST = rf"{_W}+(?:[.\-]+{_W}+)*"
_LOCAL = r"(?:\"[^\"\n]{1,64}\"|[\pL\pM\pN_%](?:[\pL\pM\pN_.+\-%'~]*[\pL\pM\pN_%\-])?)"
_SEGMENT = r"[\pL\pM\pN_.\-%~$]*[\pL\pM\pN_]"  # of a path; not behind RESERVED

_MENTIONS = (
    Rule(r"<[@＠][!&]?[^<>\n]{1,200}>", ACCOUNT),  # Slack <@U1|name>, Discord <@!1>
    Rule(r"[@＠]\x{2068}[^\x{2069}\n]*\x{2069}?", ACCOUNT),  # WhatsApp: a name between isolates
    Rule(rf"[@＠](?:<[a-zA-Z/][^<>]*>)+{_WORD}", ACCOUNT),  # HTML of Mastodon
    Rule(r"[@＠]_?\*\*[^*\n]{1,200}\*\*", ACCOUNT),  # Zulip
    Rule(r"[@＠]\[\d[^\]\n]*:[^\]\n]*\]", ACCOUNT),  # Facebook: @[id:type:name]
    Rule(r"[@＠]\[[^\]\n]{1,200}\]\([^)\n]*\)", ACCOUNT),  # Markdown: @[name](address)
    Rule(r"[@＠]\"[^\"\n]{1,100}\"", ACCOUNT),
)

AT_FAMILY = Family(
    rf"(?i){AT}",
    (
        *_MENTIONS,
        Rule(r"://[^\s\pZ/?#<>\"]+[@＠﹫][^\s\pZ/?#<>\"]*", "://" + ACCOUNT),  # name:password@host
        Rule(rf"(?i)(^|[^\pL\pM\pN_.+\-%]){AT}+{_FORMAT}{_WORD}{AT}{_HOST}", r"\1" + ACCOUNT),  # fediverse
        Rule(rf"(?i){_LOCAL}{AT}(?:{_HOST}|\[[0-9a-f:.]+\])", EMAIL),
        Rule(
            rf"(?i){AT}+{_FORMAT}[\pL\pM\pN_.\-=+]+:(?:{_HOST}\.{_HOST}(?::\d+)?|{_HOST}:\d+|localhost)", ACCOUNT
        ),  # Matrix
        Rule(rf"(?i){AT}+{_FORMAT}{_WORD}", ACCOUNT),
        Rule(rf"(?i){AT}+{_FORMAT}[.\-]+{_WORD}", ACCOUNT),
    ),
)

RESERVED = "\ufdd0"
"""Stands for a moment before a path's first part that is no name: a code point that no text may hold."""

_PLACES = (
    r"x\.com|twitter\.com|facebook\.com|fb\.com|fb\.me|m\.me|messenger\.com/t|instagram\.com|instagr\.am|ig\.me/m"
    r"|threads\.net|threads\.com|t\.me|telegram\.me|telegram\.dog|tiktok\.com|vk\.com|vkontakte\.ru|ok\.ru"
    r"|linkedin\.com/in|snapchat\.com/add|snapchat\.com|youtube\.com/user|youtube\.com/c|youtube\.com/channel"
    r"|tumblr\.com|pinterest\.com|twitch\.tv|soundcloud\.com|ask\.fm|about\.me|linktr\.ee|paypal\.me"
    r"|paypal\.com/paypalme|cash\.app|venmo\.com|ko-fi\.com|patreon\.com|onlyfans\.com|gab\.com|parler\.com"
    r"|minds\.com|keybase\.io|github\.com|gitlab\.com|weibo\.com|kik\.me|steamcommunity\.com/id"
    r"|steamcommunity\.com/profiles|threema\.id|line\.me/ti/p|wickr\.com/me|last\.fm/user|medium\.com/u|vimeo\.com"
)
_NO_NAMES = (
    r"search|hashtag|i|home|intent|share|sharer|sharer\.php|explore|events|groups|watch|photo|photo\.php|photos|story\.php"
    r"|permalink\.php|profile\.php|people|pages|stories|media|reel|reels|p|tv|tag|tags|discover|joinchat|c|s|addstickers"
    r"|addemoji|proxy|socks|iv|setlanguage|pin|video|videos|login|about|help|privacy|terms|settings|topics|legal"
    r"|t|m|feed|wall|topic|profile|user|users|u"
)
_ROLES = r"u|user|users|profile|profiles|people|member|members|author|authors|person|account|accounts|@"
_QUERY = (
    r"user|username|user_name|userid|user_id|uid|screen_name|handle|nick|nickname|login|account|account_id|acct|author"
    r"|author_id|profile|profile_id|from_user|to_user|email|e-mail|mail|domain|phone|tel|mobile|msisdn|contact"
)
_PERSON_SCHEMES = r"skype|callto|sips?|xmpp|aim|ymsgr|msnim|facetime|facetime-audio|threema|wickr|icq|jabber"

PROFILE_FAMILY = Family(
    rf"(?i)(?:{_PLACES}|wa\.me|signal\.me|matrix\.to|phone=|t\.me|\.livejournal\.com|\.bsky\.social)"
    rf"|/(?:{_ROLES})/|(?:^|[^\pL\pM\pN_.])/?u/|[?&;](?:{_QUERY})=|(?:{_PERSON_SCHEMES}|tg|tel|sms|mention):|{_W}#\d{{4}}"
    r"|profile\.php",
    (
        Rule(RESERVED, ""),
        Rule(r"(?i)\[[^\]\n]*\](\((?:https?://matrix\.to/#/(?:@|%40)|tg://user|mention:))", NAME + r"\1"),
        Rule(r"(?i)(href=\"(?:https?://matrix\.to/#/(?:@|%40)|tg://user|mention:)[^>\n]*>)[^<\n]*", r"\1" + NAME),
        Rule(rf"(?i)((?:tg:(?://)?)[a-z]+\?(?:[^\s&]*&)*?(?:id|domain|phone|user)=){_SEGMENT}", r"\1" + PROFILE),
        Rule(r"(?i)((?:tel|sms|smsto|callto|whatsapp):(?://)?)[+\d][\d().;\-]*\d", r"\1" + PHONE),
        Rule(r"(?i)((?:wa\.me|t\.me|signal\.me/#p|viber\.me)/)(?:\+|%2B)?\d{7,15}\b", r"\1" + PHONE),
        Rule(r"(?i)(phone=)(?:\+|%2B|\s)?\d[\d\-.]{5,}", r"\1" + PHONE),
        Rule(r"(?i)(signal\.me/#)[^\s\pZ<>\"]+", r"\1" + PROFILE),
        Rule(rf"(?i)\b((?:{_PERSON_SCHEMES}):(?://)?){_SEGMENT}", r"\1[account]"),
        Rule(rf"(?i)([?&;](?:{_QUERY})=)[^\s\pZ&#\"<>\[\]]+", r"\1" + PROFILE),
        Rule(r"(?i)(profile\.php\?(?:[^\s&]*&)*?id=)\d+", r"\1" + PROFILE),
        Rule(rf"(?i)(instagram\.com/stories/){_SEGMENT}", r"\1" + PROFILE),
        Rule(rf"(?i)(t\.me/s/){_SEGMENT}", r"\1" + PROFILE),
        Rule(rf"(?i)(/(?:{_ROLES})/~?){_SEGMENT}", r"\1" + PROFILE),
        Rule(r"(?i)(/people/\[profile\]/)\d+", r"\1" + PROFILE),
        Rule(rf"(?i)((?:{_PLACES})/(?:#!/)?)((?:{_NO_NAMES})(?:[/?#\s.,;:!)\"'<>]|$))", rf"\1{RESERVED}\2"),
        Rule(rf"(?i)((?:^|[^\pL\pN_\-])(?:{_PLACES})/(?:#!/)?[~$]?){_SEGMENT}", r"\1" + PROFILE),
        Rule(
            rf"(?i)((?:^|[^\pL\pN_.\-/])|//){_W}[\pL\pM\pN_\-]*\.(t\.me|tumblr\.com|livejournal\.com|bsky\.social)\b",
            rf"\1{PROFILE}.\2",
        ),
        Rule(rf"(?i)((?:^|[^\pL\pM\pN_.])/?u/){_SEGMENT}", r"\1" + PROFILE),
        Rule(r"(?:[\pL\pM\pN_][\pL\pM\pN_.]{0,30}[\pL\pM\pN_])#\d{4}\b", "[account]"),
        Rule(RESERVED, ""),
    ),
)

_SERVICES = r"skype|kik|snap(?:chat)?|wickr(?: me)?|threema|icq|jabber|wechat|viber|psn|xbox(?: live)?"
_BROADER = r"telegram|tg|insta(?:gram)?|ig|discord|whats ?app|signal|session|line|qq|facebook|fb|twitter|tiktok|youtube"
_ASKED = r"(?:[ ]?(?:id|name|nick|user(?: ?name)?|handle|account|login|me|is))*\s?[:=]\s?"

NAMED_FAMILY = Family(
    rf"(?i)\b(?:{_SERVICES}|{_BROADER}){_ASKED}\pL",
    (
        Rule(rf"(?i)\b((?:{_SERVICES}){_ASKED})[a-z0-9_][a-z0-9_.\-]*[a-z0-9_]", r"\1[account]"),
        Rule(rf"(?i)\b((?:{_BROADER}){_ASKED})[a-z][a-z0-9.\-]*[0-9_][a-z0-9_.\-]*", r"\1[account]"),
    ),
)

FAMILIES = (AT_FAMILY, PROFILE_FAMILY, NAMED_FAMILY)
