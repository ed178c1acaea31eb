"""Boxes of a board and the texts that belong to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from practice.scene_geometry import Area, area_of, path_of
from practice.scene_index import Areas, Budget, Places, Segments

Element = Mapping[str, Any]
BOX_TYPES = frozenset({"rectangle", "ellipse", "diamond", "image", "embeddable", "iframe"})
FRAME_TYPES = frozenset({"frame", "magicframe"})
NEAR_ARROW = 26.0
"""How far the middle of a loose text may be from an arrow and still be its label."""
MOST_GROUPS = 20
"""Groups within groups; Excalidraw names the innermost first."""
LONGEST_LABEL = 300
MOST_CORNERS = 16
"""Corners of a line that are looked at; of a longer one so many, evenly chosen."""


@dataclass
class Node:
    """A box, or a text or inner frame that stands for one; `parts` are ids that mean it."""

    area: Area
    parts: set[str]
    texts: list[tuple[Area, str]] = field(default_factory=list)
    fixed_label: str = ""
    groups: tuple[str, ...] = ()

    @cached_property
    def label(self) -> str:
        """To be asked for when all texts have their place."""
        if self.fixed_label:
            return self.fixed_label
        ordered = sorted(self.texts, key=lambda item: (item[0].y, item[0].x))
        return " ".join(text for _, text in ordered)[:LONGEST_LABEL]


def text_of(element: Element) -> str:
    return words_of(element.get("originalText") or element.get("text"))


def words_of(value: Any) -> str:
    return " ".join(value.split())[:LONGEST_LABEL] if isinstance(value, str) else ""


def ref(element: Any, key: str) -> str:
    """The id that a field names, "" when there is none or it is no text."""
    value = element.get(key) if isinstance(element, Mapping) else None
    return value if isinstance(value, str) else ""


def groups_of(element: Element) -> tuple[str, ...]:
    raw = element.get("groupIds")
    if not isinstance(raw, list):
        return ()
    return tuple(g for g in raw[:MOST_GROUPS] if isinstance(g, str))


def bound_ids(line: Element) -> list[str]:
    bindings = (line.get("startBinding"), line.get("endBinding"))
    return [bound for b in bindings if (bound := ref(b, "elementId"))]


def find_nodes(elements: list[Element]) -> list[Node]:
    nodes = []
    for element in elements:
        kind = element.get("type")
        if kind in BOX_TYPES or kind in FRAME_TYPES:
            label = words_of(element.get("name")) if kind in FRAME_TYPES else ""
            nodes.append(Node(area_of(element), {element["id"]}, [], label, groups_of(element)))
    return nodes


def place_texts(
    texts: list[Element], nodes: list[Node], lines: list[Element], budget: Budget
) -> list[Element]:
    """Give each text to its box; a text that an arrow is bound to is a box itself.

    Returns what is left: free notes, among them perhaps labels of arrows.
    """
    by_part = {part: node for node in nodes for part in node.parts}
    line_ids = {line["id"] for line in lines}
    targets = {bound for line in lines for bound in bound_ids(line)}
    grouped, plane = Groups(nodes, budget), Plane(list(nodes), lines, budget)
    left = []
    for text in texts:
        owner = by_part.get(ref(text, "containerId"))
        if owner is None and ref(text, "containerId") in line_ids:
            continue
        owner = owner or grouped.box_of(text) or plane.box_under(text)
        if owner is not None:
            owner.texts.append((area_of(text), text_of(text)))
            owner.parts.add(text["id"])
            grouped.labeled.update(owner.groups)
        elif text["id"] in targets:
            nodes.append(Node(area_of(text), {text["id"]}, [], text_of(text), groups_of(text)))
        else:
            left.append(text)
    return left


class Groups:
    """Boxes by the groups they stand in; `labeled` are groups in which a box has a text."""

    def __init__(self, boxes: list[Node], budget: Budget) -> None:
        self.budget = budget
        self.boxes: dict[str, list[Node]] = defaultdict(list)
        for box in boxes:
            for group in set(box.groups):
                self.boxes[group].append(box)
        self.labeled: set[str] = set()
        self._areas: dict[str, Areas] = {}

    def box_of(self, text: Element) -> Node | None:
        """The box in the text's innermost group: the one under it, or the largest."""
        center = area_of(text).center
        for group in groups_of(text):
            mates = self.boxes.get(group)
            if not mates:
                continue
            if group not in self._areas:
                self._areas[group] = Areas([box.area for box in mates], self.budget)
            under = self._areas[group].under(center)
            if under is not None:
                return mates[under]
            if len(mates) == 1 or group not in self.labeled:
                return max(mates, key=lambda box: box.area.size)
        return None


class Plane:
    """Where boxes and lines lie, whatever group they are in."""

    def __init__(self, boxes: list[Node], lines: list[Element], budget: Budget) -> None:
        self.boxes, self.lines, self.budget = boxes, lines, budget
        self.areas = Areas([box.area for box in boxes], budget)
        self.centers = Places([box.area.center for box in boxes], budget)
        self._regions: dict[int, bool] = {}

    @cached_property
    def segments(self) -> Segments:
        return Segments([path_of(line, most=MOST_CORNERS) for line in self.lines], self.budget)

    def box_under(self, text: Element) -> Node | None:
        """The smallest box below the text, unless it is a region in which the text names an
        arrow."""
        center = area_of(text).center
        number = self.areas.under(center)
        if number is None:
            return None
        if self._is_region(number) and self.segments.any_near(center, within=NEAR_ARROW):
            return None
        return self.boxes[number]

    def _is_region(self, number: int) -> bool:
        if number not in self._regions:
            area = self.boxes[number].area
            self._regions[number] = self.centers.any_in(area, besides=number)
        return self._regions[number]


def merge_groups(nodes: list[Node]) -> list[Node]:
    """Shapes drawn from several boxes in one group (a cylinder, a stack) are one node."""
    labeled: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        for group in set(node.groups) if node.label else ():
            labeled[group].append(node)
    merged: list[Node] = []
    first: dict[str, Node] = {}
    for node in nodes:
        home = None if node.label else labeled_mate(node, labeled, first)
        if home is None:
            merged.append(node)
            for group in node.groups:
                first.setdefault(group, node)
        else:
            home.parts |= node.parts
            if home.area.size < node.area.size:
                home.area = node.area
    return merged


def labeled_mate(
    node: Node, labeled: Mapping[str, list[Node]], first: Mapping[str, Node]
) -> Node | None:
    """The node that a box without a label is part of: the one labeled box of its group, or the
    group's first box where none has a label."""
    for group in node.groups:
        mates = labeled.get(group, [])
        if len(mates) == 1:
            return mates[0]
        if not mates and group in first:
            return first[group]
    return None
