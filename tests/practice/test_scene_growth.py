"""The work of reading a board grows with the board, and what is read of it is bounded."""

from __future__ import annotations

import pytest

from practice.board_svg import picture_of
from practice.scene_reader import MOST_ELEMENTS, MOST_REMARKS, MOST_WORDS, read_board
from tests.counting import calls_of, growth
from tests.practice import big_scenes, plain_scene_reader
from tests.practice.scenes import arrow, box, labeled, text

LAYOUTS = (
    big_scenes.tiny_frames,
    big_scenes.plain,
    big_scenes.realistic,
    big_scenes.stacked,
    big_scenes.in_one_group,
    big_scenes.turned,
    big_scenes.labels_of_one_arrow,
)


def read(elements):
    return read_board({"elements": elements}, question_id=7, order=2)


@pytest.mark.parametrize("seed", range(150))
def test_the_indexed_reader_says_what_the_plain_one_says(seed):
    elements = big_scenes.at_random(seed)

    expected = plain_scene_reader.read_board({"elements": elements}, question_id=7, order=2)
    assert read(elements) == expected


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_the_plain_reader_agrees_on_each_layout(layout):
    elements = layout(180)

    expected = plain_scene_reader.read_board({"elements": elements}, question_id=7, order=2)
    found = read(elements)
    assert found.elements == expected.elements
    if layout is big_scenes.labels_of_one_arrow:  # cut to what a label may have
        assert expected.diagram.arrows[0].label.startswith(found.diagram.arrows[0].label)
        return
    assert found.diagram == expected.diagram
    assert found.remarks[:MOST_REMARKS] == expected.remarks[:MOST_REMARKS]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_twice_the_board_is_about_twice_the_work(layout):
    def work_of(n):
        elements = layout(n)
        return lambda: read(elements)

    twice, four_times = growth(work_of, 300)

    assert twice < 2.7
    assert four_times < 6


def test_the_plain_reader_would_fail_this_test():
    def work_of(n):
        scene = {"elements": big_scenes.plain(n)}
        return lambda: plain_scene_reader.read_board(scene, question_id=7, order=2)

    assert growth(work_of, 150)[1] > 10


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_the_picture_grows_with_the_board(layout):
    def work_of(n):
        elements = layout(n)
        return lambda: picture_of(elements).drawing

    assert growth(work_of, 200)[1] < 4.5


def test_no_layout_takes_more_than_a_bound_for_each_element():
    for layout in LAYOUTS:
        elements = layout(2000)
        assert calls_of(lambda e=elements: read(e)) < 2000 * 1500, layout.__name__


def test_elements_beyond_the_bound_are_not_read():
    board = read([box(f"b{i}", i * 200, 0) for i in range(MOST_ELEMENTS + 5)])

    assert len(board.elements) == MOST_ELEMENTS


def test_a_long_label_is_not_repeated_for_each_arrow():
    """One label of 60 kB at the end of 1,000 arrows was 60 MB of text."""
    elements = [*labeled("a", "word " * 12_000, 0, 0), *labeled("b", "B", 900, 0)]
    elements += [arrow(f"r{i}", (164, 40), (890, 40), "a", "b") for i in range(1000)]

    diagram = read(elements).diagram

    words = [w for a in diagram.arrows for w in (a.source, a.target, a.label)]
    assert sum(len(word or "") for word in [*diagram.boxes, *words]) <= MOST_WORDS


def test_what_does_not_fit_is_told():
    elements = [text(f"t{i}", f"{'long note ' * 25}{i}", 0, i * 400) for i in range(1000)]

    board = read(elements)

    assert len(board.diagram.notes) < 1000
    assert "parts were left out" in board.remarks[-1]


def test_thousands_of_loose_arrows_are_counted_not_listed():
    board = read([arrow(f"a{i}", (i * 900, 0), (i * 900 + 500, 0)) for i in range(300)])

    assert len(board.remarks) == MOST_REMARKS + 1
    assert board.remarks[-1] == f"And {300 - MOST_REMARKS} more like these."
