"""Starting, finding and resuming a session: practice-sessions.md §5.1–5.2, scenarios 1, 2, 4."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import UsageReservation
from accounts.services.usage import release_stale
from practice.models import PracticeMain
from practice.services.completion import complete_session
from practice.services.drafts import save_draft
from tests.factories import UserFactory
from tests.practice.factories import NOW, make_session, make_set, question_ids
from tests.threads import run_together

URL = "/api/v1/practice-main"


def test_a_new_session_has_the_documented_fields(api, owner):
    row = make_set()

    reply = api.post(URL, {"question_main_id": row.pk}, format="json")

    assert reply.status_code == 201
    body = reply.json()
    session = PracticeMain.objects.get()
    assert body == {
        "practice_main_id": session.pk,
        "id": session.pk,
        "user_id": owner.pk,
        "question_main_id": row.pk,
        "status": "practicing",
        "started_at": body["started_at"],
        "completed_at": None,
    }
    assert body["started_at"].endswith("Z")


def test_the_active_session_is_found_with_the_documented_fields(api, owner):
    row = make_set()
    made = api.post(URL, {"question_main_id": row.pk}, format="json").json()

    query = f"?user_id={owner.pk}&question_main_id={row.pk}&status=practicing"

    assert api.get(URL + query).status_code == 200
    assert api.get(URL + query).json() == made


def test_without_a_session_the_answer_is_the_documented_404(api, owner):
    reply = api.get(f"{URL}?user_id={owner.pk}&question_main_id={make_set().pk}")

    assert reply.status_code == 404
    assert reply.json()["error"] == "No active practice session found"
    assert reply.json()["code"] == "not_found"


def test_a_second_start_returns_the_session_that_exists(api):
    row = make_set()

    first = api.post(URL, {"question_main_id": row.pk}, format="json")
    second = api.post(URL, {"question_main_id": row.pk}, format="json")

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_two_learners_have_sessions_of_their_own(api_for, owner, stranger):
    row = make_set()
    mine = api_for(owner).post(URL, {"question_main_id": row.pk}, format="json").json()
    theirs = api_for(stranger).post(URL, {"question_main_id": row.pk}, format="json")

    assert theirs.status_code == 201
    assert theirs.json()["practice_main_id"] != mine["practice_main_id"]
    assert api_for(stranger).get(f"{URL}/{mine['practice_main_id']}").status_code == 404


def test_resuming_points_to_the_first_question_without_a_submission(api, owner):
    session = make_session(owner)
    first, second, _ = question_ids(session)
    url = f"{URL}/{session.pk}"
    api.post(
        f"{url}/questions/{first}/submissions", {"answer_text": "Three copies."}, format="json"
    )

    body = api.get(url).json()

    assert body["first_incomplete_question_id"] == second
    assert [dot["has_submission"] for dot in body["progress"]] == [True, False, False]
    names = {"question_id", "order", "title", "has_submission", "score", "draft_version"}
    assert set(body["progress"][0]) == names
    assert [dot["draft_version"] for dot in body["progress"]] == [1, 0, 0]
    assert body["board_version"] == 0
    assert [dot["order"] for dot in body["progress"]] == [1, 2, 3]


def test_asking_for_another_learner_is_403(api, stranger):
    assert api.get(f"{URL}?user_id={stranger.pk}&question_main_id=1").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?user_id={me}",
        "?question_main_id=1",
        "?user_id=x&question_main_id=1",
        "?user_id={me}&question_main_id=x",
        "?user_id={me}&question_main_id=1&status=paused",
        "?user_id={me}&question_main_id=1&status=",
        "?user_id={me}&question_main_id=99999999999999999999999",
    ],
)
def test_a_bad_query_is_400(api, owner, query):
    reply = api.get(URL + query.format(me=owner.pk))

    assert reply.status_code == 400
    assert reply.json()["fields"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question_main_id": None},
        {"question_main_id": "x"},
        {"question_main_id": True},
        {"question_main_id": [1]},
        {"question_main_id": {"id": 1}},
        {"question_main_id": 10**30},
        {"question_main_id": -1},
        {"question_main_id": 999_999},
        {"question_main_id": 1.5},
    ],
)
def test_a_bad_start_is_400_and_makes_nothing(api, body):
    reply = api.post(URL, body, format="json")

    assert reply.status_code == 400
    assert set(reply.json()["fields"]) == {"question_main_id"}
    assert not PracticeMain.objects.exists()


@pytest.mark.parametrize(
    "body", ["[]", '"text"', "3", "null", "{", "", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_a_body_that_is_no_object_is_400(api, body):
    reply = api.post(URL, body, content_type="application/json")

    assert reply.status_code == 400
    assert set(reply.json()) == {"error", "code", "fields"}


@pytest.mark.parametrize("trait", ["interview", "retired"])
def test_interview_and_retired_sets_cannot_be_started(api, trait):
    row = make_set(**{trait: True})

    assert api.post(URL, {"question_main_id": row.pk}, format="json").status_code == 400


def test_a_retired_set_can_still_be_resumed(api, owner):
    session = make_session(owner)
    session.question_main.retired_at = session.started_at
    session.question_main.save()

    reply = api.post(URL, {"question_main_id": session.question_main_id}, format="json")

    assert reply.status_code == 200


def test_without_a_token_it_is_401(anonymous_api, db):
    reply = anonymous_api.post(URL, {"question_main_id": 1}, format="json")

    assert reply.status_code == 401
    assert reply["WWW-Authenticate"].startswith("Bearer")


def test_a_repeated_key_replays_the_first_answer(api):
    body = {"question_main_id": make_set().pk}

    first = api.post(URL, body, format="json", headers={"Idempotency-Key": "k1"})
    again = api.post(URL, body, format="json", headers={"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()


def test_the_fourth_set_of_a_day_is_429_and_an_existing_one_is_not(api):
    sets = [make_set() for _ in range(4)]
    starts = [api.post(URL, {"question_main_id": row.pk}, format="json") for row in sets]

    assert [reply.status_code for reply in starts] == [201, 201, 201, 429]
    refusal = starts[-1]
    assert refusal.json()["limit"] == refusal.json()["used"] == 3
    assert refusal.json()["resets_at"]
    assert int(refusal["Retry-After"]) > 0
    assert PracticeMain.objects.count() == 3
    assert api.post(URL, {"question_main_id": sets[0].pk}, format="json").status_code == 200


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_starts_make_one_session(api_for):
    user = UserFactory()
    row = make_set()
    clients = [api_for(user) for _ in range(50)]

    replies = run_together(
        [
            lambda client=client: client.post(URL, {"question_main_id": row.pk}, format="json")
            for client in clients
        ]
    )

    assert sorted(reply.status_code for reply in replies) == [200] * 49 + [201]
    assert len({reply.json()["practice_main_id"] for reply in replies}) == 1
    assert PracticeMain.objects.count() == 1


def test_a_start_without_a_word_is_given_back_after_two_hours_and_taken_by_the_first_save(owner):
    session = make_session(owner)
    usage = UsageReservation.objects.filter(
        subject_kind="practice_main", subject_id=str(session.pk)
    )

    release_stale(now=NOW + timedelta(hours=2, minutes=1))
    assert usage.get().state == "released"
    assert PracticeMain.objects.filter(pk=session.pk).exists()

    where = {"user": owner, "session_id": session.pk, "question_id": question_ids(session)[0]}
    save_draft(**where, answer_text="", base_version=0, now=NOW + timedelta(hours=3))
    assert usage.get().state == "released"  # nothing was written
    save_draft(**where, answer_text="A word", base_version=0, now=NOW + timedelta(hours=3))
    assert usage.get().state == "reserved"
    release_stale(now=NOW + timedelta(hours=9))
    assert usage.get().state == "reserved"
    complete_session(user=owner, session_id=session.pk, now=NOW + timedelta(hours=9))
    assert usage.get().state == "used"
