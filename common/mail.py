"""Mail where no mail server is set up, and the moment from which a mail may have been taken."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)


class NoMailServer(BaseEmailBackend):
    """Production without EMAIL_URL: every mail fails as with a server that is away.

    Printing it, as development does, would put the links in it into the log.
    """

    def open(self) -> None:
        if not self.fail_silently:
            raise ConnectionError("No mail server is set up (EMAIL_URL).")

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        logger.warning("mail not sent: EMAIL_URL names no mail server")
        self.open()
        return 0


@contextmanager
def before_data(connection: Any, call: Callable[[], object]) -> Iterator[None]:
    """Run `call` once sender and recipient are accepted and before the text goes out.

    Until then the mail has certainly not been taken, so a worker that is killed may send it again.
    What `call` raises ends the sending. Backends without SMTP take mail in one step: `call` runs
    first. `connection` is an open backend of Django.
    """
    smtp = getattr(connection, "connection", None)
    if not isinstance(smtp, smtplib.SMTP):
        call()
        yield
        return
    send_text = smtp.data

    def data(msg: Any) -> Any:
        call()
        return send_text(msg)

    smtp.data = data  # type: ignore[method-assign]
    try:
        yield
    finally:
        del smtp.data  # type: ignore[method-assign]  # the class's own again
