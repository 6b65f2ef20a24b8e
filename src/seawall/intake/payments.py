"""Addresses to which money is sent, told from other strings by their checksums.

IBAN: ISO 13616 (mod 97-10). Base58Check and Bech32: Bitcoin, BIP 173 and BIP 350. Cards: ISO/IEC 7812 (Luhn).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_COINS = {0x00: "btc", 0x05: "btc", 0x30: "ltc", 0x32: "ltc", 0x1E: "doge", 0x41: "tron", 0x4C: "dash"}
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_VALID = (1, 0x2BC830A3)

_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
)
_BASE58_CHECK = re.compile(rf"(?<![A-Za-z0-9])[{_BASE58}]{{26,35}}(?![A-Za-z0-9])")
_SEGWIT = re.compile(r"(?<![A-Za-z0-9])(?:bc|ltc)1[02-9ac-hj-np-z]{11,71}(?![A-Za-z0-9])", re.IGNORECASE)
_ETHEREUM = re.compile(r"(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])")
_MONERO = re.compile(rf"(?<![A-Za-z0-9])[48][0-9AB][{_BASE58}]{{93}}(?:[{_BASE58}]{{11}})?(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\w/=#])\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?![\w])")
_BY_NAME = re.compile(
    r"(?:(paypal)\.me|(paypal)\.com/paypalme|(cash)\.app|(venmo)\.com(?:/u)?)/\$?([\w.\-]*\w)"
    r"|\b(cash) ?app\s*(?:is|:|=|-)?\s*\$(\w+)",
    re.IGNORECASE,
)


def payment_addresses(text: str) -> Iterator[tuple[int, str]]:
    """Where payment addresses stand in a text, and each in one canonical form.

    >>> list(payment_addresses("IBAN gb82 west 1234 5698 7654 32"))
    [(5, 'iban:GB82WEST12345698765432')]
    """
    for found in _IBAN.finditer(text):
        account = _iban(found[0])
        if account:
            yield found.start(), f"iban:{account}"
    for found in _BASE58_CHECK.finditer(text):
        coin = _base58_coin(found[0])
        if coin:
            yield found.start(), f"{coin}:{found[0]}"
    for found in _SEGWIT.finditer(text):
        if is_bech32(found[0]):
            yield found.start(), f"btc:{found[0].lower()}"
    for found in _ETHEREUM.finditer(text):
        yield found.start(), f"eth:{found[0].lower()}"
    for found in _MONERO.finditer(text):
        yield found.start(), f"xmr:{found[0]}"
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if is_card(digits):
            yield found.start(), f"card:{digits}"
    for found in _BY_NAME.finditer(text):
        service, name = (part.lower() for part in found.groups() if part)
        yield found.start(), f"{service}:{name}"


def _iban(written: str) -> str | None:
    """The account number without spaces, if its checksum is right; a word behind it is cut off."""
    groups = re.split(r"[ -]", written.upper())
    for count in range(len(groups), 0, -1):
        account = "".join(groups[:count])
        if 15 <= len(account) <= 34 and is_iban(account):
            return account
    return None


def is_iban(account: str) -> bool:
    """Whether the checksum of an account number in capitals is right."""
    return int("".join(str(int(character, 36)) for character in account[4:] + account[:4])) % 97 == 1


def _base58_coin(address: str) -> str | None:
    """Which coin an address belongs to, if its checksum is right."""
    number = 0
    for character in address:
        number = number * 58 + _BASE58.index(character)
    if number >= 1 << 200:
        return None
    decoded = number.to_bytes(25, "big")
    check = hashlib.sha256(hashlib.sha256(decoded[:21]).digest()).digest()[:4]
    return _COINS.get(decoded[0]) if check == decoded[21:] else None


def is_bech32(address: str) -> bool:
    """Whether the checksum of a segregated-witness address is right; mixed case is not allowed."""
    if address not in (address.lower(), address.upper()):
        return False
    prefix, _, data = address.lower().rpartition("1")
    values = [ord(character) >> 5 for character in prefix] + [0] + [ord(character) & 31 for character in prefix]
    check = 1
    for value in values + [_BECH32.index(character) for character in data]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check in _BECH32_VALID


def is_card(digits: str) -> bool:
    """Whether the last digit of a card's number is right, and the first is one of a payment scheme."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return digits[0] in "23456" and (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0
