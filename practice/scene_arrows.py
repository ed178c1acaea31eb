"""Arrows of a board: which boxes they join, and which end nowhere."""

from __future__ import annotations

import math
from typing import Any

from evaluation.types import Arrow
from practice.scene_geometry import Point, area_of, distance_to_path, path_of
from practice.scene_nodes import NEAR_ARROW, Element, Node, ref, text_of

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
    # An arrow to a box inside a region ends in the region too: the nearest small edge is chosen.
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
