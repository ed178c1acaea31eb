"""Turns Excalidraw elements into the few SVG shapes that show the same drawing.

Everything that comes out is a number or an escaped text; colors are taken only when they are plain
hex. Elements that we cannot draw (pictures) appear as an empty box. The shapes are written here and
not by the template, which would take twenty times as long for a board of thousands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from practice.scene_geometry import Point, area_of, number, path_of
from practice.scene_nodes import FRAME_TYPES
from practice.scene_reader import MOST_ELEMENTS

HEX = re.compile(r"#[0-9a-fA-F]{3,8}\Z")
LINES = ("arrow", "line", "freedraw")
EDGE = 24
HEAD = 12.0


@dataclass(frozen=True)
class Shape:
    """`kind` is rect, ellipse, polygon, path or text; the rest are its SVG attributes."""

    kind: str
    attributes: dict[str, Any]
    lines: tuple[tuple[float, float, str], ...] = ()

    @property
    def markup(self) -> str:
        attributes = " ".join(f'{name}="{escape(v)}"' for name, v in self.attributes.items())
        lines = (f'<tspan x="{x}" y="{y}">{escape(line)}</tspan>' for x, y, line in self.lines)
        return f"<{self.kind} {attributes}>{''.join(lines)}</{self.kind}>"


@dataclass(frozen=True)
class Picture:
    view_box: str
    width: int
    height: int
    shapes: tuple[Shape, ...] = field(default=())

    @property
    def drawing(self) -> SafeString:
        return mark_safe("\n".join(shape.markup for shape in self.shapes))  # noqa: S308 - escaped


def picture_of(elements: Sequence[Mapping[str, Any]]) -> Picture | None:
    """None when nothing can be drawn."""
    alive = (e for e in elements if isinstance(e, Mapping) and not e.get("isDeleted"))
    drawn = list(islice(alive, MOST_ELEMENTS))
    points = []
    for e in drawn:
        area, is_line = area_of(e), e.get("type") in LINES
        box = [(area.x, area.y), (area.x + area.width, area.y + area.height)]
        points += path_of(e) if is_line else box
    if not points:
        return None
    left, top = min(x for x, _ in points) - EDGE, min(y for _, y in points) - EDGE
    width = max(x for x, _ in points) + EDGE - left
    height = max(y for _, y in points) + EDGE - top
    shapes = tuple(shape for e in drawn for shape in shapes_of(e))
    view = f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"
    return Picture(view, round(width), round(height), shapes)


def shapes_of(element: Mapping[str, Any]) -> list[Shape]:
    kind = element.get("type")
    if kind == "text":
        return [text_shape(element)]
    if kind in LINES:
        return line_shapes(element)
    return [box_shape(element)]


def _paint(element: Mapping[str, Any]) -> dict[str, Any]:
    stroke, fill = element.get("strokeColor"), element.get("backgroundColor")
    width = min(max(number(element.get("strokeWidth")) or 1.5, 1.0), 6.0)
    dashed = element.get("strokeStyle") in ("dashed", "dotted")
    return {
        "stroke": stroke if isinstance(stroke, str) and HEX.match(stroke) else "#1e1e1e",
        "fill": fill if isinstance(fill, str) and HEX.match(fill) else "none",
        "stroke-width": width,
        **({"stroke-dasharray": "6 6"} if dashed else {}),
    }


def _turn(element: Mapping[str, Any]) -> dict[str, str]:
    area = area_of(element)
    if not area.angle:
        return {}
    x, y = area.center
    return {"transform": f"rotate({math.degrees(area.angle):.1f} {x:.1f} {y:.1f})"}


def box_shape(element: Mapping[str, Any]) -> Shape:
    area = area_of(element)
    kind = {"ellipse": "ellipse", "diamond": "polygon"}.get(str(element.get("type")), "rect")
    x, y = area.center
    right, bottom = area.x + area.width, area.y + area.height
    places: dict[str, dict[str, Any]] = {
        "rect": {"x": area.x, "y": area.y, "width": area.width, "height": area.height, "rx": 6},
        "ellipse": {"cx": x, "cy": y, "rx": area.width / 2, "ry": area.height / 2},
        "polygon": {"points": f"{x},{area.y} {right},{y} {x},{bottom} {area.x},{y}"},
    }
    is_frame = str(element.get("type")) in FRAME_TYPES
    dashes = {"stroke-dasharray": "4 4"} if is_frame else {}
    return Shape(kind, {**places[kind], **_paint(element), **_turn(element), **dashes})


def text_shape(element: Mapping[str, Any]) -> Shape:
    area = area_of(element)
    size = min(max(number(element.get("fontSize")) or 20.0, 8.0), 96.0)
    value = element.get("text") if isinstance(element.get("text"), str) else ""
    anchor = {"center": "middle", "right": "end"}.get(str(element.get("textAlign")), "start")
    x = {"middle": area.center[0], "end": area.x + area.width}.get(anchor, area.x)
    lines = tuple(
        (round(x, 1), round(area.y + size * (1 + 1.25 * i), 1), line)
        for i, line in enumerate(str(value).split("\n")[:60])
    )
    color = _paint(element)["stroke"]
    attributes = {"font-size": size, "text-anchor": anchor, "fill": color, **_turn(element)}
    return Shape("text", attributes, lines)


def line_shapes(element: Mapping[str, Any]) -> list[Shape]:
    points = path_of(element)
    if len(points) < 2:
        return []
    paint = {**_paint(element), "fill": "none"}
    shapes = [Shape("path", {"d": _line(points), **paint})]
    if element.get("type") == "arrow":
        if element.get("endArrowhead", "arrow"):
            shapes.append(Shape("path", {"d": _head(points[-2], points[-1]), **paint}))
        if element.get("startArrowhead"):
            shapes.append(Shape("path", {"d": _head(points[1], points[0]), **paint}))
    return shapes


def _line(points: Sequence[Point]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _head(before: Point, tip: Point) -> str:
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    wings = [
        (tip[0] - HEAD * math.cos(angle + turn), tip[1] - HEAD * math.sin(angle + turn))
        for turn in (0.45, -0.45)
    ]
    return _line([wings[0], tip, wings[1]])
