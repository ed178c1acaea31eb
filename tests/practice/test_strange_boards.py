"""Boards of a frame that is hard to find, of nothing, or of what no editor would store; the picture."""

from __future__ import annotations

import pytest

from practice.board_svg import picture_of
from practice.frames import frames_of
from practice.scene_reader import elements_of_question, read_board
from tests.practice.scenes import arrow, box, labeled


def test_the_frame_of_a_question_is_known_by_its_mark_or_its_number():
    questions = [
        type("Q", (), {"question_id": i + 10, "order": i, "title": f"T{i}"}) for i in (1, 2)
    ]
    frames = frames_of(questions)
    drawn = [
        {
            "type": "frame",
            "isDeleted": False,
            **{k: f[k] for k in ("id", "x", "y", "width", "height", "name")},
        }
        for f in frames
    ]
    scene = {"elements": [*drawn, box("a", 2000, 100), box("b", 100, 100)]}

    assert [e["id"] for e in elements_of_question(scene, question_id=12, order=2)] == ["a"]
    renamed = [
        {**f, "name": "mine", "customData": {"question_id": 10 + n}} for n, f in enumerate(drawn, 1)
    ]
    scene = {"elements": [*renamed, box("a", 2000, 100), box("b", 100, 100)]}
    assert [e["id"] for e in elements_of_question(scene, question_id=11, order=9)] == ["b"]


def test_an_empty_frame_is_nothing():
    scene = {"elements": [box("f", 0, 0, 1600, 1000, "frame", name="2. Design")]}

    assert read_board(scene, question_id=7, order=2) is None
    assert read_board({}, question_id=7, order=2) is None


@pytest.mark.parametrize(
    "scene",
    [
        None,
        5,
        [],
        "x",
        {"elements": None},
        {"elements": 5},
        {"elements": [None, 5, "x", []]},
        {"elements": [{"id": 5}, {"id": "a"}, {"id": "b", "type": 7}]},
        {"elements": [{"id": "a", "type": "rectangle", "x": "left", "width": None, "groupIds": 5}]},
        {"elements": [{"id": "a", "type": "arrow", "points": [[0], "x", None, [1, "y"]]}]},
        {
            "elements": [
                {
                    "id": "a",
                    "type": "arrow",
                    "points": [[0, 0], [9, 9]],
                    "startBinding": 5,
                    "endBinding": {"elementId": ["x"]},
                }
            ]
        },
        {"elements": [{"id": "a", "type": "text", "text": 5, "containerId": ["a"]}]},
        {
            "elements": [
                {"id": "a", "type": "text", "text": "x", "containerId": {"a": 1}, "groupIds": [1]}
            ]
        },
        {
            "elements": [
                {"id": "f", "type": "frame", "name": 5, "customData": 7},
                {"id": "a", "frameId": []},
            ]
        },
        {
            "elements": [
                {"id": "a", "type": "rectangle", "x": float("1e308"), "width": float("1e308")}
            ]
        },
    ],
)
def test_a_strange_scene_never_raises(scene):
    board = read_board(scene, question_id=7, order=2)

    if board is not None:
        picture_of(board.elements)


def test_the_picture_draws_what_the_board_holds():
    picture = picture_of(
        [
            *labeled("a", "Client", 0, 0),
            box("d", 300, 0, kind="diamond", angle=1.0),
            arrow("r", (164, 40), (296, 40)),
            box("e", 500, 0, kind="ellipse", strokeColor="url(x)"),
        ]
    )

    assert [shape.kind for shape in picture.shapes] == [
        "rect",
        "text",
        "polygon",
        "path",
        "path",
        "ellipse",
    ]
    assert picture.shapes[-1].attributes["stroke"] == "#1e1e1e"
    assert "rotate(57.3" in picture.shapes[2].attributes["transform"]
