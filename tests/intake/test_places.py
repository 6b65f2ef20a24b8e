"""Places: the kind of place is told, the same place stays countable, and no person's name is readable."""

from __future__ import annotations

import pytest

from seawall.intake.links import canonical
from seawall.intake.places import Link
from seawall.intake.pseudonyms import Pseudonyms

PSEUDONYMS = Pseudonyms(bytes(32), bytes(32))


def link_of(address: str) -> Link:
    link = canonical(address, PSEUDONYMS.hide)
    assert link is not None, address
    return link


@pytest.mark.parametrize(
    ("address", "place", "same"),
    [
        ("https://t.me/fern_meadow", "telegram_handle", "t.me/s/Fern_Meadow"),
        ("https://t.me/fern_meadow/12", "telegram_message", "tg://resolve?domain=fern_meadow&post=12"),
        ("https://t.me/c/12345678/9", "telegram_message", "http://telegram.me/c/12345678/9"),
        ("https://fern_meadow.t.me", "telegram_handle", "https://telegram.dog/fern_meadow"),
        ("https://t.me/+AbCd-12_x", "telegram_invite", "https://t.me/joinchat/AbCd-12_x"),
        ("https://discord.gg/seeds", "discord_invite", "https://discordapp.com/invite/seeds"),
        ("https://discord.com/users/123456", "discord", "https://discord.com/users/123456/"),
        ("https://matrix.to/#/@fern_meadow:club.org", "matrix_user", "matrix:u/fern_meadow:club.org"),
        (
            "https://matrix.to/#/%23fern_meadow:club.org",
            "matrix_alias",
            "https://app.element.io/#/room/#fern_meadow:club.org",
        ),
        (
            "https://matrix.to/#/!fern_meadow:club.org",
            "matrix_room",
            "https://chat.org/#/room/!fern_meadow:club.org?via=x",
        ),
        (
            "https://chat.org/invite/AbC123",
            "rocketchat_invite",
            "https://go.rocket.chat/invite?host=chat.org&path=invite%2FAbC123",
        ),
        ("https://signal.group/#CjQKIabc_-", "signal_group", "https://signal.group/#CjQKIabc_-"),
        ("https://signal.me/#eu/fern_meadow", "signal_user", "https://signal.me/#eu/fern_meadow"),
        (
            "https://chat.whatsapp.com/HxYqwertyuiop12abcdefghi",
            "whatsapp_group",
            "http://chat.whatsapp.com/invite/HxYqwertyuiop12abcdefghi",
        ),
        ("https://wa.me/4915112345678", "whatsapp_user", "https://api.whatsapp.com/send?phone=4915112345678&text=x"),
        ("https://tt.me/join/abc", "tamtam_invite", "https://tt.me/join/abc/"),
        ("https://x.com/fern_meadow", "x_profile", "http://mobile.twitter.com/Fern_Meadow?lang=en"),
        ("https://x.com/fern_meadow/status/12", "x_status", "https://twitter.com/fern_meadow/status/12/photo/1?s=20"),
        ("https://x.com/i/status/12", "x_status", "https://twitter.com/i/web/status/12"),
        ("https://x.com/fern_meadow/with_replies", "x", "https://www.x.com/fern_meadow/with_replies"),
        ("https://youtube.com/watch?v=abcDEF12345", "youtube_video", "https://youtu.be/abcDEF12345?t=4"),
        ("https://youtube.com/@fern_meadow", "youtube_channel", "https://www.youtube.com/user/fern_meadow/videos"),
        ("https://facebook.com/fern_meadow/posts/5", "facebook", "https://m.facebook.com/fern_meadow/posts/5?fbclid=x"),
        (
            "https://facebook.com/profile.php?id=100012345",
            "facebook",
            "https://www.facebook.com/profile.php?id=100012345&ref=x",
        ),
        ("https://instagram.com/fern_meadow", "instagram_profile", "https://www.instagram.com/fern_meadow/?hl=en"),
        ("https://instagram.com/p/Cabc123", "instagram_post", "https://instagram.com/fern_meadow/p/Cabc123/"),
        (
            "https://tiktok.com/@fern_meadow/video/7",
            "tiktok_video",
            "https://www.tiktok.com/@fern_meadow/video/7?lang=en",
        ),
        ("https://reddit.com/user/fern_meadow", "reddit_user", "https://old.reddit.com/u/fern_meadow/comments/"),
        ("https://reddit.com/r/gardening/comments/ab12/title", "reddit_post", "https://redd.it/ab12"),
        ("https://vk.com/fern_meadow", "vk_profile", "https://m.vk.com/fern_meadow"),
        ("https://vk.com/wall-1_2", "vk_post", "http://vk.ru/wall-1_2"),
        (
            "https://bsky.app/profile/fern_meadow.org/post/3k",
            "bluesky_post",
            "https://bsky.app/profile/fern_meadow.org/post/3k/",
        ),
        ("https://plants.org/@fern_meadow", "mastodon", "https://plants.org/%40fern_meadow"),
        ("https://plants.org/@fern_meadow@club.org/12", "mastodon", "https://plants.org/@Fern_Meadow@club.org/12"),
        (
            "https://fern_meadow.livejournal.com/5.html",
            "blog",
            "http://fern_meadow.livejournal.com/5.html?utm_source=x",
        ),
        ("https://seeds.onion/a", "onion", "https://seeds.onion:443/a"),
        ("https://mega.nz/file/AbC", "file_host", "http://mega.nz/file/AbC#key"),
        ("https://bit.ly/3abC", "shortener", "http://bit.ly/3abC"),
        ("https://justpaste.it/3abC", "paste", "http://justpaste.it/3abC"),
        ("https://garden.org/user/fern_meadow", "web", "https://garden.org/user/fern_meadow?fbclid=1"),
        ("https://garden.org/?user=fern_meadow", "web", "https://garden.org/?user=Fern_Meadow&utm_source=x"),
        ("https://garden.org/~fern_meadow/", "web", "https://garden.org/%7Efern_meadow/"),
        (
            "https://garden.org/join?mail=fern_meadow@club.org",
            "web",
            "https://garden.org/join?mail=fern_meadow%40club.org",
        ),
        (
            "https://garden.org/share?to=https://t.me/fern_meadow",
            "web",
            "https://garden.org/share?to=https%3A%2F%2Ft.me%2Ffern_meadow",
        ),
    ],
)
def test_the_kind_of_place_and_its_one_form(address: str, place: str, same: str) -> None:
    """Two ways to write a place give the same text and the right kind, and no name is readable in it."""
    link = link_of(address)
    assert link.place == place
    assert link_of(same) == link
    for name in ("fern_meadow", "4915112345678", "100012345", "12345678/", "123456"):
        assert name not in link.url.lower()


def test_what_stands_for_a_name_is_keyed_and_short() -> None:
    """A hidden name is a tilde and 16 hexadecimal digits, another under another key."""
    link = link_of("https://t.me/fern_meadow")
    assert link.url.startswith("https://t.me/~")
    assert len(link.url) == len("https://t.me/~") + 16
    other = canonical("https://t.me/fern_meadow", Pseudonyms(bytes(31) + b"1", bytes(32)).hide)
    assert other is not None
    assert other.url != link.url


def test_different_names_stay_different_places() -> None:
    """Two profiles are two places; the same name on two platforms is two places."""
    urls = {link_of(address).url for address in ("t.me/fern", "t.me/moss", "https://x.com/fern", "https://ok.ru/fern")}
    assert len(urls) == 4


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://news.garden.co.uk/a", "garden.co.uk"),
        ("https://fern.blogspot.com/a", "blogspot.com"),
        ("http://192.0.2.7:8080/a", "192.0.2.7"),
        ("http://localhost/a", "localhost"),
        ("http://сад.рф/a", "xn--80ai1b.xn--p1ai"),
        ("https://youtu.be/abcDEF12345", "youtube.com"),
        ("https://a.b.kawasaki.jp/x", "a.b.kawasaki.jp"),
    ],
)
def test_the_registrable_domain(address: str, domain: str) -> None:
    """The domain is the one that somebody registered, by the list of public suffixes without private ones."""
    assert link_of(address).domain == domain


@pytest.mark.parametrize(
    "address",
    [
        "https://go.rocket.chat/invite?host=evil.org%2F@x&path=invite%2Fabc",
        "https://go.rocket.chat/invite?host=user:pw@evil.org&path=invite%2Fabc",
    ],
)
def test_a_host_inside_an_address_is_checked_too(address: str) -> None:
    """A parameter that names a host cannot smuggle another one into the canonical address."""
    assert "evil" not in link_of(address).url
