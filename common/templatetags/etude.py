"""Small tags that every page may use: `{% load etude %}`. Components with markup of their own are
includes under templates/components; frontend/README.md is their catalog."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.db import DatabaseError
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import clock
from common.text import bytes_in_words

register = template.Library()

THEMES = {"light", "dark", "system"}
SECTIONS = {"logs": "skills", **{s: s for s in ("practice", "interviews", "history", "skills")}}


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A Lucide icon of frontend/icons.txt. `size`: "" | "small" | "large". Without a label it is
    decoration and hidden from screen readers."""
    classes = f"icon icon-{size}" if size else "icon"
    href = f"{static('dist/icons.svg')}#{name}"
    if not label:
        hidden = '<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>'
        return format_html(hidden, classes, href)
    named = '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>'
    return format_html(named, classes, label, href)


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """light | dark | system, as chosen; rendered by the server, so that no page flashes."""
    request = context.get("request")
    if request is None:
        return "system"
    try:
        chosen = getattr(getattr(request, "user", None), "theme", "")
    except DatabaseError:  # the page for a database that is down must still render
        chosen = ""
    chosen = chosen or request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "system"


@register.simple_tag(takes_context=True)
def person_id(context: Context) -> str:
    """The owner of texts kept on the device; empty when nobody is signed in."""
    try:
        return str(getattr(getattr(context.get("request"), "user", None), "pk", None) or "")
    except DatabaseError:
        return ""


@register.simple_tag(takes_context=True)
def section(context: Context) -> str:
    """practice | interviews | skills | history, by the first part of the address; else empty."""
    path = getattr(context.get("request"), "path", "")
    return SECTIONS.get(path[1:].partition("/")[0], "")


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A form field's input in the house style, tied to its hint and error."""
    attrs: dict[str, str | bool] = {"class": _control_class(field.field.widget)}
    notes = [f"{field.auto_id}-hint"] if field.help_text else []
    if field.errors:
        notes.append(f"{field.auto_id}-error")
        attrs["aria-invalid"] = "true"
    if notes:
        attrs["aria-describedby"] = " ".join(notes)
    return field.as_widget(attrs=attrs)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    """Radio buttons and lists of check boxes: several inputs under one legend."""
    return isinstance(field.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))


@register.filter
def initials(name: object) -> str:
    words = str(name).replace(".", " ").replace("_", " ").split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.simple_tag
def ago(moment: datetime | None, now: datetime | None = None) -> SafeString:
    """ "2 h ago" with the full local time on hover. The page keeps it fresh (app.js)."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        clock.zoned(local, "l j F Y, H:i"),
        in_words(moment, now or timezone.now()),
    )


def in_words(moment: datetime, now: datetime) -> str:
    """Relative times in words, as `relativeTime` in frontend/src/ui/times.js writes them."""
    seconds = (now - moment).total_seconds()
    amount = abs(seconds)
    if amount < 45:
        return "just now" if seconds >= 0 else "in a moment"
    if amount < 45 * 60:
        text = f"{max(1, round(amount / 60))} min"
    elif amount < 22 * 3600:
        text = f"{max(1, round(amount / 3600))} h"
    elif (days := max(1, round(amount / 86400))) <= 14:
        text = "1 day" if days == 1 else f"{days} days"
    else:
        local = timezone.localtime(moment)
        pattern = "%-d %b" if local.year == timezone.localtime(now).year else "%-d %b %Y"
        return local.strftime(pattern)
    return f"{text} ago" if seconds >= 0 else f"in {text}"


@register.filter
def in_bytes(size: int) -> str:
    """1536 -> "1.5 KB"."""
    return bytes_in_words(size)


@register.filter
def minutes_in_words(minutes: Any) -> str:
    """140 -> "2 h 20 min"."""
    total = int(minutes or 0)
    hours, rest = divmod(total, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput)):
        return ""
    if isinstance(widget, forms.Select):
        return "select"
    return "textarea" if isinstance(widget, forms.Textarea) else "input"
