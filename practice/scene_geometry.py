"""Plane geometry of Excalidraw elements: angles in radians, lengths in scene pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

FAR = 1e7

Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """A rectangle that may be turned around its center."""

    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0

    @cached_property
    def center(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    @cached_property
    def size(self) -> float:
        return self.width * self.height

    @property
    def corners(self) -> list[Point]:
        right, bottom = self.x + self.width, self.y + self.height
        upright = ((self.x, self.y), (right, self.y), (right, bottom), (self.x, bottom))
        return [turned(corner, around=self.center, angle=self.angle) for corner in upright]

    def distance(self, point: Point) -> float:
        """0 inside, otherwise how far the point is from the nearest edge."""
        px, py = self._turned_back(point) if self.angle else point
        dx = max(self.x - px, 0.0, px - self.x - self.width)
        dy = max(self.y - py, 0.0, py - self.y - self.height)
        return math.hypot(dx, dy)

    def _turned_back(self, point: Point) -> Point:
        (x, y), (cos, sin) = self.center, self._turn
        dx, dy = point[0] - x, point[1] - y
        return x + dx * cos - dy * sin, y + dx * sin + dy * cos

    @cached_property
    def _turn(self) -> Point:
        return math.cos(-self.angle), math.sin(-self.angle)

    def holds(self, point: Point) -> bool:
        return self.distance(point) == 0.0


def turned(point: Point, *, around: Point, angle: float) -> Point:
    if not angle:
        return point
    dx, dy = point[0] - around[0], point[1] - around[1]
    cos, sin = math.cos(angle), math.sin(angle)
    return around[0] + dx * cos - dy * sin, around[1] + dx * sin + dy * cos


def number(value: Any) -> float:
    """A finite number of bounded size, else 0: scenes are input and may hold anything."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    return float(value) if -FAR <= value <= FAR else 0.0


def area_of(element: Mapping[str, Any]) -> Area:
    """The element's rectangle; negative widths and heights are turned the right way round."""
    x, y = number(element.get("x")), number(element.get("y"))
    width, height = number(element.get("width")), number(element.get("height"))
    return Area(
        x=min(x, x + width),
        y=min(y, y + height),
        width=abs(width),
        height=abs(height),
        angle=number(element.get("angle")),
    )


def path_of(element: Mapping[str, Any], *, most: int | None = None) -> list[Point]:
    """The corner points of an arrow or line in scene coordinates, its rotation applied; of more
    than `most` points the first, the last, and others evenly chosen."""
    x, y = number(element.get("x")), number(element.get("y"))
    raw = element.get("points")
    points = [
        (x + number(p[0]), y + number(p[1]))
        for p in (raw if isinstance(raw, list) else [])
        if isinstance(p, (list, tuple)) and len(p) >= 2
    ]
    if most is not None and len(points) > most:
        points = [points[at * (len(points) - 1) // (most - 1)] for at in range(most)]
    angle = number(element.get("angle"))
    if not points or not angle:
        return points
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    center = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    return [turned(point, around=center, angle=angle) for point in points]


def distance_to_segment(point: Point, a: Point, b: Point) -> float:
    dx, dy, px, py = b[0] - a[0], b[1] - a[1], point[0] - a[0], point[1] - a[1]
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, (px * dx + py * dy) / length)) if length else 0.0
    return math.hypot(px - along * dx, py - along * dy)
