"""Markdown to safe HTML: markdown-it-py renders, nh3 keeps only what we allow."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_RENDERER = MarkdownIt("commonmark", {"html": False, "breaks": False}).enable(
    ["table", "strikethrough"]
)
# `[a]: address`, used again and again, makes a page that grows with the square of its text.
_RENDERER.disable("reference")
_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}


def render_markdown(text: str, *, below: int = 0) -> SafeString:
    """Safe HTML of a Markdown text; links are http(s) or mailto, `rel="nofollow ugc noopener"`.

    `below`: how many levels its headings stand under those of the page (`#` is then no h1).
    """
    tokens = _RENDERER.parse(text or "")
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"
    clean = nh3.clean(
        _RENDERER.renderer.render(tokens, _RENDERER.options, {}),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it
