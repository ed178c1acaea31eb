"""Drafts: last save wins, nothing saved is ever lost (practice-sessions.md §7: 26, 27)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from practice.models import DraftRevision, DraftRevisionHistory, Practice
from practice.services.completion import complete_session
from practice.services.drafts import restore_revision, save_draft
from tests.practice.factories import NOW, make_session, question_ids
from tests.threads import run_together


@pytest.fixture
def url(session):
    return f"/api/v1/practice-main/{session.pk}/questions/{question_ids(session)[0]}/draft"


def put(client, url, text, base, **kwargs):
    return client.put(url, {"answer_text": text, "base_version": base}, format="json", **kwargs)


def revisions(client, url):
    return client.get(f"{url}/revisions").json()["results"]


def test_before_the_first_save_the_draft_is_empty(api, url):
    body = api.get(url).json()

    assert (body["answer_text"], body["version"]) == ("", 0)


def test_a_save_gives_a_version_and_can_be_read_back(api, url):
    reply = put(api, url, "  Three copies.\n", 0)

    assert reply.status_code == 200
    assert reply.json()["version"] == 1
    assert reply.json()["conflict"] is False
    assert reply.json()["saved_at"]
    assert api.get(url).json()["answer_text"] == "  Three copies.\n"


def test_two_saves_with_one_base_the_last_wins_and_says_conflict(api, url):
    put(api, url, "From tab one", 0)

    reply = put(api, url, "From tab two", 0)

    assert reply.json()["conflict"] is True
    assert reply.json()["version"] == 2
    assert reply.json()["replaced"]["answer_text"] == "From tab one"
    assert api.get(url).json()["answer_text"] == "From tab two"
    assert [(r["answer_text"], r["conflict"]) for r in revisions(api, url)] == [
        ("From tab one", True)
    ]


def test_every_replaced_text_is_a_revision_newest_first(api, url):
    for base, text in enumerate(["one", "two", "", "four"]):
        assert put(api, url, text, base).json()["conflict"] is False

    kept = revisions(api, url)

    assert [r["answer_text"] for r in kept] == ["", "two", "one"]
    assert [r["version"] for r in kept] == [3, 2, 1]
    assert not any(r["conflict"] for r in kept)
    assert set(kept[0]) >= {"revision_id", "answer_text", "version", "conflict", "saved_at"}


def test_a_base_that_a_restore_has_lost_is_no_conflict_and_numbering_goes_on_above_it(api, url):
    put(api, url, "Before the backup.", 0)

    reply = put(api, url, "What the page had saved since.", 7).json()

    assert (reply["version"], reply["conflict"]) == (8, False)
    assert reply["replaced"]["answer_text"] == "Before the backup."
    assert put(api, url, "And on.", 8).json()["version"] == 9


def test_a_base_that_was_never_given_out_is_a_conflict(api, url):
    put(api, url, "One.", 0)
    reply = put(api, url, "Two.", 2**31 - 1).json()
    assert (reply["version"], reply["conflict"]) == (2, True)


def test_equal_text_is_no_conflict_and_no_version(api, url):
    first = put(api, url, "same", 0).json()

    again = put(api, url, "same", 0).json()

    assert (again["version"], again["conflict"]) == (1, False)
    assert again["saved_at"] == first["saved_at"]
    assert revisions(api, url) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answer_text": "x"}, "base_version"),
        ({"base_version": 0}, "answer_text"),
        ({"answer_text": 5, "base_version": 0}, "answer_text"),
        ({"answer_text": None, "base_version": 0}, "answer_text"),
        ({"answer_text": ["x"], "base_version": 0}, "answer_text"),
        ({"answer_text": "x", "base_version": -1}, "base_version"),
        ({"answer_text": "x", "base_version": "old"}, "base_version"),
        ({"answer_text": "x", "base_version": None}, "base_version"),
        ({"answer_text": "x", "base_version": 2**40}, "base_version"),
        ({"answer_text": "x" * 50_001, "base_version": 0}, "answer_text"),
        ({"answer_text": "nul \x00", "base_version": 0}, "answer_text"),
        ({"answer_text": "x", "base_version": 0, "active_seconds": -5}, "active_seconds"),
    ],
)
def test_a_bad_save_is_400_and_changes_nothing(api, url, body, field):
    put(api, url, "kept", 0)

    reply = api.put(url, body, format="json")

    assert reply.status_code == 400
    assert field in reply.json()["fields"]
    assert api.get(url).json()["answer_text"] == "kept"
    assert revisions(api, url) == []


def test_fifty_thousand_characters_fit(api, url):
    assert put(api, url, "ä" * 50_000, 0).status_code == 200


def test_strangers_and_unknown_ids_get_404(api, api_for, stranger, session, url):
    other = make_session()
    main = f"/api/v1/practice-main/{session.pk}/questions"

    assert put(api_for(stranger), url, "mine now", 0).status_code == 404
    assert api_for(stranger).get(f"{url}/revisions").status_code == 404
    assert api.get(f"{main}/{question_ids(other)[0]}/draft").status_code == 404
    assert api.get(f"{main}/99999999999999999999999/draft").status_code == 404
    assert api.get(f"{main}/abc/draft").status_code == 404
    assert api.get("/api/v1/practice-main/0/questions/1/draft").status_code == 404
    assert not Practice.objects.filter(version__gt=0).exists()


def test_a_repeated_key_does_not_save_twice(api, url):
    key = {"headers": {"Idempotency-Key": "save-1"}}
    put(api, url, "one", 0, **key)
    put(api, url, "two", 1)

    again = put(api, url, "one", 0, **key)

    assert again["Idempotency-Replayed"] == "true"
    assert again.json()["version"] == 1
    assert api.get(url).json()["answer_text"] == "two"


def test_a_draft_that_arrives_late_is_409_and_its_text_is_kept(api, owner, session, url):
    put(api, url, "in time", 0)
    complete_session(user=owner, session_id=session.pk, now=NOW)

    replies = [put(api, url, "too late", 1) for _ in range(2)]

    assert {reply.status_code for reply in replies} == {409}
    assert replies[0].json()["code"] == "session_completed"
    assert api.get(url).json()["answer_text"] == "in time"
    assert [(r["answer_text"], r["late"]) for r in revisions(api, url)] == [("too late", True)]
    assert DraftRevisionHistory.objects.count() == 1


def test_a_restored_revision_becomes_the_draft_and_nothing_is_lost(owner, session):
    question_id = question_ids(session)[0]
    where = {"user": owner, "session_id": session.pk, "question_id": question_id}
    save_draft(**where, answer_text="first", base_version=0, now=NOW)
    save_draft(**where, answer_text="second", base_version=1, now=NOW)
    old = DraftRevision.objects.get()

    restore_revision(**where, revision_id=old.pk, now=NOW)

    practice = Practice.objects.get(question_id=question_id)
    assert (practice.answer_text, practice.version) == ("first", 3)
    assert set(practice.revisions.values_list("answer_text", flat=True)) == {"first", "second"}


def test_active_time_grows_at_most_by_the_wall_time(owner, session):
    first, second, _ = question_ids(session)
    where = {"user": owner, "session_id": session.pk, "base_version": 0}

    save_draft(
        **where,
        question_id=first,
        answer_text="a",
        active_seconds=900,
        now=NOW + timedelta(seconds=60),
    )
    save_draft(
        **where,
        question_id=second,
        answer_text="b",
        active_seconds=10,
        now=NOW + timedelta(seconds=90),
    )
    save_draft(**where, question_id=second, answer_text="c", now=NOW + timedelta(seconds=110))
    save_draft(**where, question_id=second, answer_text="d", now=NOW + timedelta(hours=5))

    seconds = dict(session.practices.values_list("question_id", "active_seconds"))
    assert (seconds[first], seconds[second]) == (60, 30)


def test_parts_of_a_second_between_autosaves_add_up(owner, session):
    where = {"user": owner, "session_id": session.pk, "question_id": question_ids(session)[0]}

    for n in range(1, 41):
        save_draft(
            **where,
            answer_text=f"text {n}",
            base_version=n - 1,
            now=NOW + timedelta(seconds=1.5 * n),
        )

    assert session.practices.get(order=1).active_seconds == 60


def test_one_save_is_a_handful_of_statements(api, url, django_assert_max_num_queries):
    put(api, url, "one", 0)

    with django_assert_max_num_queries(11):
        put(api, url, "two", 1)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_parallel_saves_lose_no_text(api_for, owner):
    session = make_session(owner)
    url = f"/api/v1/practice-main/{session.pk}/questions/{question_ids(session)[0]}/draft"
    clients = [api_for(owner) for _ in range(12)]

    replies = run_together(
        [lambda c=c, n=n: put(c, url, f"text {n}", 0) for n, c in enumerate(clients)]
    )

    assert {reply.status_code for reply in replies} == {200}
    assert sorted(reply.json()["version"] for reply in replies) == list(range(1, 13))
    assert sum(reply.json()["conflict"] for reply in replies) == 11
    kept = {r["answer_text"] for r in revisions(clients[0], url)}
    assert kept | {clients[0].get(url).json()["answer_text"]} == {f"text {n}" for n in range(12)}
