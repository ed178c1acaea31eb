"""Reads a drawn board as structure: boxes with labels, arrows between them, free notes.

`read_board(scene, question_id=…, order=…)` looks at the frame of one question. A label may be
bound to its box, grouped with it, or just lie on it; an arrow may be bound, or end on or near a
box; boxes and arrows may be turned. Boxes without a label and arrows that end nowhere are named
in `remarks`, so that a learner sees what a reader could not know.

The scene is what the browser sent: every field is checked before use, nothing raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.types import Diagram
from practice.scene_arrows import read_arrows
from practice.scene_geometry import area_of, path_of
from practice.scene_nodes import (
    FRAME_TYPES,
    Element,
    find_nodes,
    merge_groups,
    place_texts,
    ref,
    text_of,
)


@dataclass(frozen=True)
class BoardReading:
    """What the frame shows, the elements it was read from, and remarks on unreadable ones."""

    diagram: Diagram
    elements: list[dict[str, Any]]
    remarks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**self.diagram.to_json(), "remarks": list(self.remarks)}


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
    """The elements in the question's frame. A board without any frame belongs to every question."""
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


def is_frame_of(frame: Element, question_id: int, order: int) -> bool:
    custom = frame.get("customData")
    if isinstance(custom, Mapping) and "question_id" in custom:
        return custom["question_id"] == question_id
    name = frame.get("name")
    return isinstance(name, str) and name.split(" ")[0].strip(".:·)") == str(order)


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
