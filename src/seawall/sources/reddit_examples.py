"""Small dumps of Reddit, about gardens and bicycles."""

from __future__ import annotations

import json
from typing import Any

_TIME = 1_712_900_000


def _common(number: int, author: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"kx{number:04}",
        "author": author,
        "author_fullname": f"t2_{author}",
        "created_utc": _TIME + 60 * number,
        "subreddit": "KitchenGardens",
        "subreddit_id": "t5_2gard",
        "subreddit_type": "public",
        "retrieved_on": _TIME + 90_000,
        "score": 3,
        "edited": False,
        **more,
    }


_COMMENTS = [
    _common(1, "fern", body="Slugs again. u/moss has beer traps.", link_id="t3_1bz0001", parent_id="t3_1bz0001"),
    _common(2, "moss", body="&gt; Slugs again.\n\nNext to the lettuce.", link_id="t3_1bz0001", parent_id="t1_kx0001"),
    _common(3, "moss", body="[removed]", link_id="t3_1bz0001", parent_id="t1_kx0001"),
    _common(4, "fern", body="Fixed a typo", link_id="t3_1bz0001", parent_id="t1_kx0002", edited=_TIME + 600),
]
_SUBMISSIONS = [
    _common(11, "fern", title="Seed swap on Saturday", selftext="Bring labels.", is_self=True, num_comments=2)
    | {"url": "https://www.reddit.com/r/KitchenGardens/comments/kx0011/seed_swap/"},
    _common(
        12, "moss", title="The rota", selftext="", is_self=False, url="https://garden.example/rota", num_comments=0
    ),
    _common(13, "ivy", title="Seed swap on Saturday", selftext="", is_self=False, num_comments=0)
    | {
        "created_utc": str(_TIME + 900),
        "subreddit": "CyclingClub",
        "subreddit_id": "t5_2bike",
        "url": "/r/KitchenGardens/comments/kx0011/seed_swap/",
        "crosspost_parent": "t3_kx0011",
        "crosspost_parent_list": [{"id": "kx0011", "author": "fern", "author_fullname": "t2_fern"}],
    },
    _common(14, "ivy", title="My tandem", selftext="", is_self=False, post_hint="image", num_comments=1)
    | {"url": "https://i.redd.it/tandem.jpg"},
]

EXAMPLES = (
    ("RC_2024-04", b"\n".join(json.dumps(one).encode() for one in _COMMENTS)),
    ("RS_2024-04", b"\n".join(json.dumps(one).encode() for one in _SUBMISSIONS)),
)
