"""What the kind of a link says of the place that it leads to: what lives and ends there, and what it is for."""

from __future__ import annotations

from typing import NamedTuple

ROLES = ("chat", "social", "site", "file_host", "paste", "shortener", "infrastructure")
"""What a place is for: groups that talk, networks of many, a site, stores of files and texts, what only leads on."""

ADDRESS, CHANNEL, HOST, SERVER, DOMAIN = "address", "channel", "host", "server", "domain"
"""The place of a link: its whole address, the channel in it, its host, the server that it names, or its domain."""


class Kind(NamedTuple):
    """The place behind a kind of link."""

    what: str  # ADDRESS, CHANNEL, HOST, SERVER or DOMAIN
    kind: str  # of the place
    role: str


def _table(rows: str) -> dict[str, Kind]:
    """A row a kind of link: what its place is, the kind of that place, and its role."""
    return {kind: Kind(*rest) for kind, *rest in (row.split() for row in rows.strip().splitlines())}


KINDS = _table("""
telegram_handle    address  telegram_handle    chat
telegram_message   channel  telegram_handle    chat
telegram_invite    address  telegram_invite    chat
telegram           domain   telegram           chat
discord_invite     address  discord_invite     chat
telegram_closed    address  telegram_closed    chat
discord_channel    address  discord_channel    chat
discord            domain   discord            chat
matrix_alias       address  matrix_alias       chat
matrix_room        address  matrix_room        chat
matrix_user        server   matrix             chat
matrix             host     matrix             chat
rocketchat_invite  host     rocketchat         chat
rocketchat         host     rocketchat         chat
signal_group       address  signal_group       chat
signal_user        domain   signal             chat
signal             domain   signal             chat
whatsapp_group     address  whatsapp_group     chat
whatsapp_channel   address  whatsapp_channel   chat
whatsapp_user      domain   whatsapp           chat
whatsapp           domain   whatsapp           chat
tamtam_invite      address  tamtam_invite      chat
tamtam_handle      address  tamtam_handle      chat
tamtam             domain   tamtam             chat
hoop               address  hoop               chat
viber_group        address  viber_group        chat
viber              domain   viber              chat
line_group         address  line_group         chat
line               domain   line               chat
slack_invite       address  slack_invite       chat
slack              host     slack              chat
skype_group        address  skype_group        chat
skype              domain   skype              chat
xmpp_room          address  xmpp_room          chat
xmpp               domain   xmpp               chat
onion              host     onion              site
mastodon           host     mastodon           social
reddit_community   address  reddit_community   social
blog               host     blog               site
file_host          host     file_host          file_host
paste              host     paste              paste
shortener          host     shortener          shortener
x                  domain   x                  social
vk                 domain   vk                 social
bluesky            domain   bluesky            social
threads            domain   threads            social
gab                domain   gab                social
reddit             domain   reddit             social
youtube            domain   youtube            social
facebook           domain   facebook           social
instagram          domain   instagram          social
tiktok             domain   tiktok             social
ok                 domain   ok                 social
linkedin           domain   linkedin           social
snapchat           domain   snapchat           social
odysee             domain   odysee             social
code               domain   code               site
support            domain   support            site
web                domain   web                site
""")

SHARED_SERVERS = ("open.rocket.chat", "go.rocket.chat")
"""Servers on which many strangers keep rooms: an invite is a place of its own there."""

PRIVATE_CHANNEL = "telegram_closed"
"""A Telegram channel without a handle, known from links to its messages."""


def kind_of(told: str | None) -> Kind:
    """The row of a kind of link; one that the table does not know is as its family, or a place of its domain.

    >>> kind_of("x_status"), kind_of("guestbook")
    (Kind(what='domain', kind='x', role='social'), Kind(what='domain', kind='guestbook', role='site'))
    """
    if told is None:
        return KINDS["web"]
    family = told.partition("_")[0]
    return KINDS.get(told) or KINDS.get(family) or Kind(DOMAIN, told, "site")


def family_of(told: str | None) -> Kind:
    """The place of a link whose address is not kept: nothing but its domain is known of it.

    >>> family_of("telegram_invite"), family_of("mastodon").what
    (Kind(what='domain', kind='telegram', role='chat'), 'domain')
    """
    own = kind_of(told)
    if own.what in (HOST, DOMAIN):
        return Kind(DOMAIN, own.kind, own.role)
    return Kind(DOMAIN, own.kind.partition("_")[0], own.role)
