"""The questions that ship: complete, and each reference solution passes its own cases."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

from judge.generating import generate
from sessions_app.assessments.models import Assessment, CodingQuestion
from sessions_app.assessments.rules import LANGUAGE_NAMES
from sessions_app.assessments.services.coding_bank import (
    bank_files,
    faults_of,
    load_coding_bank,
    read_question,
)

FILES = bank_files()


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def question(request):
    return read_question(request.param)


def _run(code: str, text: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], input=text, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _texts(case: dict) -> tuple[str, str]:
    if "generate" not in case:
        return case["input"], case["output"].strip()
    given, expected = generate(case["generate"], case.get("args", []))
    return given, expected.strip()


def test_the_reference_solution_passes_every_case(question):
    for case in [*question["sample_test_cases"], *question["test_cases"]]:
        given, expected = _texts(case)
        assert _run(question["solution"], given) == expected, case


def test_each_has_ten_hidden_cases_large_ones_among_them_and_slow_and_fast_solutions(question):
    cases = question["test_cases"]
    assert len(cases) >= 10 and question["solution_cpp"] and question["naive"]
    sizes = [len(_texts(case)[0].encode()) for case in cases]
    assert max(sizes) <= 256 * 1024 and sum(sizes) <= 2 * 1024 * 1024
    assert sum("generate" in case for case in cases) >= 4
    for case in cases:
        if "generate" not in case:
            assert _run(question["naive"], case["input"]) == case["output"].strip(), case


def test_the_boiler_plate_runs_and_does_not_solve_it(question):
    assert set(question["boiler_plate"]) == set(LANGUAGE_NAMES)
    cases = [*question["sample_test_cases"], *question["test_cases"]]
    plate = question["boiler_plate"]["python"]
    assert any(_run(plate, given) != wanted for given, wanted in map(_texts, cases))


def test_there_are_three_of_each_difficulty():
    counted = Counter(read_question(path)["difficulty"] for path in FILES)
    assert all(counted[name] >= 3 for name in ("easy", "medium", "hard"))


def test_loading_twice_changes_nothing_and_what_staff_changed_stays(db, capsys):
    call_command("load_coding_bank")
    CodingQuestion.objects.filter(slug="build-farm").update(title="Something else")
    call_command("load_coding_bank", "--demo")

    assert "0 created, 0 updated, 8 same, 1 kept" in capsys.readouterr().out
    assert CodingQuestion.objects.get(slug="build-farm").title == "Something else"
    assert CodingQuestion.objects.count() == len(FILES)
    assert Assessment.objects.get().sections.count() == 3

    call_command("load_coding_bank", "--take", "theirs")
    assert "0 created, 1 updated, 8 same, 0 kept" in capsys.readouterr().out
    call_command("load_coding_bank")
    assert "9 same" in capsys.readouterr().out


@pytest.fixture
def folder(tmp_path):
    """A question of its own, loaded from a folder of its own."""
    content = {**read_question(FILES[0]), "slug": "mine", "title": "First", "cpu_seconds": 2}
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(content))
    load_coding_bank(folder=tmp_path)
    return tmp_path


def change_file(folder, **changes):
    content = {**yaml.safe_load((folder / "mine.yaml").read_text()), **changes}
    (folder / "mine.yaml").write_text(yaml.safe_dump(content))


def test_a_file_that_changed_is_taken_while_nobody_changed_the_row(db, folder):
    assert load_coding_bank(folder=folder).same == 1
    change_file(folder, title="Second")

    assert load_coding_bank(folder=folder).updated == 1
    assert CodingQuestion.objects.get().title == "Second"


@pytest.mark.parametrize(("take", "title"), [("ours", "Here"), ("theirs", "Second")])
def test_both_changed_is_a_conflict_with_a_diff_until_it_is_settled(
    db, folder, capsys, take, title
):
    CodingQuestion.objects.update(title="Here")
    change_file(folder, title="Second")

    call_command("load_coding_bank", f"--folder={folder}")
    told = capsys.readouterr().err
    assert "conflict mine: changed here and in the file" in told
    assert "-title: Here\n+title: Second" in told and "--take ours" in told
    assert CodingQuestion.objects.get().title == "Here"

    for options in (["--take", take], []):
        call_command("load_coding_bank", f"--folder={folder}", *options)
        assert capsys.readouterr().err == ""
        assert CodingQuestion.objects.get().title == title


def test_a_question_that_staff_wrote_is_not_taken_for_one_of_the_folder(db, folder):
    CodingQuestion.objects.update(source="", loaded_hash="", title="Written here")

    (conflict,) = load_coding_bank(folder=folder).conflicts
    assert (conflict.what, conflict.why) == ("mine", "it was written here")
    assert CodingQuestion.objects.get().title == "Written here"


def test_a_faulty_question_stops_the_load_and_says_why(db, tmp_path):
    (tmp_path / "bad.yaml").write_text("slug: bad\ntitle: Bad\ndifficulty: extreme\n")
    with pytest.raises(CommandError, match=r"bad\.yaml: .*difficulty must be one of"):
        call_command("load_coding_bank", f"--folder={tmp_path}")
    assert CodingQuestion.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"test_cases": [{"generate": "nobody"}]}, "case 1 names no function"),
        ({"test_cases": [{"generate": "chain", "args": 7}]}, "case 1 needs its args"),
        ({"test_cases": [{"input": "x", "output": "y", "weight": -1}]}, "case 1 must weigh"),
        ({"test_cases": [{"input": "x", "output": "y", "weight": 0}]}, "must weigh something"),
        ({"test_cases": [{"input": "x" * 262_145, "output": ""}]}, "over 256 KiB"),
        ({"sample_test_cases": [{"generate": "chain"}]}, "case 1 needs input"),
        ({"cpu_seconds": 0}, "cpu_seconds must be a number from 0.1 to 20"),
        ({"memory_mib": True}, "memory_mib must be"),
        ({"checker": "guess"}, "checker must be one of"),
        ({"factors": {"ruby": 2}}, "factors must map"),
        ({"languages": ["ruby"]}, "languages must be"),
        ({"reserved": "yes"}, "reserved must be"),
        ({"naive": 5}, "must be text"),
    ],
)
def test_faults_of_cases_and_limits_are_said(change, sentence):
    whole = read_question(FILES[0])
    assert faults_of(whole) == []
    assert sentence in "; ".join(faults_of({**whole, **change}))


def test_the_demo_link_opens_a_test(db, client, settings, capsys):
    settings.DEBUG = True
    call_command("seed_demo_test")
    link = capsys.readouterr().out.split(": ", 1)[1].strip()

    reply = client.get(link[link.index("/t/") :])
    assert (reply.status_code, reply["Location"]) == (302, "/test")
