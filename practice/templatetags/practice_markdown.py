"""Markdown of the bank (prompts, samples) as safe HTML below the page's title, once per text."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from common.markdown import render_markdown

register = template.Library()


@register.filter
@lru_cache(maxsize=512)
def markdown(text: str) -> SafeString:
    return render_markdown(text, below=1)
