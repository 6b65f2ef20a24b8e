"""Words of places, of lives and of before and after, that pages show: each in English as the key of its translation."""

from __future__ import annotations

from seawall.web.marking import _

TABS = {
    "places": _("Places"),
    "places.survival": _("Survival"),
    "places.effect": _("Before and after"),
    "places.successors": _("Successors"),
    "places.limits": _("What cannot be concluded"),
}
"""Route -> what its tab is called."""
ROLES = {
    "chat": _("groups that talk"),
    "social": _("social network"),
    "site": _("site"),
    "file_host": _("store of files"),
    "paste": _("store of texts"),
    "shortener": _("short links"),
    "infrastructure": _("infrastructure"),
}
KINDS = {
    "web": _("web site"),
    "blog": _("blog"),
    "onion": _("onion address"),
    "file_host": _("file host"),
    "paste": _("paste site"),
    "shortener": _("shortener"),
    "code": _("site of code"),
    "support": _("site of donations"),
    "telegram_handle": _("Telegram channel or group"),
    "telegram_invite": _("Telegram invite"),
    "telegram_closed": _("closed Telegram channel"),
    "telegram": "Telegram",
    "discord_invite": _("Discord invite"),
    "discord_channel": _("Discord channel"),
    "discord": "Discord",
    "matrix_alias": _("Matrix room"),
    "matrix_room": _("Matrix room"),
    "matrix": _("Matrix server"),
    "rocketchat_invite": _("Rocket.Chat invite"),
    "rocketchat": _("Rocket.Chat server"),
    "signal_group": _("Signal group"),
    "signal": "Signal",
    "whatsapp_group": _("WhatsApp group"),
    "whatsapp_channel": _("WhatsApp channel"),
    "whatsapp": "WhatsApp",
    "tamtam_invite": _("TamTam group"),
    "tamtam_handle": _("TamTam group"),
    "tamtam": "TamTam",
    "hoop": _("Hoop vault"),
    "viber_group": _("Viber group"),
    "line_group": _("LINE group"),
    "slack_invite": _("Slack invite"),
    "skype_group": _("Skype group"),
    "xmpp_room": _("XMPP room"),
    "mastodon": _("Mastodon server"),
    "reddit_community": _("Reddit community"),
    "x": "X",
    "vk": "VK",
    "bluesky": "Bluesky",
    "youtube": "YouTube",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "tiktok": "TikTok",
}
"""Kinds of places; those of the operator's own table are shown as they are called there."""
PLACES_LEFT_OUT = {"no time": _("they have no time"), "no address": _("neither address nor domain is kept of them")}
CHANNEL_UNITS = {
    one: one
    for one in (
        _("channels per minute"),
        _("channels per 5 minutes"),
        _("channels per 15 minutes"),
        _("channels per hour"),
        _("channels per 3 hours"),
        _("channels per 12 hours"),
        _("channels per day"),
        _("channels per week"),
        _("channels per 28 days"),
        _("channels per 364 days"),
    )
}
GROUPED = {
    "channel_kind": _("by kind of channel"),
    "platform": _("by platform"),
    "visibility": _("by who can read them"),
    "": _("all in one"),
}
ENDS = {
    "taken_down": _("taken down"),
    "renamed": _("renamed"),
    "dormant": _("dormant"),
    "unknown": _("not known"),
    "merged": _("merged"),
    "split": _("split"),
}
LIVES_LEFT_OUT = {
    "no_start": _("no start is told"),
    "end_before_start": _("the end is before the start"),
    "begins_after_until": _("they begin after the end of observation"),
    "end_without_time": _("an end is told, but not when"),
    "alive_after_end": _("they were seen alive after their end"),
    "never_observed": _("observation began when they had ended, or never"),
    "overlapping": _("they overlap another spell of the same thing, or repeat it"),
    "age_unknown": _("they were there when collection began, and nothing tells since when"),
    "spoke_after_end": _("they spoke after the end that is told of them"),
    "not_collected": _("nothing of them was collected"),
}
MEASURES = {
    "messages": _("messages"),
    "accounts": _("accounts"),
    "forwards": _("forwards"),
    "new channels": _("new channels"),
}
UNITS_A_DAY = {
    "messages": _("messages per day"),
    "accounts": _("accounts per day"),
    "forwards": _("forwards per day"),
    "new channels": _("new channels per day"),
}
VERDICTS = {
    "fell": _("fell"),
    "rose": _("rose"),
    "no change seen": _("no change seen"),
    "cannot tell": _("cannot tell"),
}
REASONS = {
    one: one
    for one in (
        _("the interval is too wide: it holds a fall and a rise"),
        _("too few days before the action are known"),
        _("too few days after the action are known"),
        _("too little was counted before the action"),
        _("it began too shortly before the action"),
        _("there are too few controls, and too little time before to do without"),
        _("too few days are there before the action"),
        _("too few days are there after the action"),
        _("none of its channels stands in the series"),
        _("another action on the same channels lies within the window"),
    )
}
WENT = {
    "new": _("new to them"),
    "elsewhere": _("elsewhere, new to them"),
    "where they were": _("where they were before"),
    "seen nowhere": _("seen nowhere"),
}
CAME_BACK = {
    "channels": _("channels"),
    "accounts, to these channels": _("accounts, to these channels"),
    "accounts, to anywhere": _("accounts, to anywhere"),
}
DOUBTS = {
    one: one
    for one in (
        _(
            "Nobody drew lots who was acted on: whatever else changed for these channels alone at that time cannot be "
            "told apart from the action."
        ),
        _("It tells what was counted here; what people did elsewhere at the same time is not in it."),
        _("These are the days on which reviewers decided to refer, not those on which a platform acted."),
        _(
            "There was nothing to compare with but the time before: whatever changed for everybody at that time looks "
            "like the action."
        ),
        _(
            "Accounts count as if each went its own way; where they move together, as groups do, the intervals are too "
            "narrow."
        ),
        _("It tells of what was collected: who went where nothing is collected looks silent."),
        _(
            "Accounts go to new places and fall silent without any action, too: beside each share stands that of "
            "others."
        ),
        _("Only the first days of a life are compared, as many as could be seen on both sides."),
        _("Each channel counts as if it had a fate of its own; where many end together, the interval is too narrow."),
    )
}
"""Sentences of doubt that carry no number; those that do stand as they were written."""
EFFECT_LEFT_OUT = {
    one: one
    for one in (
        _("a control that is too new, too quiet, or known on too few days"),
        _("a day on which an action began within the day"),
        _("a channel that was acted on and does not stand in the series"),
        _("a channel with another action within the window"),
        _("a channel that was acted on, as a control"),
        _("an action on a channel that is not in this workspace"),
        _("a row without account or channel"),
        _("an action whose windows are not wholly there"),
        _("an action on no channel that is there"),
        _("an action whose window is not over"),
        _("an action that was told twice"),
    )
}
"""Some of them stand with the measure in brackets: see ``left_out_words``."""
AFTER_LEFT_OUT = {
    one: one
    for one in (
        _("channels that are persons' or direct"),
        _("channels told more than once"),
        _("channels that end before they begin"),
        _("ends of what is not among the channels"),
        _("ends before the channel begins"),
        _("earlier ends of a channel that ended again"),
        _("links of what is not among the channels"),
        _("forwards of what is not among the channels"),
        _("media of what is not among the channels"),
        _("clusters of what is not among the channels"),
    )
}
TERMS = {
    "opened": _("opened near the end"),
    "announced": _("named by the old channel"),
    "points_back": _("names the old channel"),
    "audience": _("known to the same channels"),
    "handle": _("called alike"),
    "links": _("links to the same rare sites"),
    "sources": _("forwards the same channels"),
    "forwards": _("one forwarded the other"),
    "media": _("posts the same media again"),
    "texts": _("posts the same texts again"),
    "rivals": _("taken back: friends and strangers do this, too"),
}
"""Why a channel may be a successor, term by term."""
PLACES_DOING = {
    "waiting for its turn": _("waiting for its turn"),
    "reading messages": _("reading messages"),
    "counting places": _("counting places"),
    "looking for places that emerge": _("looking for places that emerge"),
    "counting members": _("counting members"),
    "reading channels": _("reading channels"),
    "holding before against after": _("holding before against after"),
    "following accounts": _("following accounts"),
    "comparing channels": _("comparing channels"),
}


def left_out_words(reason: str) -> tuple[str, str]:
    """A reason for leaving something out, and the measure that stands behind it in brackets; "" where none does.

    >>> left_out_words("an action that was told twice (messages)"), left_out_words("an action that was told twice")
    (('an action that was told twice', 'messages'), ('an action that was told twice', ''))
    """
    base, _bracket, measure = reason.removesuffix(")").rpartition(" (")
    return (base, measure) if measure in MEASURES else (reason, "")
