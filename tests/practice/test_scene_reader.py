"""Reading boards drawn in different styles: each board is a small scene, as Excalidraw stores it."""

from __future__ import annotations

import math

from practice.scene_reader import read_board
from tests.practice.scenes import arrow, box, labeled, text


def read(*elements):
    return read_board({"elements": list(elements)}, question_id=7, order=2)


def edges(reading):
    return [(a.source, a.target, a.label) for a in reading.diagram.arrows]


def test_bound_labels_and_bound_arrows():
    board = read(
        *labeled("a", "Client", 0, 0),
        *labeled("b", "API", 400, 0),
        arrow("r", (164, 40), (396, 40), "a", "b"),
        text("rt", "HTTPS", 250, 30, container="r"),
    )

    assert board.diagram.boxes == ("Client", "API")
    assert edges(board) == [("Client", "API", "HTTPS")]
    assert board.diagram.notes == ()
    assert board.remarks == ()


def test_bindings_count_more_than_where_the_ends_are_drawn():
    """As after moving a box away: the ends lie far off, one of them even nearer to another box."""
    reading = read(
        *labeled("a", "API", 0, 0),
        *labeled("b", "Store", 800, 0),
        *labeled("c", "Cache", 400, 300),
        arrow("1", (240, 40), (400, 290), source="a", target="b"),
    )

    assert edges(reading) == [("API", "Store", "")]
    assert reading.remarks == ()


def test_loose_texts_on_boxes_and_unbound_arrows_that_end_near_them():
    board = read(
        box("a", 0, 0),
        text("t1", "Web", 50, 30),
        box("b", 400, 0, kind="ellipse"),
        text("t2", "Database", 430, 30),
        arrow("r", (170, 42), (390, 40)),
        text("t3", "reads", 255, 15),
    )

    assert board.diagram.boxes == ("Web", "Database")
    assert edges(board) == [("Web", "Database", "reads")]


def test_text_grouped_with_its_box_but_beside_it():
    board = read(
        box("a", 0, 0, groupIds=["g1"]),
        text("t1", "Queue", 20, 100, groupIds=["g1"]),
        *labeled("b", "Worker", 400, 0),
        arrow("r", (160, 40), (400, 40), "a", "b"),
    )

    assert board.diagram.boxes == ("Queue", "Worker")
    assert edges(board) == [("Queue", "Worker", "")]


def test_a_cylinder_grouped_from_three_shapes_is_one_box():
    shapes = [
        box("top", 0, 0, 120, 30, "ellipse", groupIds=["db"]),
        box("body", 0, 15, 120, 90, groupIds=["db"]),
        box("bottom", 0, 90, 120, 30, "ellipse", groupIds=["db"]),
        text("t", "Users DB", 20, 50, groupIds=["db"]),
    ]
    board = read(
        *shapes, *labeled("a", "API", 300, 20), arrow("r", (300, 60), (122, 105), "a", "bottom")
    )

    assert sorted(board.diagram.boxes) == ["API", "Users DB"]
    assert edges(board) == [("API", "Users DB", "")]
    assert board.remarks == ()


def test_a_region_around_boxes_keeps_its_own_name():
    board = read(
        box("vpc", 0, 0, 900, 500),
        text("v", "Private network", 20, 10),
        *labeled("a", "App", 100, 200),
        *labeled("b", "Cache", 600, 200),
        arrow("r", (264, 240), (596, 240)),
        text("rt", "get, set", 400, 222),
    )

    assert board.diagram.boxes == ("Private network", "App", "Cache")
    assert edges(board) == [("App", "Cache", "get, set")]


def test_turned_boxes_are_hit_where_they_are_drawn():
    turned = box("a", 0, 0, 200, 40, angle=math.pi / 2)  # now 40 wide, 200 high, around (100, 20)
    board = read(
        turned,
        text("t", "Tall", 80, 90, width=40),
        *labeled("b", "Other", 400, -20),
        arrow("r", (124, 100), (396, 20)),
    )

    assert board.diagram.boxes == ("Tall", "Other")
    assert edges(board) == [("Tall", "Other", "")]


def test_a_turned_arrow_points_where_it_is_drawn():
    line = arrow("r", (200, 40), (440, 40))  # flat, turned to stand upright around (320, 40)
    line["angle"] = math.pi / 2
    board = read(
        *labeled("a", "Upper", 240, -165),
        *labeled("b", "Lower", 240, 165),
        line,
    )

    assert edges(board) == [("Upper", "Lower", "")]


def test_frames_inside_the_frame_belong_to_the_question_and_count_as_boxes():
    outer = box("f", 0, 0, 1600, 1000, "frame", name="2. High-level design")
    inner = box("in", 100, 100, 600, 400, "frame", name="Region eu", frameId="f")
    board = read(
        outer,
        inner,
        *[{**e, "frameId": "in"} for e in labeled("a", "Node", 200, 200)],
        *[{**e, "frameId": "f"} for e in labeled("b", "Edge", 900, 200)],
        arrow("r", (900, 240), (704, 240), "b", "in"),
        box("other", 2000, 0, 1600, 1000, "frame", name="3. Details"),
        *[{**e, "frameId": "other"} for e in labeled("c", "Elsewhere", 2100, 100)],
    )

    assert sorted(board.diagram.boxes) == ["Edge", "Node", "Region eu"]
    assert edges(board) == [("Edge", "Region eu", "")]


def test_what_is_unlabelled_or_loose_is_named():
    board = read(
        box("a", 0, 0),
        box("b", 400, 0),
        *labeled("c", "Log", 0, 400),
        arrow("r1", (164, 440), (700, 700), "c"),
        arrow("r2", (900, 900), (1200, 900)),
        arrow("r3", (600, 300), (170, 40), None, "a"),
    )

    assert board.diagram.boxes == ("", "", "Log")
    assert edges(board) == [("Log", None, ""), (None, None, ""), (None, "", "")]
    assert board.remarks == (
        "2 boxes have no label.",
        "An arrow from “Log” leads nowhere.",
        "An arrow touches no box at either end.",
        "An arrow to a box without a label comes from nowhere.",
    )


def test_both_heads_back_heads_and_plain_lines():
    board = read(
        *labeled("a", "A", 0, 0),
        *labeled("b", "B", 400, 0),
        *labeled("c", "C", 0, 400),
        arrow("both", (164, 40), (396, 40), "a", "b", startArrowhead="arrow"),
        arrow("back", (80, 84), (80, 396), "a", "c", startArrowhead="arrow", endArrowhead=None),
        {
            **arrow("line", (200, 440), (440, 84)),
            "type": "line",
            "endArrowhead": None,
            "points": [[-36, 0], [240, -360]],
        },
        {**arrow("flourish", (900, 900), (950, 950)), "type": "line"},
    )

    assert edges(board) == [("A", "B", ""), ("B", "A", ""), ("C", "A", ""), ("C", "B", "")]
    assert board.remarks == ()


def test_texts_that_arrows_are_bound_to_are_boxes_and_others_are_notes():
    board = read(
        text("a", "Browser", 0, 0),
        text("b", "Server", 400, 0),
        arrow("r", (75, 12), (396, 12), "a", "b"),
        text("n", "10k requests a second", 0, 600),
    )

    assert board.diagram.boxes == ("Browser", "Server")
    assert edges(board) == [("Browser", "Server", "")]
    assert board.diagram.notes == ("10k requests a second",)


def test_bindings_to_a_label_or_to_something_deleted():
    board = read(
        *labeled("a", "A", 0, 0),
        *labeled("b", "B", 400, 0),
        {**box("gone", 400, 0), "isDeleted": True},
        arrow("r", (164, 40), (396, 40), "a-t", "gone"),
    )

    assert edges(board) == [("A", "B", "")]
    assert len(board.diagram.boxes) == 2


def test_several_texts_on_one_box_read_from_top_to_bottom():
    board = read(
        box("a", 0, 0, 300, 200), text("t2", "Postgres 18", 30, 120), text("t1", "Orders", 30, 20)
    )

    assert board.diagram.boxes == ("Orders Postgres 18",)


def test_drawn_from_right_to_left_sizes_may_be_negative():
    board = read(
        box("a", 160, 80, -160, -80),
        text("t", "Left", 40, 20),
        *labeled("b", "Right", 400, 0),
        arrow("r", (168, 40), (390, 40)),
    )

    assert edges(board) == [("Left", "Right", "")]
