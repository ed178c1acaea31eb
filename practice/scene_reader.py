"""Reads a drawn board as structure: boxes with labels, arrows between them, free notes.

`read_board(scene, question_id=…, order=…)` looks at the frame of one question. A label may be
bound to its box, grouped with it, or just lie on it; an arrow may be bound, or end on or near a
box; boxes and arrows may be turned. Boxes without a label and arrows that end nowhere are named
in `remarks`, so that a learner sees what a reader could not know.

The scene is what the browser sent: every field is checked before use, nothing raises. Reading takes
n log n for n elements, and what is read is bounded (`MOST_ELEMENTS`, `MOST_WORDS`); a board of the
largest size takes a second, so it is never read inside a transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from evaluation.types import Arrow, Diagram
from practice.scene_arrows import read_arrows
from practice.scene_geometry import area_of, path_of
from practice.scene_index import Budget
from practice.scene_nodes import (
    FRAME_TYPES,
    Element,
    find_nodes,
    merge_groups,
    place_texts,
    ref,
    text_of,
)

MOST_ELEMENTS = 8_000
MOST_WORDS = 100_000
MOST_REMARKS = 50
VISITS_PER_ELEMENT = 150
"""Nodes of the index that may be looked at, for each element; a drawn board needs about 50."""


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
    return read_elements(elements) if elements else None


def read_elements(elements: list[Element]) -> BoardReading:
    """What `elements_of_question` found, read as one drawing."""
    budget = Budget(VISITS_PER_ELEMENT * (len(elements) + 100))
    texts = [e for e in elements if e.get("type") == "text" and text_of(e)]
    lines = [e for e in elements if e.get("type") in ("arrow", "line")]
    nodes = find_nodes(elements)
    notes = place_texts(texts, nodes, lines, budget)
    nodes = merge_groups(nodes)
    arrows, dangling = read_arrows(lines, texts, nodes, notes, budget)
    labels = [node.label for node in nodes]
    diagram, left_out = fitting(labels, arrows, [text_of(note) for note in notes])
    remarks = [*_bare(labels), *dangling]
    if len(remarks) > MOST_REMARKS:
        remarks = [*remarks[:MOST_REMARKS], f"And {len(remarks) - MOST_REMARKS} more like these."]
    if left_out:
        remarks.append(f"This board is larger than what is read: {left_out} parts were left out.")
    return BoardReading(diagram, [dict(e) for e in elements], tuple(remarks))


def fitting(
    labels: Sequence[str], arrows: Sequence[Arrow], notes: Sequence[str]
) -> tuple[Diagram, int]:
    """The diagram up to `MOST_WORDS` characters, boxes first, and how many parts it leaves out."""
    room = MOST_WORDS

    def fits(*words: str | None) -> bool:
        nonlocal room
        room -= sum(len(word or "") + 1 for word in words)
        return room >= 0

    diagram = Diagram(
        boxes=tuple(label for label in labels if fits(label)),
        arrows=tuple(arrow for arrow in arrows if fits(arrow.source, arrow.target, arrow.label)),
        notes=tuple(note for note in notes if fits(note)),
    )
    kept = len(diagram.boxes) + len(diagram.arrows) + len(diagram.notes)
    return diagram, len(labels) + len(arrows) + len(notes) - kept


def _bare(labels: list[str]) -> list[str]:
    bare = labels.count("")
    if not bare:
        return []
    return ["One box has no label." if bare == 1 else f"{bare} boxes have no label."]


def elements_of_question(scene: Any, *, question_id: int, order: int) -> list[Element]:
    """The elements in the question's frame. A board without any frame belongs to every question."""
    raw = scene.get("elements") if isinstance(scene, Mapping) else None
    drawn = (
        e
        for e in (raw if isinstance(raw, list) else [])
        if isinstance(e, Mapping) and not e.get("isDeleted") and isinstance(e.get("id"), str)
    )
    alive = list(islice(drawn, MOST_ELEMENTS))
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
    inner: dict[str, list[str]] = defaultdict(list)
    for one in frames:
        inner[ref(one, "frameId")].append(one["id"])
    waiting = [frame["id"]]
    for one in frames:
        box = area_of(one)
        if box.size < area.size and area.holds(box.center):
            waiting.append(one["id"])
    owned: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in owned:
            owned.add(key)
            waiting += inner[key]
    members = []
    for element in alive:
        is_line = element.get("type") in ("arrow", "line")
        path = path_of(element) if is_line else []
        middle = path[len(path) // 2] if path else area_of(element).center
        home = ref(element, "frameId")
        is_member = home in owned or element["id"] in owned
        if is_member or (home not in ids and area.holds(middle)):
            members.append(element)
    return [element for element in members if element["id"] != frame["id"]]
