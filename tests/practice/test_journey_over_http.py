"""A whole session through the API alone, with the real bank and the real evaluator."""

from __future__ import annotations

import pytest

from common.clock import now
from evaluation.services.running import run_evaluation
from practice.bank_files import read_bank
from practice.services.bank import load_bank

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

MAIN = "/api/v1/practice-main"


def test_from_the_bank_to_history(api, owner):
    files = next(one for one in read_bank().sets if one.kind == "design")
    load_bank(sets=[files], now=now())
    listed = api.get("/api/v1/question-mains").json()["results"][0]
    questions = api.get(f"/api/v1/question-mains/{listed['id']}").json()["questions"]
    body = {"question_main_id": listed["question_main_id"]}

    session = api.post(MAIN, body, format="json").json()
    url = f"{MAIN}/{session['practice_main_id']}"
    for question, file in zip(questions, files.questions, strict=True):
        at = f"{url}/questions/{question['question_id']}"
        assert api.get(url).json()["first_incomplete_question_id"] == question["question_id"]
        api.put(f"{at}/draft", {"answer_text": "First idea", "base_version": 0}, format="json")
        answer = file.cases["good"]
        handed_in = api.post(f"{at}/submissions", {"answer_text": answer}, format="json").json()
        evaluation_id = handed_in["evaluation"]["evaluation_id"]
        assert run_evaluation(evaluation_id=evaluation_id) == "succeeded"
        verdict = api.get(f"/api/v1/evaluations/{evaluation_id}").json()
        assert verdict["overall_score"] is not None
        quotes = [quote for point in verdict["key_points"] for quote in point["quotes"]]
        assert quotes and all(answer[q["start"] : q["end"]] == q["text"] for q in quotes)

    done = api.patch(url, {"status": "completed"}, format="json")
    assert (done.status_code, done.json()["status"]) == (200, "completed")
    review = api.get(f"{url}/review").json()
    assert review["summary"]["answered"] == len(questions)
    assert review["summary"]["average_score"] > 5
    assert review["sample_writeup"] == files.sample_writeup
    history = api.get("/api/v1/practice-history").json()["results"]
    assert [row["practice_main_id"] for row in history] == [session["practice_main_id"]]
    markdown = api.get(f"{url}/export?format=md").content.decode()
    assert all(file.cases["good"].strip() in markdown for file in files.questions)
