"""A packed R-tree over the parts of a board, so that no lookup scans all of them.

Items are packed four to a node in the order of their centers (sort-tile-recursive), which takes
n log n; a search opens the most promising node first. Layouts exist for which a tree must open
nearly every node (thousands of thin boxes turned across each other): `Budget` bounds the work of
one reading, in proportion to the elements it reads, and what is not found within it is not there.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from practice.scene_geometry import Area, Point, distance_to_segment

FAN_OUT = 4
EXACT_COSTS = 4
"""What it costs of the budget to find that an item, which may be turned, is outside a box."""
SLACK = 0.001
"""How far beside a node, in scene pixels, an item may still lie in it: rounding never hides one."""

Key = tuple[float, float, int]


class Bounds(NamedTuple):
    """An upright rectangle that holds one item or many, their smallest size and first number."""

    left: float
    top: float
    right: float
    bottom: float
    size: float
    first: int

    def distance(self, point: Point) -> float:
        dx = max(self.left - point[0], 0.0, point[0] - self.right)
        dy = max(self.top - point[1], 0.0, point[1] - self.bottom)
        return math.hypot(dx, dy)

    def meets(self, other: Bounds) -> bool:
        return (
            self.left <= other.right + SLACK
            and other.left <= self.right + SLACK
            and self.top <= other.bottom + SLACK
            and other.top <= self.bottom + SLACK
        )


class Budget:
    """How many more nodes and items one reading may look at."""

    def __init__(self, left: int) -> None:
        self.left = left


class Index:
    """Items by their bounds; `remove` takes one out again."""

    def __init__(self, items: Sequence[Bounds], budget: Budget) -> None:
        self.items, self.budget = items, budget
        self.order = _packed(items)
        level = [items[number] for number in self.order]
        self.levels = [level]
        while len(level) > 1:
            level = [_joined(level[at : at + FAN_OUT]) for at in range(0, len(level), FAN_OUT)]
            self.levels.append(level)
        self.alive = [[1] * len(self.levels[0])]
        for below in self.levels[1:]:
            counts = self.alive[-1]
            self.alive.append(
                [sum(counts[at * FAN_OUT : (at + 1) * FAN_OUT]) for at in range(len(below))]
            )
        self.place = {number: at for at, number in enumerate(self.order)}

    def best(
        self, bound: Callable[[Bounds], Key | None], exact: Callable[[int], Key | None]
    ) -> int | None:
        """The number of the item with the lowest `exact` key, None when there is none.

        `bound` gives a key that no item inside is below. Either says None for what is no answer.
        """
        if not self.items or (key := bound(self.levels[-1][0])) is None:
            return None
        heap = [(key, len(self.levels) - 1, 0)]
        if len(self.levels) == 1:
            return 0 if self.alive[0][0] and exact(0) is not None else None
        while heap:
            _, depth, at = heapq.heappop(heap)
            if depth == 0:
                return self.order[at]
            below, alive = self.levels[depth - 1], self.alive[depth - 1]
            first, last = at * FAN_OUT, min((at + 1) * FAN_OUT, len(below))
            self.budget.left -= last - first
            if self.budget.left < 0:
                return None
            for child in range(first, last):
                key = bound(below[child]) if alive[child] else None
                if key is not None and depth == 1:
                    key = exact(self.order[child])
                    self.budget.left -= EXACT_COSTS if key is None else 0
                if key is not None:
                    heapq.heappush(heap, (key, depth - 1, child))
        return None

    def remove(self, number: int) -> None:
        at = self.place[number]
        for counts in self.alive:
            counts[at] -= 1
            at //= FAN_OUT


class Areas(Index):
    """Rectangles, perhaps turned: which of them lies under a point, or near it."""

    def __init__(self, areas: Sequence[Area], budget: Budget) -> None:
        self.areas = areas
        super().__init__([bounds_of(area, number) for number, area in enumerate(areas)], budget)

    def under(self, point: Point) -> int | None:
        """The smallest that holds the point; of equal ones the first."""

        x, y = point
        west, east, north, south = x - SLACK, x + SLACK, y - SLACK, y + SLACK

        def bound(b: Bounds) -> Key | None:
            left, top, right, bottom, size, first = b
            is_in = left <= east and west <= right and top <= south and north <= bottom
            return (size, 0.0, first) if is_in else None

        def exact(number: int) -> Key | None:
            area = self.areas[number]
            return (area.size, 0.0, number) if area.holds(point) else None

        return self.best(bound, exact)

    def near(self, point: Point, *, within: float, below: float) -> int | None:
        """The nearest that is smaller than `below`; of equally near ones the smallest."""

        x, y = point
        reach = within + SLACK

        def bound(b: Bounds) -> Key | None:
            left, top, right, bottom, size, first = b
            across = left - x if x < left else x - right if x > right else 0.0
            down = top - y if y < top else y - bottom if y > bottom else 0.0
            may_be = across <= reach and down <= reach and size < below
            return (math.hypot(across, down), size, first) if may_be else None

        def exact(number: int) -> Key | None:
            area = self.areas[number]
            distance = area.distance(point)
            is_near = distance <= within and area.size < below
            return (distance, area.size, number) if is_near else None

        return self.best(bound, exact)


class Places(Index):
    """Points: the centers of boxes or of notes."""

    def __init__(self, points: Sequence[Point], budget: Budget) -> None:
        self.points = points
        super().__init__(
            [Bounds(x, y, x, y, 0.0, number) for number, (x, y) in enumerate(points)], budget
        )

    def any_in(self, area: Area, *, besides: int) -> bool:
        """Whether the area holds one of the points, not counting number `besides`."""
        around = bounds_of(area, 0)

        def exact(number: int) -> Key | None:
            return (0.0, 0.0, 0) if number != besides and area.holds(self.points[number]) else None

        return self.best(lambda b: (0.0, 0.0, 0) if b.meets(around) else None, exact) is not None

    def nearest_to_path(self, path: Sequence[Point], *, within: float) -> int | None:
        """The point nearest to a line of corners; of equally near ones the first."""
        found: list[tuple[float, int]] = []
        for a, b in zip(path, path[1:], strict=False):

            def bound(box: Bounds, a: Point = a, b: Point = b) -> Key | None:
                middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
                reach = math.hypot(box.right - middle[0], box.bottom - middle[1])
                distance = max(0.0, distance_to_segment(middle, a, b) - reach)
                return (distance, 0.0, box.first) if distance <= within + SLACK else None

            def exact(number: int, a: Point = a, b: Point = b) -> Key | None:
                distance = distance_to_segment(self.points[number], a, b)
                return (distance, 0.0, number) if distance <= within else None

            number = self.best(bound, exact)
            if number is not None:
                found.append((distance_to_segment(self.points[number], a, b), number))
        return min(found)[1] if found else None


class Segments(Index):
    """The straight pieces of lines: is one of them near a point?"""

    def __init__(self, paths: Sequence[Sequence[Point]], budget: Budget) -> None:
        self.pieces = [piece for path in paths for piece in zip(path, path[1:], strict=False)]
        super().__init__(
            [_around(piece, 0.0, number) for number, piece in enumerate(self.pieces)],
            budget,
        )

    def any_near(self, point: Point, *, within: float) -> bool:
        def bound(b: Bounds) -> Key | None:
            distance = b.distance(point)
            return (distance, 0.0, 0) if distance <= within + SLACK else None

        def exact(number: int) -> Key | None:
            distance = distance_to_segment(point, *self.pieces[number])
            return (distance, 0.0, 0) if distance <= within else None

        return self.best(bound, exact) is not None


def bounds_of(area: Area, number: int) -> Bounds:
    return _around(area.corners, area.size, number)


def _around(corners: Sequence[Point], size: float, number: int) -> Bounds:
    xs, ys = zip(*corners, strict=True)
    return Bounds(min(xs), min(ys), max(xs), max(ys), size, number)


def _packed(items: Sequence[Bounds]) -> list[int]:
    """The numbers of the items, tile by tile; within a tile small ones stand together."""

    def along(number: int, low: int, high: int) -> tuple[float, float]:
        item = items[number]
        return item[low] + item[high], item.size

    by_column = sorted(range(len(items)), key=lambda number: along(number, 0, 2))
    columns = math.isqrt(max(0, len(items) // FAN_OUT)) + 1
    width = -(-len(items) // columns)
    packed: list[int] = []
    for at in range(0, len(items), max(1, width)):
        packed += sorted(by_column[at : at + width], key=lambda number: along(number, 1, 3))
    return packed


def _joined(items: Sequence[Bounds]) -> Bounds:
    lefts, tops, rights, bottoms, sizes, firsts = zip(*items, strict=True)
    return Bounds(min(lefts), min(tops), max(rights), max(bottoms), min(sizes), min(firsts))
