"""E-mail through a mail server of one's own."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage

from seawall.errors import AccessError, ConnectError
from seawall.notices.notice import Notice

TIMEOUT_S = 10.0
_FIRST_LASTING = 500


@dataclass(frozen=True)
class MailReceiver:
    """Sends a short plain mail.

    Args:
        name: of the receiver.
        to: the address that is written to.
        sender: the address that it comes from.
        host: of the mail server.
        port: of the mail server.
    """

    name: str
    to: str
    sender: str
    host: str = "127.0.0.1"
    port: int = 25

    def send(self, notice: Notice, *, again: bool) -> None:
        """Send a notice; its Message-ID is the same each time, so that a repetition is recognised.

        Raises:
            ConnectError: the mail server does not answer, or asks to come later.
            AccessError: it refuses this sender or address for good.
        """
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
                server.send_message(self._mail(notice))
        except smtplib.SMTPResponseException as error:
            raise self._refusal(error.smtp_code) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(max(code for code, _ in error.recipients.values())) from None
        except (OSError, smtplib.SMTPException) as error:
            raise ConnectError(
                f"The mail server did not take the notice ({type(error).__name__}).",
                where=f"receiver {self.name}, {self.host}:{self.port}",
                mend="Check that it runs; the notice is sent again.",
            ) from None

    def _mail(self, notice: Notice) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, self.to
        mail["Subject"] = f"Seawall: a new case ({notice.severity.value})"
        mail["Message-ID"] = f"<{notice.notice_id}@{self.sender.rpartition('@')[2]}>"
        mail["Date"] = notice.opened_at
        mail.set_content(
            f"{notice.sentence}\n\n"
            f"Workspace {notice.workspace}, opened {notice.opened_at:%d %B %Y %H:%M} UTC.\n"
            f"It is a claim of software: somebody should look, and decide.\n\n"
            f"    {notice.as_dict()['look']}\n"
        )
        return mail

    def _refusal(self, code: int) -> ConnectError:
        kind = AccessError if code >= _FIRST_LASTING else ConnectError
        return kind(
            f"The mail server answered {code}.",
            where=f"receiver {self.name}, {self.host}:{self.port}",
            mend="Check the addresses with: seawall tell DIR",
        )
