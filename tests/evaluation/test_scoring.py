"""From findings to numbers and words: the edges that no sample answer hits."""

from __future__ import annotations

import pytest

from evaluation.scoring import Findings, band_of, overall_score, verdict_of
from evaluation.types import KeyPoint, PointResult, Rubric


@pytest.mark.parametrize(
    ("score", "local", "claude"),
    [
        (0.0, "weak", "weak"),
        (1.9, "weak", "weak"),
        (2.0, "partial", "weak"),
        (3.9, "partial", "weak"),
        (4.0, "partial", "partial"),
        (4.9, "partial", "partial"),
        (5.0, "strong", "partial"),
        (7.4, "strong", "partial"),
        (7.5, "strong", "strong"),
        (10.0, "strong", "strong"),
    ],
)
def test_a_band_begins_at_its_edge(score, local, claude):
    assert band_of(score, "local") == local
    assert band_of(score, "claude") == claude


def test_an_estimate_outside_of_its_range_is_cut():
    assert overall_score(1.2, None, None, None) == 10.0
    assert overall_score(-0.1, None, None, None) == 0.0


def test_the_local_number_is_the_mean_of_coverage_and_key_points():
    assert overall_score(0.5, 8.0, None, None) == 6.5
    assert overall_score(0.5, 0.0, 10.0, 10.0) == 2.5
    assert overall_score(0.5, None, None, None) == 5.0


def test_an_answer_that_can_be_weak_at_most_says_why():
    points = (KeyPoint("One", "text"),)
    found = Findings((PointResult("One", "met"),), estimate=0.8, weak_at_most="Because.")

    verdict = verdict_of(found, Rubric("?", key_points=points), provider="local", statement="So.")

    assert (verdict.band, verdict.overall_score, verdict.statement) == ("weak", 1.9, "Because. So.")


def test_a_denied_point_earns_nothing_and_is_named_as_denied():
    points = (KeyPoint("One", "text"), KeyPoint("Two", "words"))
    found = Findings((PointResult("One", "denied"), PointResult("Two", "missed")))

    verdict = verdict_of(found, Rubric("?", key_points=points), provider="claude")

    assert verdict.completeness_score == 0
    assert verdict.improvements[0] == "Your text says the opposite of this: One."


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
