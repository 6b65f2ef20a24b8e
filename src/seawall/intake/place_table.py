"""The table of known places. To add one, add a ``Family``; ``place_rules`` explains the language.

Hosts stand without ``www.``, ``m.`` and ``mobile.``, which lead to the same place on every host listed here.
"""

from __future__ import annotations

from seawall.intake.place_rules import Family, Redirect, rule, words

MATRIX = Family(
    "matrix",
    ("matrix.to", "app.element.io", "develop.element.io", "riot.im"),
    (
        rule("matrix_user", r"/[^#]*#/(?:user/)?@{name=[^:/?]+}:{server=[\w.:-]+}.*", "matrix.to/#/@{name}:{server}"),
        rule(
            "matrix_alias", r"/[^#]*#/(?:room/)?#{name=[^:/?]+}:{server=[\w.:-]+}.*", "matrix.to/#/%23{name}:{server}"
        ),
        rule("matrix_room", r"/[^#]*#/(?:room/)?!{name=[^:/?]+}:{server=[\w.:-]+}.*", "matrix.to/#/!{name}:{server}"),
        rule("matrix_room", r"/[^#]*#/(?:room/)?!{name=[^:/?]+}.*", "matrix.to/#/!{name}"),
    ),
    fragment=True,
)


def _open(place: str, hosts: str) -> Family:
    """Hosts of which nothing is hidden but what looks like a name anywhere."""
    return Family(place, tuple(hosts.split()), persons=False)


_OWN = words("www docs developer developers forums support help blog status api app apps")
"""Names before a host on which its maker speaks, and no server of a customer stands."""

_CHAT = (
    Family(
        "telegram",
        ("t.me", "telegram.me", "telegram.dog"),
        (
            rule("telegram_invite", r"/(?:joinchat/|\+|%2B){code=[\w-]+}", "t.me/+{code}"),
            rule("telegram_closed", r"/c/{name=\d+}", "t.me/c/{name}"),
            rule("telegram_message", r"/c/{name=\d+}/(?:\d+/)?{post=\d+}", "t.me/c/{name}/{post}"),
            rule("telegram_message", r"/(?:s/)?{name=\w+}/(?:\d+/)?{post=\d+}", "t.me/{name}/{post}"),
            rule("telegram", r"/{what=addstickers|addemoji|addlist}/{code=[\w-]+}", "t.me/{what}/{code}"),
            rule("telegram", r"/{what=proxy|socks|share|msg|iv|login|confirmphone}(?:/url)?", "t.me/{what}"),
            rule("telegram_handle", r"/(?:s/|boost/)?{name}", "t.me/{name}"),
        ),
        subdomains=True,
    ),
    Family("discord", ("discord.gg",), (rule("discord_invite", r"/{code=[\w-]+}", "discord.gg/{code}"),)),
    Family(
        "discord",
        ("discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"),
        (
            rule("discord_invite", r"/invite/{code=[\w-]+}", "discord.gg/{code}"),
            rule(
                "discord_channel",
                r"/channels/{name=\d+}/{name_room=\d+}(?:/\d+)?",
                "discord.com/channels/{name}/{name_room}",
            ),
        ),
        words=words("blog safety support download nitro login register app invite channels users"),
    ),
    MATRIX,
    Family("matrix", ("ems.host", "modular.im", "etke.host", "element.io"), persons=False, servers=True, words=_OWN),
    Family("rocketchat", ("rocket.chat",), persons=False, servers=True, words=_OWN),
    Family(
        "rocketchat",
        ("go.rocket.chat", "open.rocket.chat"),
        (
            rule("rocketchat_invite", r"/invite", "{host}/{path}", host="host", path="path"),
            rule("rocketchat_invite", r"/invite/{code=\w+}", "open.rocket.chat/invite/{code}"),
        ),
        words=words("invite channel group direct home room"),
    ),
    Family(
        "signal",
        ("signal.group", "signal.me"),
        (
            rule("signal_group", r"/#{code=[\w=-]+}", "signal.group/#{code}"),
            rule("signal_user", r"/#{what=p|eu}/{name=.+}.*", "signal.me/#{what}/{name}"),
        ),
        fragment=True,
    ),
    Family(
        "whatsapp",
        ("chat.whatsapp.com", "whatsapp.com", "wa.me", "api.whatsapp.com", "web.whatsapp.com"),
        (
            rule("whatsapp_channel", r"/channel/{code=\w+}", "whatsapp.com/channel/{code}"),
            rule("whatsapp_user", r"(?:/send|/message)?", "wa.me/{name}", phone="name"),
            rule("whatsapp_group", r"/(?:invite/)?(?=\w{18}){code=[A-Za-z0-9]+}", "chat.whatsapp.com/{code}"),
            rule("whatsapp_user", r"/(?:message/)?{name}", "wa.me/{name}"),
        ),
    ),
    Family(
        "tamtam",
        ("tt.me", "tamtam.chat"),
        (
            rule("tamtam_invite", r"/join(?:chat)?/{code=[\w-]+}", "tt.me/join/{code}"),
            rule("tamtam_handle", r"/{name}", "tt.me/{name}"),
        ),
    ),
    Family("hoop", ("hoopmessenger.com", "hoop.page.link"), words=words("dl download app join")),
    Family(
        "viber",
        ("invite.viber.com", "vb.me", "viber.com"),
        (
            rule("viber_group", r"/", "invite.viber.com/?g2={code}", g2="code"),
            rule("viber_group", r"/", "invite.viber.com/?g={code}", g="code"),
        ),
        words=words("download"),
    ),
    Family(
        "line",
        ("line.me", "lin.ee"),
        (rule("line_group", r"/(?:R/)?ti/g2?/{code=[\w-]+}", "line.me/R/ti/g/{code}"),),
        words=words("R ti p g download"),
    ),
    Family(
        "slack",
        ("slack.com",),
        (
            rule(
                "slack_invite",
                r"/t/{team=[\w-]+}/shared_invite/{code=[\w~-]+}(?:/.*)?",
                "join.slack.com/t/{team}/shared_invite/{code}",
            ),
        ),
        persons=False,
        servers=True,
        words=_OWN,
    ),
    Family(
        "skype",
        ("join.skype.com",),
        (rule("skype_group", r"/(?!bot/)(?:invite/)?{code=[\w-]+}", "join.skype.com/{code}"),),
        words=words("bot"),
    ),
    Family(
        "xmpp",
        ("conversations.im",),
        (rule("xmpp_room", r"/j/{name=[^@/]+?}(?:@|%40){server=[\w.-]+}", "conversations.im/j/{name}@{server}"),),
        words=words("i j"),
    ),
)

_MICROBLOGS = (
    Family(
        "x",
        ("x.com", "twitter.com"),
        (
            rule("x_status", r"/i/(?:web/)?status/{post=\d+}(?:/.*)?", "x.com/i/status/{post}"),
            rule("x_status", r"/{name}/status(?:es)?/{post=\d+}(?:/.*)?", "x.com/{name}/status/{post}"),
            rule("x_hashtag", r"/hashtag/{tag}", "x.com/hashtag/{tag}"),
            rule("x_search", r"/search", "x.com/search"),
            rule("x_profile", r"/{name}", "x.com/{name}"),
        ),
        words=words("i web events spaces lists communities home intent share tos privacy media followers following"),
    ),
    Family(
        "vk",
        ("vk.com", "vkontakte.ru", "vk.ru"),
        (
            rule("vk_post", r"/wall{community=-\d+}_{post=\d+}", "vk.com/wall{community}_{post}"),
            rule("vk_post", r"/wall{name=\d+}_{post=\d+}", "vk.com/wall{name}_{post}"),
            rule("vk_profile", r"/{name}", "vk.com/{name}"),
        ),
    ),
    Family(
        "bluesky",
        ("bsky.app",),
        (
            rule("bluesky_post", r"/profile/{name}/post/{post=\w+}", "bsky.app/profile/{name}/post/{post}"),
            rule("bluesky_profile", r"/profile/{name}", "bsky.app/profile/{name}"),
        ),
    ),
    _open("mastodon", "mastodon.social mastodon.online mastodon.world mastodon.cloud mstdn.social mstdn.jp mas.to"),
    _open("mastodon", "pawoo.net fosstodon.org hachyderm.io infosec.exchange techhub.social universeodon.com"),
    _open("mastodon", "troet.cafe chaos.social social.vivaldi.net mastodon.art toot.community masto.ai c.im"),
    Family("threads", ("threads.net", "threads.com"), words=words("post t")),
    Family("gab", ("gab.com", "gab.ai"), words=words("posts groups")),
    Family(
        "reddit",
        ("reddit.com", "old.reddit.com", "new.reddit.com", "np.reddit.com", "redd.it"),
        (
            rule("reddit_post", r"/r/{community=\w+}/comments/{post=\w+}(?:/.*)?", "reddit.com/comments/{post}"),
            rule("reddit_post", r"/(?:comments/)?{post=[a-z0-9]+}", "reddit.com/comments/{post}"),
            rule("reddit_community", r"/r/{community=\w+}", "reddit.com/r/{community}"),
            rule("reddit_user", r"/(?:u|user)/{name}(?:/.*)?", "reddit.com/user/{name}"),
        ),
        words=words("r u user comments wiki s"),
    ),
)

_SOCIAL = (
    Family("youtube", ("youtu.be",), (rule("youtube_video", r"/{video=[\w-]+}", "youtube.com/watch?v={video}"),)),
    Family(
        "youtube",
        ("youtube.com", "youtube-nocookie.com", "music.youtube.com"),
        (
            rule("youtube_video", r"/watch", "youtube.com/watch?v={video}", v="video"),
            rule("youtube_video", r"/(?:shorts|embed|live|v)/{video=[\w-]+}", "youtube.com/watch?v={video}"),
            rule("youtube_list", r"/playlist", "youtube.com/playlist?list={list}", list="list"),
            rule("youtube_channel", r"/(?:channel|c|user)/{name}(?:/.*)?", "youtube.com/{name}"),
            rule("youtube_channel", r"/(?:@|%40){name}(?:/.*)?", "youtube.com/{name}"),
            rule("youtube_channel", r"/{name}", "youtube.com/{name}"),
        ),
    ),
    Family(
        "facebook",
        ("facebook.com", "fb.com", "fb.me", "fb.watch", "web.facebook.com", "mbasic.facebook.com"),
        words=words("groups posts photos videos events watch reel share story.php permalink.php profile.php hashtag"),
    ),
    Family(
        "instagram",
        ("instagram.com", "instagr.am"),
        (
            rule("instagram_post", r"/(?:p|reel|tv)/{post=[\w-]+}(?:/.*)?", "instagram.com/p/{post}"),
            rule("instagram_post", r"/[^/]+/(?:p|reel|tv)/{post=[\w-]+}(?:/.*)?", "instagram.com/p/{post}"),
            rule("instagram_profile", r"/{name}", "instagram.com/{name}"),
        ),
        words=words("stories explore tags highlights"),
    ),
    Family(
        "tiktok",
        ("tiktok.com", "vm.tiktok.com", "vt.tiktok.com"),
        (
            rule("tiktok_video", r"/(?:@|%40){name}/(?:video|photo)/{post=\d+}", "tiktok.com/@{name}/video/{post}"),
            rule("tiktok_profile", r"/(?:@|%40){name}", "tiktok.com/@{name}"),
            rule("shortener", r"/(?:t/)?{code=Z\w+}", "vm.tiktok.com/{code}"),
        ),
        words=words("tag music discover foryou"),
    ),
    Family("ok", ("ok.ru", "odnoklassniki.ru"), words=words("profile group video topic")),
    Family("linkedin", ("linkedin.com", "lnkd.in"), words=words("in pub company posts feed pulse jobs school")),
    Family("snapchat", ("snapchat.com",), words=words("add t spotlight")),
    Family("odysee", ("odysee.com", "lbry.tv")),
    Family(
        "code", ("github.com", "gitlab.com", "codeberg.org"), words=words("issues pull blob tree releases wiki commit")
    ),
    Family("support", ("patreon.com", "ko-fi.com", "paypal.me", "paypal.com", "cash.app", "linktr.ee", "ask.fm")),
    Family(
        "blog",
        ("medium.com", "livejournal.com", "tumblr.com", "blogspot.com", "wordpress.com", "substack.com"),
        persons=False,
        subdomains=True,
    ),
)


_STORES = (
    _open("file_host", "drive.google.com docs.google.com mega.nz mega.co.nz mega.io mediafire.com dropbox.com"),
    _open("file_host", "wetransfer.com we.tl archive.org gofile.io pixeldrain.com 4shared.com yadi.sk disk.yandex.ru"),
    _open("file_host", "disk.yandex.com cloud.mail.ru files.fm 1drv.ms onedrive.live.com sendspace.com catbox.moe"),
    _open("file_host", "files.catbox.moe file.io transfer.sh uloz.to anonfiles.com bayfiles.com zippyshare.com"),
    _open("file_host", "top4top.io u.pcloud.link icedrive.net rapidgator.net"),
    _open("paste", "justpaste.it justpaste.me pastebin.com telegra.ph graph.org rentry.co rentry.org dpaste.org"),
    _open("shortener", "t.co bit.ly bitly.com j.mp goo.gl tinyurl.com ow.ly is.gd v.gd buff.ly dlvr.it ift.tt t.ly"),
    _open("shortener", "rb.gy cutt.ly shorturl.at tiny.cc clck.ru vk.cc goo.su trib.al s.id rebrand.ly lnk.to u.to"),
    _open("shortener", "bc.vc adf.ly po.st wp.me nyti.ms wapo.st soo.gd"),
)

FAMILIES: tuple[Family, ...] = (*_CHAT, *_MICROBLOGS, *_SOCIAL, *_STORES)

SCHEMELESS: tuple[str, ...] = tuple(
    host for family in (*_CHAT, *_MICROBLOGS, *_SOCIAL) if family.place != "blog" for host in family.hosts
)
"""Hosts that are recognised in running text without https:// when a slash follows."""

REDIRECTS = (
    Redirect(frozenset({"google.com", "www.google.com"}), "/url", ("q", "url")),
    Redirect(frozenset({"l.facebook.com", "lm.facebook.com"}), "/l.php", ("u",)),
    Redirect(frozenset({"l.instagram.com"}), "/", ("u",)),
    Redirect(frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"}), "/redirect", ("q",)),
    Redirect(frozenset({"vk.com", "m.vk.com"}), "/away.php", ("to",)),
    Redirect(frozenset({"out.reddit.com"}), "/", ("url",)),
)
