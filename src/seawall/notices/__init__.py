"""Tells the operator's own people that a case has opened: on the terminal, in a log, by webhook, by mail.

A notice carries a sentence and a severity. It names no account and quotes no message: it calls somebody to look.
"""

from __future__ import annotations

from seawall.notices.log import LogReceiver
from seawall.notices.mail import MailReceiver
from seawall.notices.notice import Notice, Receiver
from seawall.notices.webhook import WebhookReceiver

__all__ = ["LogReceiver", "MailReceiver", "Notice", "Receiver", "WebhookReceiver"]
