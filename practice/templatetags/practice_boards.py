"""A stored board as a picture: plain SVG drawn by the server, so that review, print and pages
without JavaScript show it. It is a clean drawing, not Excalidraw's hand-drawn look."""

from __future__ import annotations

from typing import Any

from django import template

from practice.board_svg import picture_of

register = template.Library()


@register.inclusion_tag("practice/_board_svg.html")
def board_picture(board: dict[str, Any]) -> dict[str, Any]:
    return {"picture": picture_of(board.get("elements") or [])}
