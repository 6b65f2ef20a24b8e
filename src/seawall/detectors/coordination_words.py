"""What is shared in each layer, in words."""

from __future__ import annotations

LAYERS = {
    "text": ("posted", "text", "texts"),
    "repost": ("reposted", "message", "messages"),
    "link": ("posted", "link", "links"),
    "hashtag": ("used", "hashtag", "hashtags"),
    "hashtag_sequence": ("used", "row of hashtags", "rows of hashtags"),
    "reply": ("answered", "message", "messages"),
    "mention": ("mentioned", "account", "accounts"),
    "media": ("posted", "file", "files"),
}
"""What is shared -> how a sentence says it."""
