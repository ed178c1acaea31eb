"""Boxes of a board and the texts that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from practice.scene_geometry import Area, area_of, distance_to_path, path_of

Element = Mapping[str, Any]
BOX_TYPES = frozenset({"rectangle", "ellipse", "diamond", "image", "embeddable", "iframe"})
FRAME_TYPES = frozenset({"frame", "magicframe"})
NEAR_ARROW = 26.0
"""How far the middle of a loose text may be from an arrow and still be its label."""


@dataclass
class Node:
    """A box, or a text or inner frame that stands for one; `parts` are ids that mean it."""

    area: Area
    parts: set[str]
    texts: list[tuple[Area, str]] = field(default_factory=list)
    fixed_label: str = ""
    groups: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        if self.fixed_label:
            return self.fixed_label
        ordered = sorted(self.texts, key=lambda item: (item[0].y, item[0].x))
        return " ".join(text for _, text in ordered)


def text_of(element: Element) -> str:
    value = element.get("originalText") or element.get("text")
    return " ".join(value.split()) if isinstance(value, str) else ""


def ref(element: Any, key: str) -> str:
    """The id that a field names, "" when there is none or it is no text."""
    value = element.get(key) if isinstance(element, Mapping) else None
    return value if isinstance(value, str) else ""


def groups_of(element: Element) -> tuple[str, ...]:
    raw = element.get("groupIds")
    return tuple(g for g in raw if isinstance(g, str)) if isinstance(raw, list) else ()


def bound_ids(line: Element) -> list[str]:
    bindings = (line.get("startBinding"), line.get("endBinding"))
    return [bound for b in bindings if (bound := ref(b, "elementId"))]


def find_nodes(elements: list[Element]) -> list[Node]:
    nodes = []
    for element in elements:
        kind = element.get("type")
        if kind in BOX_TYPES or kind in FRAME_TYPES:
            name = element.get("name") if kind in FRAME_TYPES else ""
            label = " ".join(name.split()) if isinstance(name, str) else ""
            nodes.append(Node(area_of(element), {element["id"]}, [], label, groups_of(element)))
    return nodes


def place_texts(texts: list[Element], nodes: list[Node], lines: list[Element]) -> list[Element]:
    """Give each text to its box; a text that an arrow is bound to is a box itself.

    Returns what is left: free notes, among them perhaps labels of arrows.
    """
    by_part = {part: node for node in nodes for part in node.parts}
    line_ids = {line["id"] for line in lines}
    targets = {bound for line in lines for bound in bound_ids(line)}
    boxes, left = list(nodes), []
    for text in texts:
        owner = by_part.get(ref(text, "containerId"))
        if owner is None and ref(text, "containerId") in line_ids:
            continue
        owner = owner or _grouped_box(text, boxes) or _box_under(text, boxes, lines)
        if owner is not None:
            owner.texts.append((area_of(text), text_of(text)))
            owner.parts.add(text["id"])
        elif text["id"] in targets:
            nodes.append(Node(area_of(text), {text["id"]}, [], text_of(text), groups_of(text)))
        else:
            left.append(text)
    return left


def _grouped_box(text: Element, boxes: list[Node]) -> Node | None:
    """The box in the text's innermost group: the one under it, or the largest."""
    for group in groups_of(text):
        mates = [box for box in boxes if group in box.groups]
        under = [box for box in mates if box.area.holds(area_of(text).center)]
        if under:
            return min(under, key=lambda box: box.area.size)
        if len(mates) == 1 or (mates and not any(box.texts for box in mates)):
            return max(mates, key=lambda box: box.area.size)
    return None


def _box_under(text: Element, boxes: list[Node], lines: list[Element]) -> Node | None:
    """The smallest box below the text, unless it is a region in which the text names an arrow."""
    center = area_of(text).center
    under = [box for box in boxes if box.area.holds(center)]
    box = min(under, key=lambda box: box.area.size, default=None)
    if box is None:
        return None
    is_region = any(other is not box and box.area.holds(other.area.center) for other in boxes)
    names_an_arrow = any(distance_to_path(center, path_of(line)) <= NEAR_ARROW for line in lines)
    return None if is_region and names_an_arrow else box


def merge_groups(nodes: list[Node]) -> list[Node]:
    """Shapes drawn from several boxes in one group (a cylinder, a stack) are one node."""
    merged: list[Node] = []
    for node in nodes:
        home = None if node.label else labelled_mate(node, nodes, merged)
        if home is None:
            merged.append(node)
        else:
            home.parts |= node.parts
            if home.area.size < node.area.size:
                home.area = node.area
    return merged


def labelled_mate(node: Node, nodes: list[Node], merged: list[Node]) -> Node | None:
    for group in node.groups:
        mates = [other for other in nodes if other is not node and group in other.groups]
        labeled = [other for other in mates if other.label]
        if len(labeled) == 1:
            return labeled[0]
        if not labeled and (first := next((m for m in merged if group in m.groups), None)):
            return first
    return None
