"""Words of the records that pages show: each in English as the key of its translation."""

from __future__ import annotations

from seawall.web.marking import _

UNITS = {
    one: one
    for one in (
        _("messages per minute"),
        _("messages per 5 minutes"),
        _("messages per 15 minutes"),
        _("messages per hour"),
        _("messages per 3 hours"),
        _("messages per 12 hours"),
        _("messages per day"),
        _("messages per week"),
        _("messages per 28 days"),
        _("messages per 364 days"),
    )
}
MESSAGE_KINDS = {
    "post": _("post"),
    "reply": _("reply"),
    "repost": _("repost"),
    "quote": _("quotation"),
    "edit": _("edit"),
    "service": _("notice of the platform"),
}
ACT_KINDS = {
    "mention": _("mention"),
    "reply": _("reply"),
    "repost": _("repost"),
    "follow": _("follow"),
    "unfollow": _("unfollow"),
    "dm": _("direct message"),
    "reaction": _("reaction"),
    "invite": _("invitation"),
    "join": _("joining"),
    "leave": _("leaving"),
    "report": _("complaint to the platform"),
    "block": _("block"),
    "contact_shared": _("outside address passed on"),
}
VISIBILITIES = {"public": _("public"), "closed": _("closed"), "direct": _("direct")}
CHANNEL_KINDS = {
    "broadcast": _("broadcast channel"),
    "group": _("group"),
    "room": _("room"),
    "feed": _("feed"),
    "direct": _("direct conversation"),
}
LAYERS = {
    "repost": _("repost"),
    "link": _("link"),
    "text": _("text"),
    "similar": _("similar text"),
    "hashtag": _("hashtag"),
    "hashtag_sequence": _("order of hashtags"),
    "reply": _("reply"),
    "mention": _("mention"),
    "media": _("media"),
}
NEW = {
    "urgent": _("Urgent"),
    "surge": _("Surges and collapses"),
    "group": _("Groups that act together"),
    "copies": _("Texts that spread"),
    "campaign": _("Candidates for campaigns"),
    "hub": _("Hubs"),
    "known": _("Known content"),
}
INDICATOR_KINDS = {
    "url": _("address"),
    "domain": _("domain"),
    "text": _("whole text"),
    "phrase": _("phrase"),
    "word": _("word"),
    "sha256": "SHA-256",
    "md5": "MD5",
    "pdq": _("look of a picture (PDQ)"),
    "video_md5": _("video (MD5)"),
}
INDICATOR_STATES = {
    "proposed": _("waits for a second person"),
    "shadow": _("in shadow: counted, no alert"),
    "live": _("live"),
    "disabled": _("its list is switched off"),
    "quarantined": _("in quarantine: it hit too much"),
    "retracted": _("retracted"),
}
CONTEXTS = {"plain": _("plain"), "reported": _("in a complaint"), "quoted": _("in a quotation")}
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
DOING = {
    "waiting for its turn": _("waiting for its turn"),
    "reading messages": _("reading messages"),
    "looking for pairs": _("looking for pairs"),
    "placing accounts": _("placing accounts"),
}
