"""One entry of an exported chat -> a row of RAW_MESSAGES."""

from __future__ import annotations

import re

from seawall.sources.json_values import Unusable, media
from seawall.sources.media_kinds import media_kind
from seawall.sources.raw_rows import FILE, Row
from seawall.sources.whatsapp_chat import Chat
from seawall.sources.whatsapp_entries import MARKS, OWN_WORDS, Entry
from seawall.sources.whatsapp_names import account_of, author_of

_AROUND = "\u200e\u200f\ufeff"
_ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret
_NAMED = re.compile("@\u2068([^\u2069\n]{1,100})\u2069|(?<!\\w)@(\\d{7,15})(?!\\w)")
_OMITTED = re.compile(r"^<[^<>\n]{4,40}>$")
_ATTACHED = re.compile(rf"[{MARKS}]*<[^<>\n:]{{2,30}}: ([^<>\n]+\.\w{{2,5}})>$")
_FILE = re.compile(rf"^[{MARKS}]*([^\n]{{1,150}}\.\w{{2,5}}) \([^()\n]{{3,40}}\)(?:\n|$)")
_EDITED = re.compile("(?:\\s*\u200e<[^<>\n]{4,60}>|\\s<This message was edited>)$")
_DELETED = frozenset(
    (
        "This message was deleted",
        "You deleted this message",
        "This message was deleted by admin",
        "Diese Nachricht wurde gelöscht",
        "Du hast diese Nachricht gelöscht",
        "Ce message a été supprimé",
        "Vous avez supprimé ce message",
        "Se eliminó este mensaje",
        "Eliminaste este mensaje",
        "Esta mensagem foi apagada",
        "Você apagou esta mensagem",
        "Questo messaggio è stato eliminato",
        "Hai eliminato questo messaggio",
    )
)
_MEDIA_WORDS = {
    "image": "image photo bild imagen imagem immagine foto afbeelding",
    "video": "video vidéo gif",
    "audio": "audio",
    "document": "document dokument documento contact kontakt",
}
_STICKERS = "sticker figurinha autocollant"
_KIND_OF_WORD = {word: kind for kind, words in _MEDIA_WORDS.items() for word in words.split()}
_KIND_OF_WORD |= dict.fromkeys(_STICKERS.split(), "image")

_NOTICES = (
    (re.compile(r"^(?P<who>.+?) added (?P<others>.+)$"), "invite"),
    (re.compile(r"^(?P<who>.+?) removed (?P<others>.+)$"), "remove"),
    (re.compile(r"^(?P<who>.+?) (?:joined .+|was added)$"), "join"),
    (re.compile(r"^(?P<who>.+?) left$"), "leave"),
    (re.compile(r"^(?P<who>.+?) created (?:this )?group\b"), ""),
)
_AND = re.compile(r", | and ")
_EXPORTER = frozenset(("You", "you"))


def message_row(entry: Entry, chat: Chat) -> Row:
    """The row of one entry, but for its time.

    Raises:
        Unusable: it is a notice of WhatsApp that names no account.
    """
    author, text = author_of(entry.text)
    words = text.strip(_AROUND)
    by_whatsapp = text.startswith(OWN_WORDS)
    row: Row = {"channel_id": chat.channel_id, "visibility": chat.visibility, "kind": "post"}
    if author is None or author == chat.title or (by_whatsapp and words.startswith(f"{author} ")):
        return row | _notice(words, chat)
    row["account"] = account_of(author)
    row["mentions"], row["hashtags"] = [], None
    if words.rstrip(".") in _DELETED:
        return row
    row["media"], words = _media(text, words, by_whatsapp=by_whatsapp)
    if by_whatsapp and row["media"] is None:
        return {
            "channel_id": chat.channel_id,
            "visibility": chat.visibility,
            "kind": "service",
            "account": row["account"],
        }
    words = _EDITED.sub("", words)
    names: dict[str, None] = {}

    def hidden(found: re.Match[str]) -> str:
        names[found[1] or "+" + found[2]] = None
        return _ACCOUNT_TOKEN

    words = _NAMED.sub(hidden, words) if "@" in words else words
    row["mentions"] = [account_of(name) for name in names]
    row["text"] = words.strip(_AROUND) or None
    return row


def _media(text: str, words: str, *, by_whatsapp: bool) -> tuple[list[Row] | None, str]:
    """What was sent beside the words, and the words without its name. WhatsApp's own words are none of the author's."""
    attached = _ATTACHED.search(text)
    if attached is not None:
        return [media(media_kind(attached[1]), None) | {FILE: attached[1]}], text[: attached.start()].rstrip()
    file = _FILE.match(text)
    if file is not None:
        return [media(media_kind(file[1]), None) | {FILE: file[1]}], text[file.end() :]
    if _OMITTED.match(words):
        return [media(_kind_in(words), None)], ""
    if by_whatsapp:
        kind = _kind_in(words)
        return ([media(kind, None)] if kind else None), ""
    return None, words


def _kind_in(words: str) -> str | None:
    folded = re.findall(r"\w+", words.lower())
    return next((_KIND_OF_WORD[word] for word in folded if word in _KIND_OF_WORD), None)


def _notice(words: str, chat: Chat) -> Row:
    """What happened in the chat, by the account that it names first; the acts are known in English only."""
    for pattern, act in _NOTICES:
        found = pattern.match(words)
        if found is not None and found["who"] not in _EXPORTER:
            who = account_of(found["who"])
            return {"kind": "service", "account": who, "acts": _acts(act, who, found.groupdict().get("others"))}
    known = next((name for name in chat.writers if words.startswith(f"{name} ")), None)
    if known is None:
        raise Unusable("author", "a notice of WhatsApp that names no account")
    return {"kind": "service", "account": account_of(known)}


def _acts(act: str, who: Row, others: str | None) -> list[Row] | None:
    people = [account_of(name) for name in _AND.split(others or "") if name.strip() and name not in _EXPORTER]
    if act == "invite":
        return [{"kind": "invite", "target": one} for one in people] or None
    if act == "remove":
        return [{"kind": "leave", "source": one, "target": who} for one in people] or None
    return [{"kind": act}] if act else None
