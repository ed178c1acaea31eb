"""Reads a drawn board as structure: boxes with labels, arrows between them, free notes.

`read_board(scene, question_id=…, order=…)` looks at the frame of one question. A label may be
bound to its box, grouped with it, or just lie on it; an arrow may be bound, or end on or near a
box; boxes and arrows may be turned. Boxes without a label and arrows that end nowhere are named
in `remarks`, so that a learner sees what a reader could not know.

The scene is what the browser sent: every field is checked before use, nothing raises.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.types import Arrow, Diagram
from practice.scene_geometry import Area, Point, area_of, distance_to_path, path_of

Element = Mapping[str, Any]
BOX_TYPES = frozenset({"rectangle", "ellipse", "diamond", "image", "embeddable", "iframe"})
FRAME_TYPES = frozenset({"frame", "magicframe"})
NEAR_BOX = 28.0
"""How far an unbound arrow may end from a box and still mean it, in scene pixels."""
NEAR_ARROW = 26.0
"""How far the middle of a loose text may be from an arrow and still be its label."""


@dataclass(frozen=True)
class BoardReading:
    """What the frame shows, the elements it was read from, and what could not be told."""

    diagram: Diagram
    elements: list[dict[str, Any]]
    remarks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**self.diagram.to_json(), "remarks": list(self.remarks)}


@dataclass
class _Node:
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


def read_board(scene: Any, *, question_id: int, order: int) -> BoardReading | None:
    """The board of one question, None when its frame is empty."""
    elements = elements_of_question(scene, question_id=question_id, order=order)
    if not elements:
        return None
    texts = [e for e in elements if e.get("type") == "text" and _text(e)]
    lines = [e for e in elements if e.get("type") in ("arrow", "line")]
    nodes = _nodes(elements)
    notes = _place_texts(texts, nodes, lines)
    nodes = _merge_groups(nodes)
    arrows, dangling = _read_arrows(lines, texts, nodes, notes)
    diagram = Diagram(
        boxes=tuple(node.label for node in nodes),
        arrows=tuple(arrows),
        notes=tuple(_text(note) for note in notes),
    )
    remarks = (*_unlabelled(nodes), *dangling)
    return BoardReading(diagram, [dict(e) for e in elements], remarks)


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
    frame = next((f for f in frames if _is_frame_of(f, question_id, order)), None)
    return [] if frame is None else _inside(frame, frames, alive)


def _is_frame_of(frame: Element, question_id: int, order: int) -> bool:
    custom = frame.get("customData")
    if isinstance(custom, Mapping) and "question_id" in custom:
        return custom["question_id"] == question_id
    name = frame.get("name")
    return isinstance(name, str) and name.split(" ")[0].strip(".:·)") == str(order)


def _inside(frame: Element, frames: list[Element], alive: list[Element]) -> list[Element]:
    """Members by `frameId`, by a frame within the frame, and unowned ones that lie in it."""
    area, owned = area_of(frame), {frame["id"]}
    ids = {f["id"] for f in frames}
    for _ in range(len(frames)):
        owned |= {f["id"] for f in frames if f.get("frameId") in owned or _within(f, area)}
    return [
        e
        for e in alive
        if e["id"] != frame["id"]
        and (
            e.get("frameId") in owned
            or e["id"] in owned
            or (e.get("frameId") not in ids and area.holds(_middle(e)))
        )
    ]


def _within(inner: Element, area: Area) -> bool:
    box = area_of(inner)
    return box.size < area.size and area.holds(box.centre)


def _middle(element: Element) -> Point:
    path = path_of(element) if element.get("type") in ("arrow", "line") else []
    return path[len(path) // 2] if path else area_of(element).centre


def _text(element: Element) -> str:
    value = element.get("originalText") or element.get("text")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _groups(element: Element) -> tuple[str, ...]:
    raw = element.get("groupIds")
    return tuple(g for g in raw if isinstance(g, str)) if isinstance(raw, list) else ()


def _bound_ids(line: Element) -> list[str]:
    bindings = (line.get("startBinding"), line.get("endBinding"))
    return [b["elementId"] for b in bindings if isinstance(b, Mapping) and "elementId" in b]


def _nodes(elements: list[Element]) -> list[_Node]:
    nodes = []
    for element in elements:
        kind = element.get("type")
        if kind in BOX_TYPES or kind in FRAME_TYPES:
            name = element.get("name") if kind in FRAME_TYPES else ""
            label = " ".join(name.split()) if isinstance(name, str) else ""
            nodes.append(_Node(area_of(element), {element["id"]}, [], label, _groups(element)))
    return nodes


def _place_texts(texts: list[Element], nodes: list[_Node], lines: list[Element]) -> list[Element]:
    """Give each text to its box; a text that an arrow is bound to is a box itself.

    Returns what is left: free notes, among them perhaps labels of arrows.
    """
    by_part = {part: node for node in nodes for part in node.parts}
    line_ids = {line["id"] for line in lines}
    targets = {bound for line in lines for bound in _bound_ids(line)}
    boxes, left = list(nodes), []
    for text in texts:
        owner = by_part.get(text.get("containerId") or "")
        if owner is None and text.get("containerId") in line_ids:
            continue
        owner = owner or _grouped_box(text, boxes) or _box_under(text, boxes, lines)
        if owner is not None:
            owner.texts.append((area_of(text), _text(text)))
            owner.parts.add(text["id"])
        elif text["id"] in targets:
            nodes.append(_Node(area_of(text), {text["id"]}, [], _text(text), _groups(text)))
        else:
            left.append(text)
    return left


def _grouped_box(text: Element, boxes: list[_Node]) -> _Node | None:
    """The box in the text's innermost group: the one under it, or the largest."""
    for group in _groups(text):
        mates = [box for box in boxes if group in box.groups]
        under = [box for box in mates if box.area.holds(area_of(text).centre)]
        if under:
            return min(under, key=lambda box: box.area.size)
        if len(mates) == 1 or (mates and not any(box.texts for box in mates)):
            return max(mates, key=lambda box: box.area.size)
    return None


def _box_under(text: Element, boxes: list[_Node], lines: list[Element]) -> _Node | None:
    """The smallest box below the text, unless it is a region in which the text names an arrow."""
    centre = area_of(text).centre
    under = [box for box in boxes if box.area.holds(centre)]
    box = min(under, key=lambda box: box.area.size, default=None)
    if box is None:
        return None
    is_region = any(other is not box and box.area.holds(other.area.centre) for other in boxes)
    names_an_arrow = any(distance_to_path(centre, path_of(line)) <= NEAR_ARROW for line in lines)
    return None if is_region and names_an_arrow else box


def _merge_groups(nodes: list[_Node]) -> list[_Node]:
    """Shapes drawn from several boxes in one group (a cylinder, a stack) are one node."""
    merged: list[_Node] = []
    for node in nodes:
        home = None if node.label else _labelled_mate(node, nodes, merged)
        if home is None:
            merged.append(node)
        else:
            home.parts |= node.parts
            if home.area.size < node.area.size:
                home.area = node.area
    return merged


def _labelled_mate(node: _Node, nodes: list[_Node], merged: list[_Node]) -> _Node | None:
    for group in node.groups:
        mates = [other for other in nodes if other is not node and group in other.groups]
        labelled = [other for other in mates if other.label]
        if len(labelled) == 1:
            return labelled[0]
        if not labelled and (first := next((m for m in merged if group in m.groups), None)):
            return first
    return None


def _read_arrows(
    lines: list[Element], texts: list[Element], nodes: list[_Node], notes: list[Element]
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
        arrows += _directed(line, start, end, label)
        if start is None or end is None:
            dangling.append(_dangling_sentence(start, end, label))
    return arrows, dangling


def _end_node(binding: Any, point: Point, nodes: list[_Node]) -> _Node | None:
    bound = binding.get("elementId") if isinstance(binding, Mapping) else None
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
    bound = [_text(t) for t in texts if t.get("containerId") == line["id"]]
    if bound:
        return " ".join(bound)
    distances = [(distance_to_path(area_of(note).centre, path), note) for note in notes]
    distance, nearest = min(distances, key=lambda pair: pair[0], default=(math.inf, None))
    if nearest is None or distance > NEAR_ARROW:
        return ""
    notes.remove(nearest)
    return _text(nearest)


def _directed(line: Element, start: _Node | None, end: _Node | None, label: str) -> list[Arrow]:
    source, target = (node.label if node else None for node in (start, end))
    forwards, backwards = bool(line.get("endArrowhead")), bool(line.get("startArrowhead"))
    arrows = []
    if forwards or not backwards:
        arrows.append(Arrow(source, target, label))
    if backwards:
        arrows.append(Arrow(target, source, label))
    return arrows


def _unlabelled(nodes: list[_Node]) -> list[str]:
    bare = sum(not node.label for node in nodes)
    if not bare:
        return []
    return ["One box has no label." if bare == 1 else f"{bare} boxes have no label."]


def _dangling_sentence(start: _Node | None, end: _Node | None, label: str) -> str:
    what = f"The arrow “{label}”" if label else "An arrow"
    if start is None and end is None:
        return f"{what} touches no box at either end."
    known = start or end
    name = f"“{known.label}”" if known and known.label else "a box without a label"
    return (
        f"{what} from {name} leads nowhere." if start else f"{what} to {name} comes from nowhere."
    )
