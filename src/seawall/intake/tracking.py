"""Parameters that say who sent the reader, not what is shown: they are removed, the rest is sorted by name.

Sorting makes two orders of the same parameters one address; repeated names keep their order.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TRACKING = re.compile(
    r"(?:utm|pk|mtm|piwik|hsa|oly|vero|stm)_\w*"
    r"|fbclid|gclid|dclid|twclid|ttclid|msclkid|yclid|ysclid|igshid|igsh|gbraid|wbraid|gclsrc|srsltid|zanpid|epik"
    r"|_ga|_gl|_openstat|__twitter_impression|__tn__|__xts__(?:\[\d+\])?|_hsenc|_hsmi|mc_cid|mc_eid|mkt_tok"
    r"|ref_src|ref_url|ref|referrer|referer|feature|si|share_id|sfnsn|mibextid|rdid|xtor|at_xt|soc_src|soc_trk"
    r"|amp|amp_js_v|amp_gsa|usqp|spm|cmpid|ncid|icid|sr_share|smid|smtyp|wt_mc|wprov"
    r"|guccounter|guce_referrer(?:_sig)?|at_(?:medium|campaign|custom\d|link_\w+)",
    re.IGNORECASE,
)


def without_tracking(query: str) -> str:
    """The query without tracking parameters and empty ones, sorted by name.

    >>> without_tracking("utm_source=feed&page=2&id=7&fbclid=x")
    'id=7&page=2'
    """
    if not query:
        return ""
    kept = [part for part in query.split("&") if part and not _is_tracking(part.partition("=")[0])]
    return "&".join(sorted(kept, key=lambda part: part.partition("=")[0]) if len(kept) > 1 else kept)


@lru_cache(maxsize=4096)
def _is_tracking(name: str) -> bool:
    return _TRACKING.fullmatch(name) is not None
