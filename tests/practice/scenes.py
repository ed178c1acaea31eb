"""Elements of boards as Excalidraw stores them."""

from __future__ import annotations


def box(key, x, y, w=160, h=80, kind="rectangle", **more):
    return {"id": key, "type": kind, "x": x, "y": y, "width": w, "height": h, "angle": 0, **more}


def text(name, words, x, y, container=None, **more):
    return {
        "id": name,
        "type": "text",
        "text": words,
        "originalText": words,
        "x": x,
        "y": y,
        "width": 10 * len(words),
        "height": 25,
        "angle": 0,
        "containerId": container,
        **more,
    }


def arrow(name, start, end, source=None, target=None, **more):
    line = {
        "id": name,
        "type": "arrow",
        "x": start[0],
        "y": start[1],
        "angle": 0,
        "points": [[0, 0], [end[0] - start[0], end[1] - start[1]]],
        "startBinding": {"elementId": source, "focus": 0, "gap": 4} if source else None,
        "endBinding": {"elementId": target, "focus": 0, "gap": 4} if target else None,
        "startArrowhead": None,
        "endArrowhead": "arrow",
    }
    return {**line, **more}


def labeled(name, words, x, y, **more):
    return [box(name, x, y, **more), text(f"{name}-t", words, x + 30, y + 28, container=name)]
