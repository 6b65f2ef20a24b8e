"""Which alerts are the same one grown on, and which belong to one case. Pure functions of claims.

The same: detector and parameters agree, the times overlap, and at least half of all their subjects are shared
(Jaccard); or they are accounts, and the later one holds four fifths of those of the earlier: a group that grew
between two looks. Together: the times overlap, and they share a message, or a fifth of the smaller one's accounts,
channels or objects. Series of whole platforms and of what is counted in them (languages, kinds of media, domains,
accounts active), which name nothing narrower, belong together when their windows overlap by half of the longer one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seawall.casebook.records import Claim

SAME_SUBJECTS = 0.5
GROWN_ON = 0.8
SHARED_FIFTH = 0.2
SHARED_TIME = 0.5
_NARROW = ("account", "channel", "object")
_BROAD = frozenset({"platform", "language", "media", "domain", "activity"})


def time_shared(one: Claim, other: Claim) -> float:
    """The time that both cover as a part of the longer one, 0 to 1; two equal moments share everything."""
    shared = min(one.ends, other.ends) - max(one.starts, other.starts)
    longer = max(one.ends - one.starts, other.ends - other.starts)
    if longer == 0:
        return 1.0 if shared == 0 else 0.0
    return max(shared, 0) / longer


def times_overlap(one: Claim, other: Claim) -> bool:
    """Whether they share a moment. Windows end before their end, so that touching ones share none."""
    first, last = max(one.starts, other.starts), min(one.ends, other.ends)
    point = one.starts == one.ends or other.starts == other.ends
    return first < last or (point and first == last)


def sameness(later: Claim, earlier: Claim) -> tuple[float, float] | None:
    """(Jaccard of subjects, time shared) if they are one alert at two times, else None."""
    if later.family != earlier.family or not times_overlap(later, earlier):
        return None
    union = len(later.subjects | earlier.subjects)
    jaccard = len(later.subjects & earlier.subjects) / union if union else 0.0
    same = jaccard >= SAME_SUBJECTS or _grown(later, earlier)
    return (jaccard, time_shared(later, earlier)) if same else None


def _grown(later: Claim, earlier: Claim) -> bool:
    """Whether a later group of accounts is an earlier one with others; series of channels and platforms do not grow."""
    if any(subject.kind != "account" for claim in (later, earlier) for subject in claim.subjects):
        return False
    return len(earlier.subjects) > 1 and len(later.subjects & earlier.subjects) >= GROWN_ON * len(earlier.subjects)


def together(one: Claim, other: Claim) -> bool:
    """Whether two alerts belong to one case."""
    if not times_overlap(one, other):
        return False
    if one.messages & other.messages:
        return True
    for kind in _NARROW:
        mine, theirs = one.of_kind(kind), other.of_kind(kind)
        smaller = min(len(mine), len(theirs))
        if smaller and len(mine & theirs) >= SHARED_FIFTH * smaller:
            return True
    return _broad_together(one, other)


def _broad_together(one: Claim, other: Claim) -> bool:
    if any({subject.kind for subject in claim.subjects} - _BROAD for claim in (one, other)):
        return False
    return bool(one.of_kind("platform") & other.of_kind("platform")) and time_shared(one, other) >= SHARED_TIME


def assign(incoming: Mapping[str, Claim], known: Mapping[str, Claim], names: Mapping[str, str]) -> dict[str, str]:
    """Name of each incoming claim -> id of the alert that it revises, or its own name if it is new.

    Each known alert is revised at most once: by the claim of its own name first, then by one that was seen to be
    it before (``names``), then by the most similar one.

    Args:
        incoming: claims by the name that they give themselves.
        known: the latest revisions of known alerts by id.
        names: names seen before -> id.
    """
    ranked: list[tuple[tuple[float, ...], str, str]] = [((0.0,), name, name) for name in incoming if name in known]
    for name, alert_id in _sharing(incoming, known):
        same = sameness(incoming[name], known[alert_id])
        if same is not None and name != alert_id:
            before = 1.0 if names.get(name) == alert_id else 2.0
            ranked.append(((before, -same[0], -same[1]), name, alert_id))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, name, alert_id in sorted(ranked):
        if name not in found and alert_id not in taken:
            found[name] = alert_id
            taken.add(alert_id)
    return {name: found.get(name, name) for name in incoming}


def components(claims: Mapping[str, Claim]) -> list[list[str]]:
    """Groups of ids whose claims hang together, directly or through others; sorted, each once."""
    parent = {one: one for one in claims}

    def root(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for one, other in neighbours(claims, claims):
        parent[max(root(one), root(other))] = min(root(one), root(other))
    groups: dict[str, list[str]] = {}
    for one in sorted(claims):
        groups.setdefault(root(one), []).append(one)
    return [groups[key] for key in sorted(groups)]


def neighbours(claims: Mapping[str, Claim], others: Mapping[str, Claim]) -> Iterator[tuple[str, str]]:
    """Pairs (of claims, of others) that belong together; only pairs that share a mark are compared."""
    for claim_id, other_id in _sharing(claims, others):
        if claim_id != other_id and together(claims[claim_id], others[other_id]):
            yield claim_id, other_id


def _sharing(claims: Mapping[str, Claim], others: Mapping[str, Claim]) -> Iterator[tuple[str, str]]:
    """Pairs (of claims, of others) that share at least one id, sorted, each once."""
    holders: dict[str, list[str]] = {}
    for other_id, other in others.items():
        for one in {one for _, one in other.marks}:
            holders.setdefault(one, []).append(other_id)
    for claim_id in sorted(claims):
        near = {other_id for _, one in claims[claim_id].marks for other_id in holders.get(one, ())}
        for other_id in sorted(near):
            yield claim_id, other_id
