"""What the measurements make of their rounds: no time is looked at here."""

from __future__ import annotations

import os

import pytest

from bench.cpu import cpu_seconds
from bench.load import Load, Request, press, write_requests
from bench.rounds import Figure, Measured, RunVoid, interleave, rate, ratios


def figure(*values: float, target: float, at_least: bool = True) -> Figure:
    return Figure("path", "peer", "×", values, target, at_least)


@pytest.mark.parametrize(
    ("median", "at_least", "met", "half"),
    [
        (15.0, True, True, True),
        (14.9, True, False, True),
        (7.4, True, False, False),
        (0.05, False, True, True),
        (0.06, False, False, True),
        (0.11, False, False, False),
    ],
)
def test_a_figure_is_met_by_its_median_and_gated_at_half(median, at_least, met, half):
    target = 15 if at_least else 0.05
    one = figure(median / 2, median, median * 2, target=target, at_least=at_least)

    assert (one.is_met, one.is_half_met) == (met, half)
    assert f"{'≥' if at_least else '≤'} {target}" in one.line()


def test_none_is_what_zero_allows():
    assert figure(0.0, target=0, at_least=False).is_met
    assert not figure(1.0, target=0, at_least=False).is_half_met


def test_without_a_target_a_figure_only_tells():
    one = Figure("path", "peer", "×", (9.0,), note="by the way")

    assert one.is_met and one.is_half_met
    assert one.line() == "| path | peer | × | 9 (9–9) | – | by the way |"


def test_sides_take_turns_and_are_compared_round_by_round(capsys):
    order = []

    def side(name, requests):
        return lambda: order.append(name) or Measured(requests, 2.0)

    found = interleave({"ours": side("ours", 600), "theirs": side("theirs", 200)}, rounds=3)

    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert ratios(found["ours"], found["theirs"], rate) == (3.0, 3.0, 3.0)


def test_cpu_of_a_process_and_its_children_only_grows():
    before = cpu_seconds([os.getpid()])
    os.waitpid(os.spawnlp(os.P_NOWAIT, "true", "true"), 0)
    sum(n * n for n in range(1_000_000))
    assert cpu_seconds([os.getpid()]) >= before > 0


def test_requests_are_one_line_each(tmp_path):
    headers = (("Authorization", "Bearer x"), ("Accept", "text/html"))
    file = write_requests([Request("PUT", "/a", headers, '{"a": 1}'), Request("GET", "/b")])
    lines = file.read_text().splitlines()
    file.unlink()

    assert lines[0].split("\t")[:2] == ["PUT", "/a"]
    assert lines[0].split("\t")[2].split("\x1f") == ["Authorization: Bearer x", "Accept: text/html"]
    assert lines[1] == "GET\t/b\t\t"


def test_without_wrk_the_run_is_void_and_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RunVoid, match="apt-get install wrk"):
        press(Load("http://127.0.0.1:1", "replay.lua", tmp_path, 1), seconds=1, servers=[])
