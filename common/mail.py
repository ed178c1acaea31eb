"""Mail where no mail server is set up."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)


class NoMailServer(BaseEmailBackend):
    """Production without EMAIL_URL: every mail fails as with a server that is away.

    Printing it, as development does, would put the links in it into the log.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        logger.warning("mail not sent: EMAIL_URL names no mail server")
        if self.fail_silently:
            return 0
        raise ConnectionError("No mail server is set up (EMAIL_URL).")
