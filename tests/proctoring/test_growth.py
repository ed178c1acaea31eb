"""How an answer grew is kept with each save, bounded, and no answer depends on it."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from common import clock
from sessions_app.proctoring import growth
from sessions_app.proctoring.growth import LastTexts, change_of
from sessions_app.proctoring.models import AnswerStep, ProctoredSession, SessionEvent
from sessions_app.proctoring.selectors.growth import growths_of, steps_of
from tests.proctoring.coding import make_sitting
from tests.proctoring.roads import client_of, hot_only, leave_to_django, on_both_roads

PLATE = "# write here\n"
TYPED = ["a = 1\n", "a = 12\n", "a = 12\nb = 'é😀'\n", "a = 12\n", "", "x" * 3000]


@pytest.fixture(autouse=True)
def session(candidate, echo):
    return make_sitting(echo, candidate=candidate)


@pytest.fixture
def key(echo):
    return str(echo.pk)


@pytest.fixture
def save(api, url):
    numbers = iter(range(1, 10_000))

    def put(answers, tab="a"):
        body = {"pending_answers": answers, "tab_id": tab, "sequence": next(numbers)}
        reply = api.put(url("progress"), body)
        assert reply.status_code == 200, reply.content
        return reply.json()

    return put


def code(text, language="python"):
    return {"code": text, "language": language}


def grown(session, key, plates=None):
    return growths_of(session, [key], plates={key: plates or {}})[key]


def texts_of(session, key):
    texts, text = [], ""
    for step in grown(session, key).steps:
        text = step.change.applied_to(text)
        texts.append(text)
    return texts


@pytest.mark.parametrize("step", [1, 64])
def test_a_change_is_the_shortest_and_makes_the_new_text_of_the_old(step, monkeypatch):
    monkeypatch.setattr(growth, "STEP", step)
    rolls = random.Random(16)
    for _ in range(5000):
        old, new = ("".join(rolls.choices("ab", k=rolls.randrange(14))) for _ in "12")
        change = change_of(old, new, base=1, near=rolls.randrange(15))
        assert change.applied_to(old) == new
        if change.removed and change.inserted:
            gone = old[change.start : change.start + change.removed]
            assert gone[0] != change.inserted[0] and gone[-1] != change.inserted[-1]


@on_both_roads
def test_every_save_is_a_step_and_the_steps_come_to_the_answer(save, session, key):
    for text in TYPED:
        answers = save({key: code(text), "other": "o" + text})["pending_answers"]
    assert texts_of(session, key) == TYPED
    assert grown(session, key).text == answers[key]["code"]
    assert texts_of(session, "other") == ["o" + text for text in TYPED]
    session.refresh_from_db()
    sizes = sum(
        len(changes.encode()) for changes in session.steps.values_list("changes", flat=True)
    )
    assert session.step_bytes == sizes < 2 * 3000 + 1500, "changes, not whole texts"


@on_both_roads
def test_above_the_limits_saves_go_on_without_steps(save, api, session, key, settings):
    for limits, kept in (({"answer_steps": 2}, 2), ({"answer_step_bytes": 150}, 2)):
        AnswerStep.objects.all().delete()
        ProctoredSession.objects.update(step_bytes=0, answers_version=0)
        settings.LIMITS = {**settings.LIMITS, "answer_steps": 100, **limits}
        if hasattr(api, "hot"):
            api.hot.close()  # its statement holds the limits of when it connected
        for text in TYPED:
            assert (
                save({key: code(text + "." * 80)})["pending_answers"][key]["code"]
                == text + "." * 80
            )
        assert 0 < session.steps.count() <= kept, limits
    session.refresh_from_db()
    assert session.step_bytes == 151


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the hot path needs PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_processes_that_saw_different_saves_and_a_second_tab_keep_one_history(
    hot, candidate, session, key
):
    from sessions_app.proctoring.hot.wsgi import HotPath
    from tests.assessments.clients import bearer
    from tests.assessments.factories import token_for

    other = HotPath(leave_to_django)
    token, rolls, text = token_for(candidate), random.Random(3), PLATE
    roads = [client_of(hot, token), client_of(other, token), bearer(token)]
    said = []
    for sequence in range(1, 61):
        at = rolls.randrange(len(text) + 1)
        text = text[:at] + rolls.choice(["xyz", "é😀", "\n", ""]) + text[at + rolls.randrange(3) :]
        tab = rolls.choice(["a", "a", "a", "b"])
        body = {"pending_answers": {key: code(text)}, "tab_id": tab, "sequence": sequence}
        path = f"/api/test-session/{candidate.pk}/progress"
        assert rolls.choice(roads).put(path, body).status_code == 200
        said.append(text)
    other.close()
    assert texts_of(session, key) == said


@hot_only[0]
@hot_only[1]
def test_answers_are_saved_though_steps_cannot_be(hot, candidate, session, key):
    """The shared statement fails; what is left to Django is its own affair, and the row of the
    session is as it was before."""
    from tests.assessments.factories import token_for

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE test_session_answer_step ADD CONSTRAINT broken CHECK (at < '2000-01-01') NOT VALID")  # fmt: skip
    try:
        body = {"pending_answers": {key: code("kept")}, "tab_id": "a", "sequence": 1}
        path = f"/api/test-session/{candidate.pk}/progress"
        assert client_of(hot, token_for(candidate)).put(path, body).status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE test_session_answer_step DROP CONSTRAINT broken")
    session.refresh_from_db()
    assert session.pending_answers[key]["code"] == "kept"
    assert not session.steps.exists()


def test_a_step_whose_base_is_gone_is_left_out_and_no_other(save, session, key):
    for text in TYPED:
        save({key: code(text)})
    session.steps.filter(version=2).delete()
    assert texts_of(session, key) == TYPED[:1]
    save({key: code("later"), "new": "1"})
    session.steps.all().delete()
    save({key: code("anew")})
    assert texts_of(session, key) == ["anew"], "without a base the whole text is written"


def test_a_process_keeps_a_bounded_amount_of_text(monkeypatch, candidate):
    monkeypatch.setattr(growth, "MOST_KEPT_CHARACTERS", 1000)
    kept = LastTexts()
    for number in range(50):
        answers = {f"k{number}": "x" * 100}
        changes = kept.changes(candidate.pk, answers)
        kept.keep(candidate.pk, answers, version=number, changes=changes)
    assert kept._size <= 1000 and len(kept._texts) == 10
    assert kept.changes(candidate.pk, {"k49": "x" * 100})["k49"].base == 49
    assert kept.changes(candidate.pk, {"k0": "x"})["k0"].base is None


def reported(session, characters, at):
    detail = {"characters": characters, "question": 1}
    SessionEvent.objects.create(
        session=session, kind="integrity", type="paste", who="candidate", detail=detail, at=at
    )


def test_what_was_pasted_is_marked_where_it_still_stands(save, session, key):
    save({key: code(PLATE + "a = 1\n")})
    pasted = "def solve(x):\n    return x\n"
    reported(session, len(pasted), clock.now())
    save({key: code(PLATE + pasted + "a = 1\n")})
    save({key: code(PLATE + pasted.replace("return x", "return 2 * x") + "a = 1\n")})
    reported(session, 500, clock.now())  # nothing so large was saved
    reported(session, 3, clock.now())  # a word that was moved

    found = grown(session, key, {"python": PLATE})
    marked = "".join(part for part, was_pasted in found.spans if was_pasted)
    assert marked == pasted, "what was typed into it is not"
    assert "".join(part for part, _ in found.spans) == found.text


def test_a_paste_long_before_or_after_marks_nothing(save, session, key):
    reported(session, 30, clock.now() - timedelta(minutes=6))
    reported(session, 30, clock.now() + timedelta(minutes=1))
    save({key: code("x" * 40)})
    assert [was_pasted for _, was_pasted in grown(session, key).spans] == [False]


def test_staff_read_steps_with_places_as_browsers_count(save, session, key, client, staff):
    for text in ("😀", "😀b", "😀ab"):
        save({key: code(text)})
    client.force_login(staff)
    url = reverse("admin:proctoring_playback", args=[session.pk])
    steps = client.get(url, {"key": key}).json()["steps"]
    assert steps == steps_of(session, key)["steps"]
    assert [step[1:5] for step in steps] == [
        [0, 0, PLATE, "python"], [0, 13, "😀", "python"], [2, 0, "b", "python"],
        [2, 0, "a", "python"],
    ]  # fmt: skip
    assert client.get(url, {"key": "nothing"}).json() == {"steps": []}

    page = client.get(reverse("admin:sessions_app_proctoredsession_change", args=[session.pk]))
    html = page.content.decode()
    assert f"playback?key={key}" in html and "4 saves" in html
