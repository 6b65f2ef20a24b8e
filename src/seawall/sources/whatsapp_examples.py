"""Small exported chats, about a garden club."""

from __future__ import annotations

_ANDROID = """\
13/04/2024, 06:58 - Ilse created group "Garden: club"
13/04/2024, 09:15 - Karim: Good morning!
13/04/2024, 11:32 - +00 000 000 001: The rota:
Mon Karim

Tue Ilse
13/04/2024, 11:40 - Ilse: <Media omitted>
13/04/2024, 11:41 - Karim: beans.jpg (file attached)
The bean table
13/04/2024, 12:00 - Karim: @00000000001 thanks, see https://garden.example/rota
13/04/2024, 12:05 - Karim added +00 000 000 002
13/04/2024, 12:06 - +00 000 000 002 left
13/04/2024, 12:07 - Ilse: This message was deleted
"""
_IOS = "\r\n".join(
    (
        "[2024-04-13, 9:15:10\u202fAM] Cycling club: \u200eYara added Felix",
        "[2024-04-13, 9:16:00\u202fAM] Yara: Ride at nine?",
        "\u200e[2024-04-13, 9:17:00\u202fPM] Felix: \u200eimage omitted",
        "[2024-04-13, 9:18:00\u202fPM] Felix: @\u2068Yara\u2069 so:\n[2024-04-14, 9:00:00\u202fAM] meet\nsecond line",
        "",
    )
)

EXAMPLES = (("WhatsApp Chat with Garden club.txt", _ANDROID.encode()), ("_chat.txt", _IOS.encode()))
