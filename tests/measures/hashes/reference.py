"""The slow, obviously correct index: a list of pairs, and one comparison after the other."""

from __future__ import annotations


class SlowIndex:
    """What HashIndex does, with whole numbers of 256 bits."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, int]] = []

    def add(self, ids: list[str], hashes: list[str]) -> None:
        for one, text in zip(ids, hashes, strict=True):
            if (one, int(text, 16)) not in self.pairs:
                self.pairs.append((one, int(text, 16)))

    def remove(self, ids: list[str]) -> int:
        before = len(self.pairs)
        self.pairs = [pair for pair in self.pairs if pair[0] not in ids]
        return before - len(self.pairs)

    def query(self, hashes: list[str], distance: int) -> list[tuple[int, str, int]]:
        found = []
        for number, text in enumerate(hashes):
            apart = [((int(text, 16) ^ held).bit_count(), order) for order, (_, held) in enumerate(self.pairs)]
            found += [(number, self.pairs[order][0], far) for far, order in sorted(apart) if far <= distance]
        return found
