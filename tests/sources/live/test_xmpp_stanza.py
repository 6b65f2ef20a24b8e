"""What one stanza of a room says."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

from seawall.sources.live.xmpp_stanza import said_in


def test_a_file_that_is_sent_along_has_its_kind() -> None:
    """The ending of the address tells it; an address that is no file is a link alone."""
    for address, kinds in (("https://share.example/ride.mp4", ("video",)), ("https://garden.example/beans", ())):
        stanza = fromstring(  # noqa: S314 - made here
            f"<message xmlns='jabber:client' from='beds@rooms.example/rosa'><body>{address}</body>"
            f"<x xmlns='jabber:x:oob'><url>{address}</url></x></message>"
        )
        assert said_in(stanza, "beds@rooms.example", 0).media == kinds
