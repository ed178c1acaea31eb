"""Arrows of a board: which boxes they join, and which end nowhere."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from evaluation.types import Arrow
from practice.scene_geometry import Point, area_of, path_of
from practice.scene_index import Areas, Budget, Places
from practice.scene_nodes import (
    LONGEST_LABEL,
    MOST_CORNERS,
    NEAR_ARROW,
    Element,
    Node,
    ref,
    text_of,
)

NEAR_BOX = 28.0
"""How far an unbound arrow may end from a box and still mean it, in scene pixels."""


def read_arrows(
    lines: list[Element],
    texts: list[Element],
    nodes: list[Node],
    notes: list[Element],
    budget: Budget,
) -> tuple[list[Arrow], list[str]]:
    """The connections, and a sentence for each that ends nowhere. Used labels leave `notes`."""
    ends, labels = Ends(nodes, budget), Labels(texts, notes, budget)
    arrows: list[Arrow] = []
    dangling: list[str] = []
    for line in lines:
        path = path_of(line, most=MOST_CORNERS)
        if len(path) < 2:
            continue
        start = ends.node_at(line.get("startBinding"), path[0])
        end = ends.node_at(line.get("endBinding"), path[-1])
        if line.get("type") == "line" and (start is None or end is None or start is end):
            continue  # a line that joins no two boxes is decoration
        label = labels.take(line, path)
        source, target = (node.label if node else None for node in (start, end))
        if line.get("endArrowhead") or not line.get("startArrowhead"):
            arrows.append(Arrow(source, target, label))
        if line.get("startArrowhead"):
            arrows.append(Arrow(target, source, label))
        if start is None or end is None:
            dangling.append(_dangling_sentence(start, end, label))
    notes[:] = labels.left()
    return arrows, dangling


class Ends:
    """What an arrow's end points at: the box it is bound to, or one near."""

    def __init__(self, nodes: list[Node], budget: Budget) -> None:
        self.nodes = nodes
        self.areas = Areas([node.area for node in nodes], budget)
        self.by_part: dict[str, Node] = {}
        for node in nodes:
            for part in node.parts:
                self.by_part.setdefault(part, node)

    def node_at(self, binding: Any, point: Point) -> Node | None:
        bound = self.by_part.get(ref(binding, "elementId"))
        if bound is not None:
            return bound
        # An arrow to a box inside a region ends in the region too: the nearest edge is chosen.
        under = self.areas.under(point)
        size = math.inf if under is None else self.nodes[under].area.size
        near = self.areas.near(point, within=NEAR_BOX, below=size)
        number = under if near is None else near
        return None if number is None else self.nodes[number]


class Labels:
    """Texts that name an arrow: those bound to it, or the nearest free note, used once."""

    def __init__(self, texts: list[Element], notes: list[Element], budget: Budget) -> None:
        self.notes = notes
        self.places = Places([area_of(note).center for note in notes], budget)
        self.used: set[int] = set()
        self.bound: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            if isinstance(text.get("containerId"), str):
                self.bound[text["containerId"]].append(text_of(text))

    def take(self, line: Element, path: list[Point]) -> str:
        if line["id"] in self.bound:
            return " ".join(self.bound[line["id"]])[:LONGEST_LABEL]
        number = self.places.nearest_to_path(path, within=NEAR_ARROW)
        if number is None:
            return ""
        self.places.remove(number)
        self.used.add(number)
        return text_of(self.notes[number])

    def left(self) -> list[Element]:
        return [note for number, note in enumerate(self.notes) if number not in self.used]


def _dangling_sentence(start: Node | None, end: Node | None, label: str) -> str:
    what = f"The arrow “{label}”" if label else "An arrow"
    if start is None and end is None:
        return f"{what} touches no box at either end."
    known = start or end
    name = f"“{known.label}”" if known and known.label else "a box without a label"
    return (
        f"{what} from {name} leads nowhere." if start else f"{what} to {name} comes from nowhere."
    )
