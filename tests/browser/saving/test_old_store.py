"""Words that a room of before 2026-11-30 had kept in its own device store reach the server."""

from __future__ import annotations

import json

import pytest

from sessions_app.proctoring.models import ProctoredSession
from tests.assessments.factories import token_for
from tests.browser.candidate import sitting
from tests.browser.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

PUT = """([key, unsent]) => new Promise((done, fail) => {
    const request = indexedDB.open("etude-room", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("unsent");
    request.onerror = () => fail(request.error);
    request.onsuccess = () => {
        const change = request.result.transaction("unsent", "readwrite");
        change.objectStore("unsent").put(unsent, key);
        change.oncomplete = () => (request.result.close(), done());
    };
})"""
LEFT = """() => new Promise((done) => {
    const request = indexedDB.open("etude-room", 1);
    request.onsuccess = () => {
        const all = request.result.transaction("unsent").objectStore("unsent").getAllKeys();
        all.onsuccess = () => (request.result.close(), done(all.result));
    };
})"""


def test_unsent_words_of_the_old_store_are_sent_and_leave_it(room, candidate, link):
    sitting.write(room, "# saved")
    sitting.expect_saved(room)
    session = ProctoredSession.objects.get()
    ((key, saved),) = session.pending_answers.items()
    unsent = {"code": saved["code"] + "\n# never sent", "language": saved["language"]}
    other = f"{candidate.pk}x"
    kept = {"answers": {key: unsent}, "sections": ["a"], "seen": {key: [json.dumps(saved)]}}
    room.evaluate(PUT, [f"{candidate.pk}/old-tab", kept])
    room.evaluate(PUT, [f"{other}/tab", {"answers": {"q": "not ours"}}])

    room.reload()
    sitting.wait_until_ready(room)

    wait_for(lambda: any("# never sent" in code for code in sitting.codes(candidate)), room)
    sitting.expect_saved(room)
    session.refresh_from_db()
    assert session.sections_completed == ["a"] and not session.revisions.exists()
    assert room.evaluate(LEFT) == [f"{other}/tab"]


@pytest.fixture
def link(candidate):
    return f"/t/{token_for(candidate)}"


@pytest.fixture
def room(page, link):
    return sitting.start(page, link)
