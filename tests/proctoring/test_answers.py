"""Progress: merged by key, bounded, and what a save replaces is found again."""

from __future__ import annotations

import json

import pytest

from sessions_app.proctoring.models import AnswerRevision, ProctoredSession
from tests.proctoring.factories import SessionFactory
from tests.proctoring.roads import on_both_roads


@pytest.fixture(autouse=True)
def session(candidate):
    return SessionFactory(candidate=candidate)


@pytest.fixture
def save(api, url):
    def put(answers=None, **body):
        if answers is not None:
            body["pending_answers"] = answers
        return api.put(url("progress"), body)

    return put


def test_keys_merge_null_removes_and_unknown_keys_stay(save):
    save({"a": "1", "b": "2", "unheard-of": "kept"})
    reply = save({"a": None, "b": "3"})
    assert reply.json()["pending_answers"] == {"b": "3", "unheard-of": "kept"}


@on_both_roads
def test_values_replace_whole_and_do_not_merge_deep(save):
    save({"a": {"code": "x", "language": "python"}})
    assert save({"a": {"code": "y"}}).json()["pending_answers"] == {"a": {"code": "y"}}


def test_both_parts_are_optional(save):
    save({"a": "1"}, sections_completed=["s1"])
    body = save().json()
    assert (body["pending_answers"], body["sections_completed"]) == ({"a": "1"}, ["s1"])


@on_both_roads
def test_text_is_kept_as_sent(save):
    text = "  tabs\tand spaces  \r\n ünïcödé 🎼 \n"
    assert save({"a": text}).json()["pending_answers"]["a"] == text


@pytest.mark.parametrize(
    "body",
    [
        {"pending_answers": []},
        {"pending_answers": "text"},
        {"pending_answers": {"a": 5}},
        {"pending_answers": {"a": ["x"]}},
        {"pending_answers": {"a": True}},
        {"pending_answers": {"k" * 101: "x"}},
        {"pending_answers": {"a": "nul \x00"}},
        {"sections_completed": "s1"},
        {"sections_completed": [5]},
        {"sections_completed": {"s1": True}},
        {"sequence": -1},
        {"tab_id": 5},
        {"tab_id": "🙂", "sequence": 1, "pending_answers": {"a": "x"}},
        {"tab_id": "a\n", "sequence": 1, "pending_answers": {"a": "x"}},
        {"tab_id": "a" * 101, "sequence": 1, "pending_answers": {"a": "x"}},
        [],
    ],
)
@on_both_roads
def test_shapes_that_are_refused_change_nothing(api, url, body):
    reply = api.put(url("progress"), body)
    assert reply.status_code == 400
    assert reply.json()["success"] is False and reply.json()["fields"]
    session = ProctoredSession.objects.get()
    assert (session.pending_answers, session.sections_completed) == ({}, [])


@pytest.mark.parametrize("levels", [101, 253, 300, 1000])
def test_an_answer_that_could_not_be_written_out_again_is_refused_and_the_test_stays_readable(
    api, url, levels
):
    deep = '{"a":' * levels + "1" + "}" * levels
    body = f'{{"tab_id": "a", "sequence": 1, "pending_answers": {{"q": {deep}}}}}'
    reply = api.generic("PUT", url("progress"), body, content_type="application/json")

    assert reply.status_code == 400 and list(reply.json()["fields"]) == ["pending_answers"]
    assert api.get(url()).json()["session"]["pending_answers"] == {}


@on_both_roads
@pytest.mark.parametrize(("method", "verb"), [
    ("POST", "events"), ("PUT", "heartbeat"), ("PUT", "activity"), ("PUT", "complete"),
    ("PUT", "abandon"), ("POST", "abandon"),
])  # fmt: skip
def test_no_body_is_nested_deeper_whether_or_not_it_is_used(api, url, method, verb):
    """Also the beacon's, which otherwise may be unreadable, and that of activity, which has none."""
    for levels in (65, 300, 5000):
        body = '{"events": ' + "[" * levels + "]" * levels + "}"
        reply = api.generic(method, url(verb), body, content_type="application/json")
        assert reply.status_code == 400, levels
    assert ProctoredSession.objects.get().status == "active"
    fine = '{"events": ' + "[" * 63 + "]" * 63 + "}"
    if verb == "activity":
        assert api.generic("PUT", url(verb), fine, content_type="text/plain").status_code == 200
        assert api.put(url(verb)).status_code == 200


def test_a_key_of_100_characters_and_a_value_of_64_kib_fit(save):
    assert save({"k" * 100: "x" * (64 * 1024 - 2)}).status_code == 200


def test_a_value_over_64_kib_is_413_and_nothing_is_merged(save):
    reply = save({"small": "x", "large": "ü" * 33_000})

    assert (reply.status_code, reply.json()["code"]) == (413, "answers_too_large")
    assert "large" in reply.json()["fields"]
    assert ProctoredSession.objects.get().pending_answers == {}


@on_both_roads
def test_all_answers_together_hold_256_kib_counted_after_the_merge(save):
    for number in range(4):
        assert save({f"q{number}": "x" * 65_000}).status_code == 200
    over = save({"q4": "x" * 3_000, "q0": "short?" * 10_000})
    assert over.status_code == 200
    reply = save({"q5": "x" * 60_000})
    assert reply.status_code == 413
    assert "q5" not in ProctoredSession.objects.get().pending_answers
    assert save({"q5": "x" * 60_000, "q0": None}).status_code == 200


@on_both_roads
def test_a_test_holds_500_answers_and_what_is_there_is_written_on(save, session):
    assert save({f"k{n}": "" for n in range(499)}, tab_id="a", sequence=1).status_code == 200
    assert save({"k499": ""}, tab_id="a", sequence=2).status_code == 200

    over = save({"k500": "x", "k0": "x"}, tab_id="a", sequence=3)
    assert (over.status_code, over.json()["code"]) == (413, "answers_too_large")
    assert over.json()["fields"] == {"pending_answers": ["At most 500 answers."]}
    session.refresh_from_db()
    assert len(session.pending_answers) == 500 and session.pending_answers["k0"] == ""
    assert save({"k0": "x"}, tab_id="a", sequence=4).status_code == 200
    assert save({"k500": "x", "k1": None}, tab_id="a", sequence=5).status_code == 200


@on_both_roads
def test_a_test_of_more_answers_from_before_the_limit_can_be_read_and_written_on(
    save, session, api, url
):
    many = {f"k{n}": "" for n in range(600)}
    writers = {key: ["a", 1, 1] for key in many}
    ProctoredSession.objects.update(pending_answers=many, writers=writers, answers_version=1)

    assert len(api.get(url()).json()["session"]["pending_answers"]) == 600
    assert save({"k7": "x"}, tab_id="a", sequence=2).json()["pending_answers"] == many | {"k7": "x"}
    assert save({"new": "x"}, tab_id="a", sequence=3).status_code == 413


@on_both_roads
def test_one_save_of_thousands_of_answers_is_413_and_nothing_is_merged(save, session):
    assert save({str(n): "" for n in range(5_000)}, tab_id="a", sequence=1).status_code == 413
    session.refresh_from_db()
    assert (session.pending_answers, session.writers, session.answers_version) == ({}, {}, 0)


def test_a_huge_body_is_413_before_it_is_looked_at(api, url):
    body = json.dumps({"pending_answers": {"a": "x" * (3 * 1024 * 1024)}})
    reply = api.generic("PUT", url("progress"), body, content_type="application/json")
    assert reply.status_code == 413
    assert ProctoredSession.objects.get().pending_answers == {}


def revisions() -> list[tuple[str, object, str]]:
    return list(AnswerRevision.objects.values_list("key", "value", "reason"))


@on_both_roads
def test_one_tab_writing_on_in_order_leaves_no_revisions(save):
    for number in range(3):
        save({"q": f"text {number}"}, tab_id="a", sequence=number)
    assert revisions() == []


@on_both_roads
def test_what_another_tab_replaces_is_kept(save):
    save({"q": "from a"}, tab_id="a", sequence=5)
    reply = save({"q": "from b"}, tab_id="b", sequence=1)

    assert reply.json()["pending_answers"] == {"q": "from b"}
    assert revisions() == [("q", "from a", "other_tab")]
    kept = AnswerRevision.objects.get()
    assert (kept.tab, kept.sequence) == ("a", 5)


@on_both_roads
def test_what_a_late_retry_replaces_is_kept(save):
    save({"q": "newer"}, tab_id="a", sequence=5)
    save({"q": "older"}, tab_id="a", sequence=4)
    assert revisions() == [("q", "newer", "out_of_sequence")]


def test_what_a_nameless_client_replaces_or_removes_is_kept(save):
    save({"q": "one"})
    save({"q": "two"})
    save({"q": "two"})
    save({"q": None})
    assert revisions() == [("q", "one", "unnamed"), ("q", "two", "removed")]


@on_both_roads
def test_each_save_raises_the_version_that_every_reply_carries(save, api, url):
    first = save({"q": "one", "r": "x"}, tab_id="a", sequence=1).json()
    second = save({"q": "two"}, tab_id="a", sequence=2).json()
    assert (first["answers_version"], second["answers_version"]) == (1, 2)
    for verb in ("heartbeat", "activity"):
        assert api.put(url(verb), {"tab_id": "a", "sequence": 3}).json()["answers_version"] == 2

    sitting = api.get(url()).json()["session"]
    assert sitting["answers_version"] == 2
    assert sitting["writers"] == {"q": ["a", 2, 2], "r": ["a", 1, 1]}
    resumed = api.post("/api/test-session", {"candidate_id": sitting["candidate_id"]}).json()
    assert resumed["session"]["answers_version"] == 2


def test_what_is_removed_raises_the_version_and_has_no_writer(save, api, url):
    save({"q": "one"})
    assert save({"q": None}).json()["answers_version"] == 2
    assert api.get(url()).json()["session"]["writers"] == {}


def test_a_test_that_was_left_and_taken_up_keeps_its_version(save, api, url):
    save({"q": "one"}, tab_id="a", sequence=1)
    api.post(url("abandon"), {"tab_id": "a", "sequence": 2})
    late = save({"q": "two"}, tab_id="a", sequence=1).json()  # of the closing page: left as it is
    assert (late["status"], late["answers_version"]) == ("abandoned", 2)
    beat = api.put(url("heartbeat"), {"tab_id": "a", "sequence": 3}).json()
    assert (beat["status"], beat["answers_version"]) == ("active", 2)


def test_a_writer_of_before_versions_were_noted_is_replaced_as_ever(save, session):
    ProctoredSession.objects.update(
        pending_answers={"q": "old"}, writers={"q": ["a", 1]}, answers_version=0
    )
    save({"q": "from b"}, tab_id="b", sequence=1)
    assert revisions() == [("q", "old", "other_tab")]
    session.refresh_from_db()
    assert session.writers == {"q": ["b", 1, 1]}


def test_a_save_is_a_sign_of_life(save, api, url, started=None):
    before = api.get(url()).json()["session"]
    save({"q": "x"})
    after = api.get(url()).json()["session"]
    assert after["last_heartbeat"] > before["last_heartbeat"]
    assert after["last_activity"] == after["last_heartbeat"]


@on_both_roads
def test_a_repeated_save_with_its_key_is_applied_once(api, url):
    for body in ({"q": "1"}, {"q": "2"}):
        api.put(url("progress"), {"pending_answers": body}, headers={"Idempotency-Key": body["q"]})
    replay = api.put(
        url("progress"), {"pending_answers": {"q": "1"}}, headers={"Idempotency-Key": "1"}
    )

    assert replay["Idempotency-Replayed"] == "true"
    assert replay.json()["pending_answers"] == {"q": "1"}
    assert ProctoredSession.objects.get().pending_answers == {"q": "2"}
    other = api.put(
        url("progress"), {"pending_answers": {"q": "3"}}, headers={"Idempotency-Key": "1"}
    )
    assert other.status_code == 422


@on_both_roads
def test_the_reply_names_what_it_replaced_of_another_tab_and_nothing_else(save):
    assert save({"q": "one", "p": "x"}, tab_id="a", sequence=1).json()["replaced"] == {}
    assert save({"q": "two"}, tab_id="a", sequence=2).json()["replaced"] == {}
    assert save({"q": "three"}, tab_id="b", sequence=1).json()["replaced"] == {"q": "two"}
    assert save({"q": "three", "p": None}, tab_id="a", sequence=3).json()["replaced"] == {}


@on_both_roads
def test_merged_answers_that_are_kept_for_keys_end_at_their_bytes(api, url, save, settings):
    settings.LIMITS = {**settings.LIMITS, "idempotency_bytes": 150_000}
    save({"q": "x" * 60_000}, tab_id="a", sequence=1)

    def keyed(n):
        body = {"pending_answers": {"r": str(n)}, "tab_id": "a", "sequence": n}
        return api.put(url("progress"), body, headers={"Idempotency-Key": str(n)})

    assert [keyed(n).status_code for n in (2, 3, 4)] == [200, 200, 429]
    assert api.get(url()).json()["session"]["pending_answers"]["r"] == "3"
    assert save({"r": "4"}, tab_id="a", sequence=4).status_code == 200
