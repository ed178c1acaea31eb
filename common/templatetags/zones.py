"""Built into every template (`builtins` in config/settings.py), mails and exports included."""

from __future__ import annotations

from datetime import datetime

from django import template

from common import clock

register = template.Library()


@register.filter(expects_localtime=True)
def zoned(moment: datetime | None, pattern: str) -> str:
    """`{{ at|zoned:"j M, H:i" }}`: like `date`, with the zone after it; nothing for nothing. In the
    zone that is active: a learner's own, or UTC in the console, for candidates and in workers."""
    return clock.zoned(moment, pattern) if moment else ""
