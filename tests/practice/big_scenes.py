"""Boards of any size: as people draw them, as a script may send them, and at random."""

from __future__ import annotations

import math
import random

from tests.practice.scenes import arrow, box, labeled, text


def tiny_frames(n):
    """Frames within frames within frames, a handful of bytes each."""
    first = {"id": "f", "type": "frame", "name": "2. x", "width": 9, "height": 9}
    return [first, *({"id": str(i), "type": "frame", "frameId": str(i + 1)} for i in range(n - 1))]


def plain(n):
    """A third boxes, a third loose texts on them, a third loose arrows between them."""
    elements = []
    for i in range(n // 3):
        x, y = (i % 40) * 300, (i // 40) * 200
        elements.append(box(f"b{i}", x, y))
        elements.append(text(f"t{i}", f"Service {i}", x + 30, y + 28))
        elements.append(arrow(f"a{i}", (x + 165, y + 40), (x + 295, y + 40)))
    return elements


def realistic(n):
    """Labeled boxes inside regions, bound arrows, some with a label, and notes."""
    elements = [box("f", -100, -100, 40_000, 40_000, "frame", name="2. Design")]
    for i in range(n // 5):
        x, y = (i % 30) * 400, (i // 30) * 300
        if i % 6 == 0:
            elements += [
                box(f"r{i}", x - 40, y - 60, 2300, 220),
                text(f"rt{i}", f"Region {i}", x, y - 50),
            ]
        elements += labeled(f"b{i}", f"Service {i}", x, y)
        elements.append(arrow(f"a{i}", (x + 164, y + 40), (x + 396, y + 40), f"b{i}", f"b{i + 1}"))
        elements.append(text(f"n{i}", f"writes {i}", x + 240, y + 22))
    return elements


def stacked(n):
    """All at one place: boxes, texts beside them, notes on arrows."""
    third = n // 3
    return [
        *(box(f"b{i}", 0, 0, 100, 100) for i in range(third)),
        *(text(f"t{i}", "x", 110, 40) for i in range(third)),
        *(arrow(f"a{i}", (0, 52), (400, 52)) for i in range(third)),
    ]


def in_one_group(n):
    half = n // 2
    return [
        *(box(f"b{i}", i * 200, 0, groupIds=["g"]) for i in range(half)),
        *(text(f"t{i}", f"w {i}", i * 200 + 30, 28, groupIds=["g"]) for i in range(half)),
    ]


def turned(n):
    """Thin boxes turned across each other, and texts between them: a tree finds no order here."""
    half = n // 2
    return [
        *(box(f"b{i}", -500, i % 7, 1000, 1, angle=i * math.pi / half) for i in range(half)),
        *(text(f"t{i}", "x", 30 + i % 400, i // 400) for i in range(half)),
    ]


def labels_of_one_arrow(n):
    return [
        *labeled("a", "A", 0, 0),
        arrow("r", (164, 40), (396, 40), "a"),
        *(text(f"t{i}", f"word {i}", 0, 0, container="r") for i in range(n)),
    ]


def at_random(seed):
    """A small board of everything that the reader tells apart."""
    dice = random.Random(seed)
    size = dice.choice((300, 900, 2500))
    ids = [f"e{i}" for i in range(dice.randint(4, 70))]
    groups = ["g1", "g2", "g3"]
    elements = []
    if dice.random() < 0.5:
        elements.append(box("f", -50, -50, size, size, "frame", name="2. x"))
        elements.append(box("o", size, 0, size, size, "frame", name="3. y"))

    def place():
        return round(dice.uniform(0, size), dice.choice((0, 3))), round(dice.uniform(0, size))

    def more():
        return {
            "groupIds": dice.sample(groups, dice.choice((0, 0, 0, 1, 2))),
            "angle": dice.choice((0, 0, 0, 0.5, 1.57, 3.0)),
            "frameId": dice.choice((None, None, "f", "o", *ids[:2])),
            "isDeleted": dice.random() < 0.05,
        }

    for name in ids:
        x, y = place()
        kind = dice.choice(("box", "box", "text", "text", "arrow", "line", "frame"))
        if kind == "box":
            w, h = dice.choice((20, 80, 160, 700)), dice.choice((-40, 20, 80, 500))
            shape = dice.choice(("rectangle", "ellipse", "diamond", "image"))
            elements.append(box(name, x, y, w, h, shape, **more()))
        elif kind == "frame":
            w, h = dice.choice((100, 500)), dice.choice((100, 500))
            title = dice.choice(("", "Inner", "2. again"))
            elements.append(box(name, x, y, w, h, "frame", name=title, **more()))
        elif kind == "text":
            words = dice.choice(("a", "write path", "", "x " * 12))
            container = dice.choice((None, None, *ids))
            elements.append(text(name, words, x, y, container, **more()))
        else:
            heads = {
                "startArrowhead": dice.choice((None, None, "arrow")),
                "endArrowhead": dice.choice((None, "arrow", "arrow")),
                "type": kind,
            }
            ends = (dice.choice((None, *ids)), dice.choice((None, *ids)))
            line = arrow(name, (x, y), place(), *ends, **{**heads, **more()})
            if dice.random() < 0.3:
                line["points"].insert(1, [dice.randint(-90, 90), dice.randint(-90, 90)])
            elements.append(line)
    return elements
