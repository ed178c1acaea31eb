"""From findings to numbers and words: the edges that no sample answer hits."""

from __future__ import annotations

import pytest

from evaluation.scoring import Findings, band_of, overall_score, verdict_of
from evaluation.types import KeyPoint, PointResult, Rubric


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0.0, "weak"),
        (3.9, "weak"),
        (4.0, "partial"),
        (7.4, "partial"),
        (7.5, "strong"),
        (10.0, "strong"),
    ],
)
def test_a_band_begins_at_its_edge(score, band):
    assert band_of(score) == band


def test_an_estimate_outside_of_its_range_is_cut():
    assert overall_score(1.2, None, None, None) == 10.0
    assert overall_score(-0.1, None, None, None) == 0.0


def test_without_an_estimate_the_parts_that_are_there_are_weighed():
    assert overall_score(None, 5.0, 10.0, 0.0) == 5.0
    assert overall_score(None, 5.0, 10.0, None) == 6.2
    assert overall_score(None, None, None, 7.0) == 7.0
    assert overall_score(None, None, None, None) == 0.0


def test_a_heavier_point_counts_more_and_is_named_first():
    points = (KeyPoint("Light", "light text"), KeyPoint("Heavy", "heavy text", weight=3.0))
    results = (PointResult("Light", "met"), PointResult("Heavy", "partial"))

    verdict = verdict_of(Findings(results), Rubric(prompt="?", key_points=points), provider="local")

    assert verdict.completeness_score == 6.2
    assert verdict.improvements == ("Say more about this: Heavy.",)
    assert verdict.example_point == "heavy text"
