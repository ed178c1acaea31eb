"""The interviewer asks back: one question at a time, every word kept, the whole judged once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import DailyUsage
from common import clock
from evaluation.models import Evaluation
from evaluation.services.requests import cancel_evaluation, retry_evaluation
from sessions_app.interviews import rules
from sessions_app.interviews.models import Attempt, FollowUp, PracticeSession
from sessions_app.interviews.selectors.summary import summary_of
from sessions_app.interviews.services import end_session
from tests.interviews.factories import ANSWER, QuestionFactory, text_of
from tests.interviews.test_scores_and_numbers import finish, succeed

pytestmark = pytest.mark.django_db

FIRST, SECOND = "Why the hurried traveller?", "What would make you stop?"
REPLY = "Because missing a flight costs that person far more than a slow coffee does."


@pytest.fixture
def question(db):
    return QuestionFactory(follow_ups=[FIRST, SECOND])


@pytest.fixture
def path(api, answered):
    """An attempt of a session in which the interviewer asks back."""
    session = api.post("/api/sessions", {"asks_back": True}).json()
    attempt = api.post(f"/api/sessions/{session['id']}/attempts", answered).json()
    return f"/api/sessions/{session['id']}/attempts/{attempt['id']}"


def asked(api, path):
    return [one["question"] for one in api.get(f"{path}/follow-ups").json()["follow_ups"]]


def reply(api, path, number, text=REPLY):
    return api.post(f"{path}/follow-ups/{number}/answer", {"answer_text": text})


@pytest.mark.parametrize(
    ("mode", "wanted", "asks"),
    [
        ("standard", False, False),
        ("standard", True, True),
        ("timed", True, True),
        ("mock", False, True),
        ("rapid_fire", True, False),
    ],
)
def test_by_choice_always_in_a_mock_and_never_in_rapid_fire(api, question, mode, wanted, asks):
    body = {"mode": mode, "asks_back": wanted, "timer_minutes": 10}
    api.post("/api/sessions", body)
    assert PracticeSession.objects.get().asks_back is asks


def test_one_question_at_a_time_and_then_the_whole_is_judged_free(api, path, owner):
    assert asked(api, path) == [FIRST]
    first = Evaluation.objects.get()
    taken = DailyUsage.objects.get(user=owner, kind="evaluation").taken

    assert [one["question"] for one in reply(api, path, 1).json()["follow_ups"]] == [FIRST, SECOND]
    ended = reply(api, path, 2, "Fewer than half of the orders ready in time.").json()

    assert ended["ended_at"] and len(ended["follow_ups"]) == 2
    whole = Evaluation.objects.get(pk=ended["whole_evaluation_id"])
    assert whole.answer == f"{ANSWER}\n\n{REPLY}\n\nFewer than half of the orders ready in time."
    assert whole.input["asked_back"] == [FIRST, SECOND] and FIRST not in whole.answer
    assert DailyUsage.objects.get(user=owner, kind="evaluation").taken == taken

    succeed(first, 4.0)
    assert api.get(path).json()["overall_score"] == 4.0
    succeed(whole, 7.0)
    shown = api.get(path).json()
    assert shown["overall_score"] == 7.0 and shown["evaluation"]["evaluation_id"] == whole.pk
    attempt = Attempt.objects.get()
    assert attempt.first_evaluation_id == first.pk and attempt.session.avg_score == 7.0
    assert api.get(f"{path}/follow-ups").json()["whole_evaluation_id"] is None


def test_a_whole_that_gets_no_score_leaves_the_first(api, path):
    first = Evaluation.objects.get()
    succeed(first, 4.0)
    reply(api, path, 1)
    ended = api.post(f"{path}/follow-ups/end").json()
    whole = Evaluation.objects.get(pk=ended["whole_evaluation_id"])
    finish(whole, status="withheld", withheld_reason="mostly_off_topic", statement="Off.")
    attempt = Attempt.objects.get()
    assert attempt.overall_score == 4.0 and attempt.evaluation_id == first.pk
    assert attempt.session.avg_score == 4.0


def test_a_first_verdict_that_comes_after_the_whole_one_does_not_replace_it(api, path):
    first = Evaluation.objects.get()
    reply(api, path, 1)
    ended = api.post(f"{path}/follow-ups/end").json()
    succeed(Evaluation.objects.get(pk=ended["whole_evaluation_id"]), 7.0)
    succeed(first, 4.0)
    assert Attempt.objects.get().overall_score == 7.0


def taken_by(owner):
    return DailyUsage.objects.get(user=owner, kind="evaluation").taken


def cancel(evaluation):
    return cancel_evaluation(evaluation=evaluation, now=clock.now())


def the_whole(api, path):
    reply(api, path, 1)
    pk = api.post(f"{path}/follow-ups/end").json()["whole_evaluation_id"]
    return Evaluation.objects.filter(pk=pk).first()


def test_a_dialogue_is_charged_once_whatever_is_cancelled(api, path, owner):
    """Cancelled before or after: the whole is free beside a verdict that was paid, never alone."""
    first, before = Evaluation.objects.get(), taken_by(owner)
    cancel(first)
    assert taken_by(owner) == before - 1
    whole = the_whole(api, path)
    assert taken_by(owner) == before

    retry_evaluation(evaluation=first, now=clock.now())
    cancel(first)  # the whole is on its way: nothing is given back for the first
    assert taken_by(owner) == before
    cancel(whole)  # neither has come
    assert taken_by(owner) == before - 1
    retry_evaluation(evaluation=whole, now=clock.now())
    assert taken_by(owner) == before
    succeed(whole, 7.0)
    assert taken_by(owner) == before


def test_cancelling_the_whole_gives_nothing_back_for_a_first_that_came(api, path, owner):
    first, before = Evaluation.objects.get(), taken_by(owner)
    succeed(first, 4.0)
    cancel(the_whole(api, path))
    assert taken_by(owner) == before


def test_without_feedback_left_a_cancelled_first_verdict_has_no_free_whole(
    api, path, owner, settings
):
    first = Evaluation.objects.get()
    cancel(first)
    free = {**settings.DAILY_LIMITS["free"], "evaluation": 0}
    settings.DAILY_LIMITS = {**settings.DAILY_LIMITS, "free": free}
    assert the_whole(api, path) is None
    attempt = Attempt.objects.get()
    assert attempt.dialogue_ended_at and attempt.follow_ups.get(number=1).answer_text == REPLY
    assert Evaluation.objects.get() == first


def test_no_reply_no_second_verdict(api, path):
    ended = api.post(f"{path}/follow-ups/end").json()
    assert ended["ended_at"] and ended["whole_evaluation_id"] is None
    assert api.post(f"{path}/follow-ups/end").json() == ended
    assert Evaluation.objects.count() == 1


def test_three_at_most_the_model_s_own_before_the_bank_s():
    ask = {"of_model": ["m1", "m2"], "of_bank": ["b1", "b2"]}
    said: list[str] = []
    while (question := rules.next_follow_up(asked=said, **ask)) is not None:
        said.append(question)
    assert said == ["m1", "m2", "b1"]
    assert rules.next_follow_up(asked=["b1", "m1"], **ask) == "m2"


def test_what_the_model_asks_of_missed_points_comes_once_its_verdict_is_there(api, path):
    Evaluation.objects.update(follow_ups=["Which metric would tell you?"])
    reply(api, path, 1)
    assert asked(api, path) == [FIRST, "Which metric would tell you?"]


def test_drafts_of_a_reply_are_versioned_and_a_conflict_keeps_both(api, path):
    draft = f"{path}/follow-ups/1/draft"
    assert api.get(draft).json() == {"answer_text": "", "version": 0, "saved_at": None}
    api.put(draft, {"answer_text": "mine", "base_version": 0})
    other = api.put(draft, {"answer_text": "theirs", "base_version": 0}).json()
    assert (other["version"], other["conflict"]) == (2, True)
    kept = api.get(f"{draft}/revisions").json()["results"]
    assert [one["answer_text"] for one in kept] == ["mine"]
    beat = path.split("/attempts")[0] + "/beat"
    attempt_id = int(path.rsplit("/", 1)[1])
    told = api.post(beat, {"attempt_id": attempt_id, "follow_up": 1}).json()
    assert told["draft_version"] == 2
    assert api.post(beat, {"attempt_id": 2**62, "follow_up": 1}).json()["draft_version"] == 0


@pytest.mark.parametrize("over", ["answered", "ended", "session"])
def test_words_that_come_too_late_are_refused_and_kept(api, path, over):
    draft = f"{path}/follow-ups/1/draft"
    api.put(draft, {"answer_text": "first words", "base_version": 0})
    if over == "answered":
        reply(api, path, 1)
    elif over == "ended":
        api.post(f"{path}/follow-ups/end")
    else:
        api.post(f"{path.split('/attempts')[0]}/end")
    refused = api.put(draft, {"answer_text": "last words", "base_version": 1})
    assert refused.status_code == 409
    kept = api.get(f"{draft}/revisions").json()["results"]
    assert ("last words", True) in [(one["answer_text"], one["late"]) for one in kept]
    # What is stored already may come again, as a page's last save does.
    stored = api.get(draft).json()["answer_text"]
    assert api.put(draft, {"answer_text": stored, "base_version": 1}).status_code == 200
    if over != "answered":
        assert reply(api, path, 1, stored).status_code == 409
        assert FollowUp.objects.get().answered_at is None


def test_a_second_submission_of_the_same_reply_asks_nothing_twice(api, path):
    first, second = reply(api, path, 1).json(), reply(api, path, 1).json()
    assert first == second and FollowUp.objects.count() == 2


def test_the_end_of_the_session_ends_the_dialogue_and_judges_what_was_replied(api, path, owner):
    reply(api, path, 1)
    api.put(f"{path}/follow-ups/2/draft", {"answer_text": "Half a thought", "base_version": 0})
    session = PracticeSession.objects.get()
    end_session(user=owner, session_id=session.pk, now=clock.now())
    attempt = Attempt.objects.get()
    assert attempt.whole_evaluation.answer == f"{ANSWER}\n\n{REPLY}"
    unsent = summary_of(PracticeSession.objects.get()).unsent
    assert [(one.title, one.text) for one in unsent] == [(SECOND, "Half a thought")]


def test_nothing_is_asked_after_the_deadline_nor_about_an_answer_without_feedback(
    api, answered, settings
):
    session = api.post("/api/sessions", {"asks_back": True, "timer_minutes": 5}).json()
    PracticeSession.objects.update(deadline=clock.now() - timedelta(minutes=1))
    attempts = f"/api/sessions/{session['id']}/attempts"
    api.post(attempts, answered)
    PracticeSession.objects.update(deadline=clock.now() + timedelta(minutes=1))
    free = settings.DAILY_LIMITS["free"] | {"evaluation": 0}
    settings.DAILY_LIMITS = settings.DAILY_LIMITS | {"free": free}
    assert api.post(attempts, answered).json()["unscored"] == "limit"
    assert not FollowUp.objects.exists()


def test_in_a_mock_the_whole_is_as_secret_as_the_answer(api, answered, client, owner):
    session = api.post("/api/sessions", {"mode": "mock"}).json()
    attempt = api.post(f"/api/sessions/{session['id']}/attempts", answered).json()
    path = f"/api/sessions/{session['id']}/attempts/{attempt['id']}"
    reply(api, path, 1)
    ended = api.post(f"{path}/follow-ups/end").json()
    succeed(Evaluation.objects.get(pk=ended["whole_evaluation_id"]), 7.0)
    first = Attempt.objects.get().first_evaluation_id
    for pk in (ended["whole_evaluation_id"], first):
        assert api.get(f"/api/v1/evaluations/{pk}").json()["overall_score"] is None


def test_pages_lead_from_question_to_question_to_rating_and_dialogue(learner, question):
    start = {"category": "product_design", "mode": "standard", "asks_back": "on"}
    room = learner.post("/interviews", start)["Location"]
    page = learner.post(f"{room}/questions/{question.pk}/answer", {"answer_text": ANSWER})
    answer = page["Location"]
    follow_up = learner.get(answer)["Location"]
    assert follow_up == f"{answer}/follow-up" == learner.get(room)["Location"]
    assert FIRST in text_of(learner.get(follow_up))
    blank = learner.post(f"{follow_up}/1", {"answer_text": "  "})
    assert blank.status_code == 400 and "Write an answer first" in text_of(blank)
    assert learner.post(f"{follow_up}/1", {"answer_text": REPLY})["Location"] == follow_up
    second = text_of(learner.get(follow_up))
    assert SECOND in second and REPLY in second
    assert learner.post(f"{follow_up}/end")["Location"] == answer
    assert learner.get(follow_up)["Location"] == answer
    assert "How well did that go?" in text_of(learner.get(answer))
    shown = text_of(learner.get(f"{answer}?unrated"))
    assert "Scoring the whole dialogue" in shown and "The dialogue" in shown and FIRST in shown
    whole = Attempt.objects.get().whole_evaluation
    succeed(whole, 7.0)
    polled = learner.get(f"{answer}?whole", headers={"HX-Request": "true"})
    assert polled["HX-Refresh"] == "true"
    assert "together with your replies" in text_of(learner.get(f"{answer}?unrated"))


def test_rapid_fire_goes_on_at_once_and_rates_at_the_end(learner, question):
    room = learner.post("/interviews", {"mode": "rapid_fire"})["Location"]
    answered = learner.post(f"{room}/questions/{question.pk}/answer", {"answer_text": ANSWER})
    assert answered["Location"] == room
    attempt = Attempt.objects.get()
    waiting = text_of(learner.get(f"{room}/answers/{attempt.pk}"))
    assert "How well did that go?" not in waiting and "come at the end" in waiting
    ratings = learner.post(f"{room}/end")["Location"]
    assert ratings == f"{room}/ratings" and "How well did that go?" in text_of(learner.get(ratings))
    assert f'href="{ratings}"' in text_of(learner.get(f"{room}/summary"))
    learner.post(ratings, {f"rating-{attempt.pk}": "4", "rating-999": "5"})
    attempt.refresh_from_db()
    assert attempt.self_rating == 4
    assert f'href="{ratings}"' not in text_of(learner.get(f"{room}/summary"))
