from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from seawall.errors import AccessError, ConfigurationError, ConnectError, StorageError
from seawall.model import Severity
from seawall.notices import LogReceiver, MailReceiver, Notice, WebhookReceiver
from seawall.notices.webhook import new_secret
from tests.notices.receiving import mail_server, web_server

NOTICE = Notice(
    "team",
    "C-7K2M",
    Severity.HIGH,
    datetime(2026, 5, 3, 14, 5, tzinfo=UTC),
    "12 accounts posted the same 5 texts; “صباح الخير” is not quoted.",
    "club",
)


def test_a_webhook_is_signed_as_the_standard_says() -> None:
    """An independent implementation of Standard Webhooks accepts the notice, and refuses it once a byte is changed."""
    secret = new_secret()
    with web_server() as server:
        WebhookReceiver("team", server.url, secret).send(NOTICE, again=False)
    (headers, body) = server.posted[0]
    told = Webhook(secret).verify(body.decode(), headers)
    assert told["data"] == NOTICE.as_dict()
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"12", b"13").decode(), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body.decode(), headers)


def test_a_repeated_delivery_has_the_same_id() -> None:
    """Whoever receives a notice twice can see that it is the same one; another case has another id."""
    with web_server() as server:
        receiver = WebhookReceiver("team", server.url, new_secret())
        receiver.send(NOTICE, again=False)
        receiver.send(NOTICE, again=True)
        receiver.send(replace(NOTICE, case_id="C-AAAA"), again=False)
    first, second, other = (headers["webhook-id"] for headers, _ in server.posted)
    assert first == second != other


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, ConnectError), (429, ConnectError), (302, ConnectError), (401, AccessError), (410, AccessError)],
)
def test_a_webhook_that_does_not_take_it_is_an_error_that_names_the_receiver(status: int, kind: type) -> None:
    """Each refusal says who refused and with what; only a lasting one says that trying again is of no use."""
    secret = new_secret()
    with web_server() as server:
        server.answers = [status]
        server.headers = {"retry-after": "30", "location": server.url}
        with pytest.raises(ConnectError, match=f"{status}.*receiver team") as caught:
            WebhookReceiver("team", server.url, secret).send(NOTICE, again=False)
    assert type(caught.value) is kind
    assert len(server.posted) == 1, "a redirect is not followed"
    assert caught.value.retry_after == (30 if status == 429 else None)
    assert secret not in str(caught.value) + repr(WebhookReceiver("team", server.url, secret))


def test_a_webhook_that_is_not_there_is_an_error() -> None:
    """No answer at all is worth another try."""
    with web_server() as server:
        url = server.url
    with pytest.raises(ConnectError, match="did not answer"):
        WebhookReceiver("team", url, new_secret()).send(NOTICE, again=False)


def test_a_secret_that_is_none_is_refused() -> None:
    """A secret that is not base64 is a wrong configuration, said before anything is sent."""
    with web_server() as server, pytest.raises(ConfigurationError):
        WebhookReceiver("team", server.url, "whsec_not base64!").send(NOTICE, again=False)
    assert server.posted == []


def test_a_mail_says_the_sentence_and_where_to_look() -> None:
    """The mail arrives whole, in any script, with the same Message-ID each time."""
    with mail_server() as server:
        receiver = MailReceiver("team", "team@example.org", "seawall@example.org", port=server.port)
        receiver.send(NOTICE, again=False)
        receiver.send(NOTICE, again=True)
    first, second = server.mails
    text = first.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert NOTICE.sentence in text
    assert "seawall case club C-7K2M" in text
    assert first["Subject"] == "Seawall: a new case (high)"
    assert first["Message-ID"] == second["Message-ID"] == f"<{NOTICE.notice_id}@example.org>"


@pytest.mark.parametrize(("answer", "kind"), [("451 later", ConnectError), ("554 never", AccessError)])
def test_a_mail_server_that_refuses_is_an_error(answer: str, kind: type) -> None:
    """ "Come later" is worth another try, "never" is not."""
    with mail_server() as server:
        server.refusal = answer
        with pytest.raises(ConnectError, match=answer[:3]) as caught:
            MailReceiver("team", "team@example.org", "seawall@example.org", port=server.port).send(NOTICE, again=False)
    assert type(caught.value) is kind


def test_a_mail_server_that_is_not_there_is_an_error() -> None:
    """No answer at all is worth another try."""
    with mail_server() as server:
        port = server.port
    with pytest.raises(ConnectError, match="did not take"):
        MailReceiver("team", "team@example.org", "seawall@example.org", port=port).send(NOTICE, again=False)


def test_the_log_has_one_line_a_notice_also_after_an_interruption(tmp_path: Path) -> None:
    """A line that was written before a kill is not written again; half a line does not swallow the next one."""
    path = tmp_path / "cases.jsonl"
    log = LogReceiver("team", path)
    log.send(NOTICE, again=False)
    log.send(NOTICE, again=True)
    other = replace(NOTICE, case_id="C-AAAA")
    with path.open("ab") as file:
        file.write(json.dumps(other.as_dict()).encode()[:-10])
    log.send(other, again=True)
    whole = []
    for line in path.read_bytes().splitlines():
        try:
            whole.append(json.loads(line))
        except ValueError:
            continue
    assert whole == [NOTICE.as_dict(), other.as_dict()]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """A folder in the log's place is said to be the matter."""
    with pytest.raises(StorageError, match="log of notices"):
        LogReceiver("team", tmp_path).send(NOTICE, again=False)
    assert list(tmp_path.iterdir()) == []
