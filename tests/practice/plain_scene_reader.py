"""The reader of boards as it was when each question was put to all elements: quadratic, and easy to
believe. The indexed reader must say the same of any drawing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.types import Arrow, Diagram
from practice.scene_geometry import Area, Point, area_of, path_of
from practice.scene_reader import BoardReading, is_frame_of

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
        home = None if node.label else labeled_mate(node, nodes, merged)
        if home is None:
            merged.append(node)
        else:
            home.parts |= node.parts
            if home.area.size < node.area.size:
                home.area = node.area
    return merged


def labeled_mate(node: Node, nodes: list[Node], merged: list[Node]) -> Node | None:
    for group in node.groups:
        mates = [other for other in nodes if other is not node and group in other.groups]
        labeled = [other for other in mates if other.label]
        if len(labeled) == 1:
            return labeled[0]
        if not labeled and (first := next((m for m in merged if group in m.groups), None)):
            return first
    return None


NEAR_BOX = 28.0
"""How far an unbound arrow may end from a box and still mean it, in scene pixels."""


def read_arrows(
    lines: list[Element], texts: list[Element], nodes: list[Node], notes: list[Element]
) -> tuple[list[Arrow], list[str]]:
    """The connections, and a sentence for each that ends nowhere. Used labels leave `notes`."""
    arrows: list[Arrow] = []
    dangling: list[str] = []
    for line in lines:
        path = path_of(line)
        if len(path) < 2:
            continue
        start = _end_node(line.get("startBinding"), path[0], nodes)
        end = _end_node(line.get("endBinding"), path[-1], nodes)
        if line.get("type") == "line" and (start is None or end is None or start is end):
            continue  # a line that joins no two boxes is decoration
        label = _arrow_label(line, path, texts, notes)
        source, target = (node.label if node else None for node in (start, end))
        if line.get("endArrowhead") or not line.get("startArrowhead"):
            arrows.append(Arrow(source, target, label))
        if line.get("startArrowhead"):
            arrows.append(Arrow(target, source, label))
        if start is None or end is None:
            dangling.append(_dangling_sentence(start, end, label))
    return arrows, dangling


def _end_node(binding: Any, point: Point, nodes: list[Node]) -> Node | None:
    bound = ref(binding, "elementId")
    for node in nodes:
        if bound in node.parts:
            return node
    inside = [node for node in nodes if node.area.holds(point)]
    near = [node for node in nodes if node.area.distance(point) <= NEAR_BOX]
    # An arrow to a box inside a region ends in the region too: the nearest small edge decides.
    smallest = min(inside, key=lambda node: node.area.size, default=None)
    smaller = [n for n in near if smallest is None or n.area.size < smallest.area.size]
    if smaller:
        return min(smaller, key=lambda node: (node.area.distance(point), node.area.size))
    return smallest


def _arrow_label(
    line: Element, path: list[Point], texts: list[Element], notes: list[Element]
) -> str:
    bound = [text_of(t) for t in texts if t.get("containerId") == line["id"]]
    if bound:
        return " ".join(bound)
    distances = [(distance_to_path(area_of(note).center, path), note) for note in notes]
    distance, nearest = min(distances, key=lambda pair: pair[0], default=(math.inf, None))
    if nearest is None or distance > NEAR_ARROW:
        return ""
    notes.remove(nearest)
    return text_of(nearest)


def _dangling_sentence(start: Node | None, end: Node | None, label: str) -> str:
    what = f"The arrow “{label}”" if label else "An arrow"
    if start is None and end is None:
        return f"{what} touches no box at either end."
    known = start or end
    name = f"“{known.label}”" if known and known.label else "a box without a label"
    return (
        f"{what} from {name} leads nowhere." if start else f"{what} to {name} comes from nowhere."
    )


def read_board(scene: Any, *, question_id: int, order: int) -> BoardReading | None:
    """The board of one question, None when its frame is empty."""
    elements = elements_of_question(scene, question_id=question_id, order=order)
    if not elements:
        return None
    texts = [e for e in elements if e.get("type") == "text" and text_of(e)]
    lines = [e for e in elements if e.get("type") in ("arrow", "line")]
    nodes = find_nodes(elements)
    notes = place_texts(texts, nodes, lines)
    nodes = merge_groups(nodes)
    arrows, dangling = read_arrows(lines, texts, nodes, notes)
    diagram = Diagram(
        boxes=tuple(node.label for node in nodes),
        arrows=tuple(arrows),
        notes=tuple(text_of(note) for note in notes),
    )
    if bare := sum(not node.label for node in nodes):
        dangling.insert(0, "One box has no label." if bare == 1 else f"{bare} boxes have no label.")
    return BoardReading(diagram, [dict(e) for e in elements], tuple(dangling))


def elements_of_question(scene: Any, *, question_id: int, order: int) -> list[Element]:
    """What stands in the question's frame. A board without any frame belongs to every question."""
    raw = scene.get("elements") if isinstance(scene, Mapping) else None
    alive = [
        e
        for e in (raw if isinstance(raw, list) else [])
        if isinstance(e, Mapping) and not e.get("isDeleted") and isinstance(e.get("id"), str)
    ]
    frames = [e for e in alive if e.get("type") in FRAME_TYPES]
    if not frames:
        return alive
    frame = next((f for f in frames if is_frame_of(f, question_id, order)), None)
    return [] if frame is None else members_of(frame, frames, alive)


def members_of(frame: Element, frames: list[Element], alive: list[Element]) -> list[Element]:
    """Members by `frameId`, by a frame within the frame, and unowned ones that lie in it."""
    area, ids = area_of(frame), {f["id"] for f in frames}
    inner = {f["id"]: area_of(f) for f in frames}
    owned = {frame["id"]} | {
        key for key, box in inner.items() if box.size < area.size and area.holds(box.center)
    }
    for _ in frames:
        owned |= {f["id"] for f in frames if ref(f, "frameId") in owned}
    members = []
    for element in alive:
        path = path_of(element) if element.get("type") in ("arrow", "line") else []
        middle = path[len(path) // 2] if path else area_of(element).center
        home = ref(element, "frameId")
        is_member = home in owned or element["id"] in owned
        if is_member or (home not in ids and area.holds(middle)):
            members.append(element)
    return [element for element in members if element["id"] != frame["id"]]


def distance_to_path(point: Point, path: list[Point]) -> float:
    nearest = math.inf
    for (ax, ay), (bx, by) in zip(path, path[1:], strict=False):
        dx, dy, px, py = bx - ax, by - ay, point[0] - ax, point[1] - ay
        length = dx * dx + dy * dy
        along = max(0.0, min(1.0, (px * dx + py * dy) / length)) if length else 0.0
        nearest = min(nearest, math.hypot(px - along * dx, py - along * dy))
    return nearest
