"""A channel and a link that leads to it carry the same address, to the byte, and neither names a person."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.intake.links import canonical
from seawall.intake.place_table import FAMILIES
from seawall.intake.pseudonyms import Pseudonyms
from seawall.measures.place.kinds import KINDS
from seawall.model import RAW_CHANNELS
from seawall.protocols import RawBatch
from tests.intake.batches import clean, everything, messages, rows_of, table


def taken_in(platform: str, channel: dict[str, Any], text: str) -> tuple[dict[str, Any], str, Any]:
    """The channel, the address of the link, and all that was kept."""
    row = {"kind": "broadcast", "visibility": "public", **channel}
    told = messages({"channel_id": "2", "visibility": "public", "message_id": "7", "text": text})
    raw = RawBatch(platform, 1, told, channels=table(RAW_CHANNELS, [{"channel_id": "1", **row}]))
    result = clean(raw)
    (kept,) = rows_of(result, "channels")
    (message,) = rows_of(result, "messages")
    return kept, message["links"][0]["url"], result


@pytest.mark.parametrize(
    ("platform", "channel", "text"),
    [
        ("telegram", {"handle": "Garden_Club"}, "come to https://t.me/garden_club now"),
        ("telegram", {"handle": "@garden_club"}, "t.me/s/Garden_Club"),
        ("telegram", {"address": "https://t.me/c/99", "visibility": "closed", "kind": "group"}, "http://t.me/c/99"),
        ("matrix", {"handle": "#Garden:club.org", "kind": "room"}, "https://matrix.to/#/#garden:club.org?via=club.org"),
        ("matrix", {"address": "matrix:roomid/ab1:club.org", "kind": "room"}, "https://matrix.to/#/!ab1:club.org"),
        ("reddit", {"handle": "Gardening", "kind": "group"}, "https://old.reddit.com/r/gardening/"),
        (
            "rocketchat",
            {"handle": "garden", "address": "https://chat.club.org/channel/garden", "kind": "room"},
            "https://chat.club.org/channel/garden",
        ),
        (
            "discord",
            {"address": "https://discord.com/channels/12/34", "kind": "room"},
            "https://discordapp.com/channels/12/34/56",
        ),
        ("generic", {"address": "https://t.me/garden_club"}, "https://garden_club.t.me"),
    ],
)
def test_a_channel_and_a_link_to_it_have_one_address(platform: str, channel: dict[str, Any], text: str) -> None:
    """Whatever way the source tells it, the address of a channel is the url of a link that leads there."""
    kept, url, _ = taken_in(platform, channel, text)
    assert kept["address"] == url


@pytest.mark.parametrize(("kind", "visibility"), [("feed", "public"), ("direct", "direct"), ("direct", "public")])
def test_a_page_of_one_person_has_neither_handle_nor_address(kind: str, visibility: str) -> None:
    """Feeds and direct conversations keep nothing by which they could be found, and no name is in what is kept."""
    kept, _, result = taken_in(
        "telegram", {"handle": "fern_meadow", "kind": kind, "visibility": visibility}, "http://a.org"
    )
    assert (kept["handle"], kept["address"]) == (None, None)
    assert "fern_meadow" not in everything(result)


def test_a_closed_group_keeps_no_handle_and_a_few_people_nothing() -> None:
    """A closed group is found by its keyed address alone; five people are a direct conversation."""
    closed, _, result = taken_in("telegram", {"handle": "fern_meadow", "visibility": "closed"}, "http://a.org")
    assert closed["handle"] is None
    assert closed["address"].startswith("https://t.me/~")
    assert "fern_meadow" not in everything(result)
    few, _, _ = taken_in("telegram", {"handle": "fern_meadow", "kind": "group", "members": 3}, "http://a.org")
    assert (few["handle"], few["address"]) == (None, None)


def test_what_is_no_address_is_none() -> None:
    """An address that no browser opens, and an empty handle, are null."""
    kept, _, _ = taken_in("telegram", {"handle": "@", "address": "http://a b/"}, "http://a.org")
    assert (kept["handle"], kept["address"]) == (None, None)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://club.rocket.chat/channel/seeds", "rocketchat"),
        ("https://docs.rocket.chat/guides", "web"),
        ("https://mastodon.social/@fern_meadow", "mastodon"),
        ("https://club.element.io/#/room/#seeds:club.org", "matrix_alias"),
        ("https://t.me/c/12345", "telegram_closed"),
        ("https://discord.com/channels/1/2/3", "discord_channel"),
        ("https://invite.viber.com/?g2=AQBC", "viber_group"),
        ("https://line.me/R/ti/g2/AbC-_", "line_group"),
        ("https://join.slack.com/t/club/shared_invite/zt-1~2", "slack_invite"),
        ("https://club.slack.com/archives/C01", "slack"),
        ("https://join.skype.com/AbC12", "skype_group"),
        ("https://conversations.im/j/fern_meadow@club.org", "xmpp_room"),
        ("https://hoopmessenger.com/dl", "hoop"),
    ],
)
def test_places_of_smaller_services_are_typed(address: str, place: str) -> None:
    """Each is told by its kind, and no name is readable in it."""
    link = canonical(address, Pseudonyms(bytes(32), bytes(32)).hide)
    assert link is not None
    assert link.place == place
    assert "fern_meadow" not in link.url


def test_the_measure_knows_every_kind_of_link() -> None:
    """Each kind that the table of places gives has a row in the measure's table, itself or its family."""
    kinds = {family.place for family in FAMILIES} | {rule.place for family in FAMILIES for rule in family.rules}
    kinds |= {"web", "onion", "rocketchat_invite", "mastodon"}
    assert {kind for kind in kinds if kind not in KINDS and kind.partition("_")[0] not in KINDS} == set()
