"""A text as a QR code that a page can show: SVG in a data address, no script, no request."""

from __future__ import annotations

import segno


def qr_picture(text: str) -> str:
    """The address of the picture.

    >>> qr_picture("otpauth://totp/Seawall:rosa").startswith("data:image/svg+xml")
    True
    """
    picture: str = segno.make(text, error="m").svg_data_uri(scale=4, border=2)
    return picture
