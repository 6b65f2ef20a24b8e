"""What other tools call the fields of a message or an interaction, the most telling name first.

Names are compared without case, spaces, dots and underscores: ``screen_name``, ``ScreenName`` and
``Screen Name`` are one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TIMES = """unix_timestamp unixtime unix_time date_unixtime created_utc timestamp_utc date_utc time_utc
    timestamp_share sent_at created_at published_at posted_at publish_date tweet_time tweet_created_at
    created_time create_time creation_date date_time datetime timestamp time date ts created published"""

MESSAGE_FIELDS: Mapping[str, str] = {
    "message_id": "message_id tweet_id id_str status_id post_id comment_id msg_id content_id id uri",
    "channel_id": """channel_id room_id chat_id group_id channel room chat group subreddit forum board channel_name
        chat_name server""",
    "channel_kind": "channel_kind channel_type chat_type",
    "channel_handle": "channel_handle channel_username chat_username",
    "channel_address": "channel_address channel_url chat_url",
    "channel_title": "channel_title chat_title",
    "channel_created_at": "channel_created_at chat_created_at",
    "channel_ended_at": "channel_ended_at",
    "channel_end_reason": "channel_end_reason",
    "account_id": """account_id author_id user_id from_id sender_id uid did user_id_str author_uid user.id_str user.id
        author.id""",
    "account_handle": """screen_name user_screen_name username user_name author_username author_handle handle nick
        nickname account author user sender from poster from_user user.screen_name user.username author.username
        account.acct""",
    "account_name": "display_name user_display_name author_name full_name user.name author.name sender_name",
    "sent_at": _TIMES,
    "kind": "kind message_type post_type tweet_type type",
    "visibility": "visibility",
    "reported": "reported",
    "text": """text full_text tweet_text message_text post_text body content message msg tweet comment description
        caption""",
    "language": "language lang tweet_language detected_language",
    "reply_to": """reply_to reply_to_id in_reply_to in_reply_to_id in_reply_to_tweet_id in_reply_to_status_id
        in_reply_to_status_id_str reply_to_message_id parent_id""",
    "reply_to_account_id": "reply_to_account_id in_reply_to_user_id in_reply_to_account_id in_reply_to_user_id_str",
    "reply_to_account_handle": "reply_to_account_handle in_reply_to_screen_name reply_to_user reply_to_account",
    "repost_of": """repost_of retweet_of retweet_tweet_id retweeted_status_id retweeted_id reblog_of reposted_id
        share_of""",
    "repost_of_account_id": "repost_of_account_id retweet_user_id retweeted_user_id",
    "repost_of_account_handle": "repost_of_account_handle retweeted_user retweeted_screen_name repost_of_account",
    "thread_of": "thread_of thread_id conversation_id thread thread_ts",
    "mentions": "mentions user_mentions mentioned_users entities.user_mentions",
    "links": "links urls url link expanded_urls outlinks entities.urls",
    "hashtags": "hashtags hashtag tags entities.hashtags",
    "media": "media_kinds media_kind media_types media_type attachment_types attachment_type",
    "media_sha256": "media_sha256 sha256",
    "edited_at": "edited_at edit_date edited",
    "deleted_at": "deleted_at",
    "followers": "followers followers_count follower_count user.followers_count",
    "following": "following following_count friends_count followees user.friends_count",
    "account_created_at": "account_created_at account_creation_date user_created_at user.created_at",
    "declared_bot": "declared_bot is_bot bot author_is_bot",
}

INTERACTION_FIELDS: Mapping[str, str] = {
    "interaction_id": "interaction_id event_id id",
    "source_account": "source_account source src from from_id sender source_id rater actor",
    "target_account": "target_account target dst dest to to_id recipient receiver target_id ratee",
    "at": f"at {_TIMES}",
    "kind": "kind interaction_type interaction event_type event relation type",
    "channel_id": "channel_id room_id chat_id group_id channel room chat group",
    "message_id": "message_id msg_id",
    "contact_kind": "contact_kind",
    "contact": "contact",
    "reply": "reply",
    "length_class": "length_class",
    "visibility": "visibility",
    "reported": "reported",
}

DELETION_FIELDS: Mapping[str, str] = {
    "message_id": MESSAGE_FIELDS["message_id"],
    "channel_id": MESSAGE_FIELDS["channel_id"],
    "visibility": "visibility",
    "deleted_at": "deleted_at removed_at",
}

MESSAGE_KIND_WORDS: Mapping[str, str] = {
    "post": "post message msg tweet status text original action notice",
    "reply": "reply comment answer",
    "repost": "repost retweet rt r share reblog boost forward",
    "quote": "quote quote_tweet q quoted",
    "service": "service system join part leave mode topic nick",
}

INTERACTION_KIND_WORDS: Mapping[str, str] = {
    "mention": "mention mentions",
    "reply": "reply comment",
    "repost": "repost retweet share forward reblog",
    "follow": "follow follows friend",
    "unfollow": "unfollow",
    "dm": "dm direct direct_message private private_message pm message",
    "reaction": "reaction like favourite favorite upvote",
    "invite": "invite invitation",
    "join": "join joined",
    "leave": "leave left part",
    "report": "report flag",
    "block": "block",
    "contact_shared": "contact_shared",
}

_SEPARATORS = re.compile(r"[\s._\-/]+")


def folded(name: str) -> str:
    """A name as it is compared.

    >>> folded("Screen Name") == folded("screen_name")
    True
    """
    return _SEPARATORS.sub("", name.casefold())
