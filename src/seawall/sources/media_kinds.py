"""What kind of media a file is, by the ending of its name. The name itself is never kept."""

from __future__ import annotations

_ENDINGS = {
    "image": "jpg jpeg png gif webp heic heif bmp tif tiff svg avif",
    "video": "mp4 mov webm mkv avi m4v 3gp mpg mpeg",
    "audio": "mp3 ogg opus m4a wav flac aac amr oga",
    "text": "txt md",
}
_KINDS = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}


def known_kind(name: str | None) -> str | None:
    """The kind of a file or of an address of one, None where its ending tells none.

    >>> known_kind("https://garden.example/ride.JPG?size=9"), known_kind("https://garden.example")
    ('image', None)
    """
    bare = (name or "").partition("?")[0].partition("#")[0]
    return _KINDS.get(bare.rpartition(".")[2].lower())


def media_kind(name: str | None) -> str:
    """The kind, "document" for what is not known.

    >>> media_kind("ride.JPG"), media_kind("rota.pdf"), media_kind(None)
    ('image', 'document', 'document')
    """
    return known_kind(name) or "document"
