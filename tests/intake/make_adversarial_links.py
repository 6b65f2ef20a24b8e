"""Makes adversarial_links.ndjson: addresses that pretend to lead elsewhere, each with the host that Chromium opens.

Run it with ``python -m tests.intake.make_adversarial_links``; it needs ``chromium`` and Playwright. The addresses come
from a seed, after the steps of the WHATWG URL standard at which something can be pretended; the answers are Chromium's
own, ``new URL(address).host``, and null where it refuses. Of a page that only leads on ``host`` is that of the address
it leads to, ``page`` its own; of all others the two are one.
"""

# ruff: noqa: E501 - lists of tricks read better in one line
from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

CORPUS = Path(__file__).with_name("adversarial_links.ndjson")
EACH = 46
SEED = 8

SHOWN = ("garden.example", "club.example", "t.me", "discord.gg", "www.beds.example", "x.com", "roses.co.uk")
MEANT = ("trap.example", "hedge.example", "a.b.trap.example", "thorn.co.uk", "192.0.2.7", "xn--80ai1b.example")
LOOK_ALIKES = {
    "a": "аɑα",
    "c": "сϲ",
    "e": "еҽ",
    "o": "оοօ",
    "p": "рρ",
    "x": "хχ",
    "i": "іı",
    "s": "ѕ",
    "d": "ԁ",
    "g": "ɡ",
    "t": "τ",
    "m": "м",
}
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f\u180e\u034f\u061c"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
DOTS = "。．｡․﹒·‧۔"
MERGED = "ﬁ℡ⅧⅨ①②㎒ª²½Ａｚ０９ﬀĳ℀℁％＠：／？＃＼⁄∕⧸⩴⼤㏂"
SYMBOLS = ("☃", "♥", "🌹", "🌻🌻", "★", "♻️", "👩‍🌾", "i❤", "→", "€")
NUMBERS = (3221225991, 0xC0000207, 0x7F000001, 134744072, 255, 0, 4294967295, 4294967296)
SIX = ("[::1]", "[2001:DB8::7]", "[::ffff:192.0.2.7]", "[0:0:0:0:0:0:0:1]", "[fe80::1%25eth0]", "[::1", "::1]", "[:::1]", "[1::2::3]", "[::192.0.2.256]", "[v1.a]", "[2001:db8:0:0:1:0:0:1]", "[::ffff:c000:207]", "[1:2:3:4:5:6:7:8:9]", "[12345::]", "[::1.2.3]")  # fmt: skip
ENDS = ("", "/", "/a", "/a?b=c", "?b", "#c", "/@fern", "/a/../b")

Draw = random.Random
Family = Callable[[Draw], str]


def user_information(draw: Draw) -> str:
    before = draw.choice(["{s}", "{s}:80", "{s}:p@ss", "{s}%40", "{s}/", "{s}%2f", "{s}?", "{s}#", "{s};", "a@{s}", "{s}%00", ":{s}", "@@{s}", "{s}\\", "{s}|", "{s}^", '{s}"', "{s} ", "{s}<"])  # fmt: skip
    return f"http://{before.format(s=draw.choice(SHOWN))}@{draw.choice(MEANT)}{draw.choice(ENDS)}"


def ports(draw: Draw) -> str:
    port = draw.choice(["80", "443", "", "0", "00080", "65535", "65536", "99999", "8080", "080a", "-1", "+80", " 80", "８０", "80:80", "1e3", "٨٠", "000000000443", "21", "%38%30"])  # fmt: skip
    return f"{draw.choice(['http', 'https', 'ftp'])}://{draw.choice(MEANT)}:{port}{draw.choice(ENDS)}"


def slashes(draw: Draw) -> str:
    begin = draw.choice(["//", "\\\\", "/\\", "\\/", "/", "\\", "", "///", "////", "\\\\\\", "/ /"])
    middle = draw.choice(["\\@", "\\", "/", "\\\\", "\\.", "%5c", "%5C@", "%2F@", "＼", "∕"])
    return f"{draw.choice(['http', 'HTTPS'])}:{begin}{draw.choice(MEANT)}{middle}{draw.choice(SHOWN)}"


def breaks(draw: Draw) -> str:
    address = f"http://{draw.choice(MEANT)}/{draw.choice(SHOWN)}"
    for _ in range(draw.randint(1, 4)):
        place = draw.randint(0, len(address))
        address = address[:place] + draw.choice(["\t", "\n", "\r", "\r\n", "\x0b", " ", "\x00", "\x7f", "\x85", "\u2028", "\xa0"]) + address[place:]  # fmt: skip
    return address


def edges(draw: Draw) -> str:
    sign = ["\x00", "\x1f", " ", "\t", "\n", "\xa0", "\u3000", "\ufeff", "\x7f", "\u2028"]
    return draw.choice(sign) + f"http://{draw.choice(MEANT)}{draw.choice(ENDS)}" + draw.choice(sign)


def escapes(draw: Draw) -> str:
    host = draw.choice(MEANT)
    signs = list(host)
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(signs))
        signs[place] = "".join(f"%{byte:02{draw.choice('xX')}}" for byte in signs[place].encode())
    extra = draw.choice(["", "", "", "%2e" + draw.choice(SHOWN), "%40" + draw.choice(SHOWN), "%00", "%2f" + draw.choice(SHOWN), "%5c", "%20", "%zz", "%", "%2", "%E3%80%82" + draw.choice(SHOWN), "%252e", "%EF%BC%8E", "%C2%AD", "%ff", "%3a80", "%23", "%3f", "%25"])  # fmt: skip
    return f"http://{''.join(signs)}{extra}{draw.choice(ENDS)}"


def homographs(draw: Draw) -> str:
    signs = list(draw.choice(SHOWN))
    for place, sign in enumerate(signs):
        if sign in LOOK_ALIKES and draw.random() < 0.4:
            signs[place] = draw.choice(LOOK_ALIKES[sign])
    return f"https://{''.join(signs)}{draw.choice(ENDS)}"


def _inserted(draw: Draw, signs: str, host: str, most: int = 3) -> str:
    for _ in range(draw.randint(1, most)):
        place = draw.randint(0, len(host))
        host = host[:place] + draw.choice(signs) + host[place:]
    return host


def wide_signs(draw: Draw) -> str:
    host = "".join(
        chr(ord(sign) + 0xFEE0) if sign != "." and draw.random() < 0.5 else sign for sign in draw.choice(MEANT)
    )
    return f"http://{host.replace('.', draw.choice(['.', '。', '．', '｡']))}{draw.choice(ENDS)}"


def unseen_signs(draw: Draw) -> str:
    return f"http://{_inserted(draw, UNSEEN, draw.choice(MEANT + SHOWN))}{draw.choice(ENDS)}"


def turned(draw: Draw) -> str:
    host = draw.choice([_inserted(draw, TURNING, draw.choice(MEANT)), "ורד." + draw.choice(MEANT), draw.choice(SHOWN) + ".ورد", "a١.example", "ורדa.example", "1ורד.example", "ورد١.example", "-ورد.example"])  # fmt: skip
    return f"http://{host}{draw.choice(ENDS)}"


def other_dots(draw: Draw) -> str:
    return f"http://{draw.choice(SHOWN)}{draw.choice(DOTS)}{draw.choice(MEANT)}{draw.choice(ENDS)}"


def doubled_dots(draw: Draw) -> str:
    form = draw.choice(["{h}.", "{h}..", ".{h}", "..{h}", "a..{h}", ".", "..", "%2e", "{h}%2e", "{h}。", "。{h}", "{h}./a", "{h}.:80", "a.%2e.{h}"])  # fmt: skip
    return f"http://{form.format(h=draw.choice(MEANT))}{draw.choice(ENDS)}"


def numbers(draw: Draw) -> str:
    value = draw.choice(NUMBERS)
    forms = [str(value), hex(value), f"0{value:o}", f"{value >> 24}.{value & 0xFFFFFF}", f"0x{value >> 24:x}.{value >> 16 & 255}.{value & 0xFFFF}", f"{value >> 24 & 255}.0{value >> 16 & 255:o}.0X{value >> 8 & 255:X}.{value & 255}", f"{value}.", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "1.256.3", "0x", "0x.0x.0x.0x", "08.1.1.1", "1.2.3.08", "1..2", "1.2.3.4..", "09", "garden.9", "garden.0x7", "garden.0xg", "1.2.3.4a", "١٢٧.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "0x1p3", "1_0.0.0.1", "99999999999999999999", "0x00000000000000007f.1", "00000000000000000177.1", "%31%32%37.1", "127.0.0.1%2e"]  # fmt: skip
    return f"http://{draw.choice(forms)}{draw.choice(ENDS)}"


def six(draw: Draw) -> str:
    return f"http://{draw.choice(['', 'a@', draw.choice(SHOWN) + '@'])}{draw.choice(SIX)}{draw.choice(['', ':80', ':8080', 'a', '.example', ':'])}{draw.choice(ENDS)}"


def schemes(draw: Draw) -> str:
    scheme = draw.choice(["hTTp", "HTTPS", "ht\ttp", "http ", " http", "h\u0442tp", "httρ", "ftp", "FTP", "javascript", "data", "mailto", "tel", "file", "blob:http", "view-source:http", "ws", "wss", "http%3a", "http\u200b", "hxxp", "feed:http", "http:http", "about"])  # fmt: skip
    return f"{scheme}:{draw.choice(['//', '/', '', '///'])}{draw.choice(MEANT)}{draw.choice(ENDS)}"


def labels(draw: Draw) -> str:
    label = draw.choice(["-", "a-", "-a", "a--b", "ab--c", "_", "_a", "a_b", "a" * 63, "a" * 64, "a" * 250, "a." * 120, "1", "1a", "a!b", "a$b", "a&b", "a'b", "a(b)", "a*b", "a+b", "a,b", "a;b", "a=b", "a~b", "a`b", "a{b", "a}b", "a|b", "a^b", "a<b", "a>b", 'a"b', "a b", "a[b", "a]b", "a\x7fb", "xn--", "xn---"])  # fmt: skip
    return f"http://{label}.{draw.choice(MEANT)}{draw.choice(ENDS)}"


def encoded_names(draw: Draw) -> str:
    label = draw.choice(["xn--80ai1b", "XN--80AI1B", "Xn--80ai1b", "xn--a", "xn--a-", "xn--garden-", "xn--tda", "xn--0ca", "xn--ls8h", "xn--zca", "xn--fa-hia", "xn--80ak6aa92e", "xn--11b5bs1di", "xn--xn---epa", "xn--9999999999", "xn--\u0441ад", "сад", "САД", "ca\u0301d", "c\u0301", "\u0301c", "ёлка", "e\u0308", "ſad", "K", "Å", "İ", "ı", "ǅ"])  # fmt: skip
    return f"http://{label}.{draw.choice(['example', 'рф', 'xn--p1ai', 'co.uk'])}{draw.choice(ENDS)}"


def symbols(draw: Draw) -> str:
    return f"http://{draw.choice(SYMBOLS)}{draw.choice(['', 'a', '-b'])}.{draw.choice(['example', 'club.example'])}{draw.choice(ENDS)}"


def deviations(draw: Draw) -> str:
    host = draw.choice(["faß.example", "ςας.example", "FAẞ.example", "straße.co.uk", "نامه\u200cای.example", "क्\u200dष.example", "a\u200db.example", "ßß.example", "βόλος.example", "ΒΌΛΟΣ.example"])  # fmt: skip
    return f"https://{host}{draw.choice(ENDS)}"


def merged_signs(draw: Draw) -> str:
    return f"http://{_inserted(draw, MERGED, draw.choice(MEANT + SHOWN), 2)}{draw.choice(ENDS)}"


def later_parts(draw: Draw) -> str:
    sign = draw.choice(
        [
            "/@",
            "?@",
            "#@",
            "/:80@",
            "?x=http://",
            "#http://",
            "/http://",
            "/;@",
            "/..;/@",
            "?\\@",
            "#\\@",
            "//",
            "/%2e%2e/",
        ]
    )
    return f"http://{draw.choice(MEANT)}{sign}{draw.choice(SHOWN)}"


def dressed_up(draw: Draw) -> str:
    shown, meant = draw.choice(SHOWN), draw.choice(MEANT)
    return draw.choice(["https://{s}.{m}/joinchat/AbCdEf", "https://{m}/{s}/+AbCdEf", "https://{s}-{m}/", "https://{s}%2f.{m}/a", "https://{s}:443@{m}/club", "https://{m}?{s}/club", "https://{s}。{m}/club", "https://{s}\\{m}/club", "https://{s}.:443/club", "https://{s}%2e{m}/club", "https://www.{s}/club", "https://m.{s}/club", "https://{s}:8443/club"]).format(s=shown, m=meant)  # fmt: skip


def two_tricks(draw: Draw) -> str:
    first, second = draw.choice(FAMILIES)(draw), draw.choice(FAMILIES)(draw)
    return draw.choice([f"http://{draw.choice(SHOWN)}@{first.partition('//')[2]}", first + second, first.replace(".", draw.choice(DOTS), 1), first.upper(), _inserted(draw, "\t\n\r", first), quote(first, safe=":/@?#[]%"), first.replace("//", "\\\\", 1)])  # fmt: skip


def leading_on(draw: Draw) -> tuple[str, str]:
    """A page that only leads on, and where to."""
    target = draw.choice(FAMILIES)(draw)
    while not target.startswith(("http://", "https://")) or "+" in target:
        target = draw.choice(FAMILIES)(draw)
    page = draw.choice(["https://www.google.com/url?q={}", "https://google.com/url?sa=D&url={}", "https://l.facebook.com/l.php?u={}&h=x", "https://www.youtube.com/redirect?event=x&q={}", "https://vk.com/away.php?to={}"])  # fmt: skip
    return page.format(quote(target, safe="")), target


FAMILIES: tuple[Family, ...] = (
    user_information, ports, slashes, breaks, edges, escapes, homographs, wide_signs, unseen_signs, turned, other_dots,
    doubled_dots, numbers, six, schemes, labels, encoded_names, symbols, deviations, merged_signs, later_parts, dressed_up,
)  # fmt: skip


def addresses(seed: int = SEED, each: int = EACH) -> Iterator[tuple[str, str, str]]:
    """Family, address, and the address that counts; a family that knows fewer than ``each`` gives what it has."""
    draw = random.Random(seed)
    for family in (*FAMILIES, two_tricks):
        drawn = dict.fromkeys(family(draw) for _ in range(8 * each))
        yield from ((family.__name__, address, address) for address in list(drawn)[:each])
    for _ in range(each):
        yield (leading_on.__name__, *leading_on(draw))


OPENED = """(addresses) => addresses.map((address) => {
    try {
        const url = new URL(address);
        return ["http:", "https:", "ftp:"].includes(url.protocol) ? url.host : null;
    } catch { return null; }
})"""


def opened(told: list[str]) -> tuple[str, list[str | None]]:
    """Chromium's version, and the host that it would open for each address."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        hosts: list[str | None] = browser.new_page().evaluate(OPENED, told)
        version = browser.version
        browser.close()
    return version, hosts


def main() -> None:
    rows = list(addresses())
    version, hosts = opened([counts for _, _, counts in rows])
    _, pages = opened([address for _, address, _ in rows])
    lines = [json.dumps({"made_by": "make_adversarial_links.py", "seed": SEED, "chromium": version})]
    lines += [
        json.dumps({"family": family, "address": address, "host": host, "page": page})
        for (family, address, _), host, page in zip(rows, hosts, pages, strict=True)
    ]
    CORPUS.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
