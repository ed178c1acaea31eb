"""What the heartbeats service leaves to Django: few at once, in the thread that asks."""

from __future__ import annotations

import json
import threading
import time
from functools import partial

import pytest
from django.test import RequestFactory

from config import bounded
from config.bounded import Bounded
from tests.threads import run_together


class Reply(list):
    closed = False

    def close(self):
        self.closed = True


def test_no_more_than_its_number_are_inside_and_none_changes_threads():
    inside, most, reply = [], [], Reply([b"a", b"b"])

    def application(environ, start_response):
        inside.append(1)
        most.append(len(inside))
        assert threading.current_thread() is environ["thread"]
        time.sleep(0.02)
        inside.pop()
        return reply

    few = Bounded(application, at_once=3)
    replies = run_together(
        [lambda: few({"thread": threading.current_thread()}, print) for _ in range(20)]
    )
    assert replies == [[b"ab"]] * 20 and reply.closed
    assert max(most) == 3


def test_one_that_waits_too_long_is_told_to_come_again(monkeypatch, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://partner.example"]
    monkeypatch.setattr(bounded, "LONGEST_WAIT", 0.05)
    entered, leave, heads = threading.Event(), threading.Event(), []

    def application(environ, start_response):
        entered.set()
        leave.wait(10)
        return [b""]

    few = Bounded(application, at_once=1)
    first = threading.Thread(target=partial(few, {}, print))
    first.start()
    assert entered.wait(10)
    origin = {"HTTP_ORIGIN": "https://partner.example", "HTTP_X_REQUEST_ID": "mine"}
    beat = RequestFactory().put("/api/test-session/x/heartbeat", **origin).environ
    body = json.loads(b"".join(few(beat, lambda *head: heads.append(head))))
    leave.set()
    first.join(10)

    ((status, headers),) = heads
    said = {name.lower(): value for name, value in headers}
    assert status.startswith("503") and said["retry-after"] == "2"
    assert said["content-length"] == str(len(bounded.BUSY)) and said["x-request-id"] == "mine"
    assert said["access-control-allow-origin"] == "https://partner.example"
    assert "Retry-After" in said["access-control-expose-headers"]
    assert (body["success"], body["code"], body["fields"]) == (False, "busy", {})
    assert few({}, print) == [b""]


def test_they_are_let_in_in_the_order_in_which_they_came():
    entered, leave, order = threading.Event(), threading.Event(), []

    def application(environ, start_response):
        order.append(environ["name"])
        entered.set()
        leave.wait(10)
        return [b""]

    few = Bounded(application, at_once=1)

    def twice():
        few({"name": "first"}, print)
        few({"name": "first again"}, print)

    threads = [threading.Thread(target=twice)]
    threads[0].start()
    assert entered.wait(10)
    for number in range(3):
        threads.append(threading.Thread(target=partial(few, {"name": number}, print)))
        threads[-1].start()
        while len(few._waiting) <= number:
            time.sleep(0.001)
    leave.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", 0, 1, 2, "first again"]


def test_one_that_gave_up_is_not_let_in(monkeypatch):
    monkeypatch.setattr(bounded, "LONGEST_WAIT", 0.05)
    entered, leave = threading.Event(), threading.Event()

    def application(environ, start_response):
        entered.set()
        leave.wait(10)
        return [b""]

    few = Bounded(application, at_once=1)
    first = threading.Thread(target=partial(few, {}, print))
    first.start()
    assert entered.wait(10)
    few(RequestFactory().get("/api/x").environ, lambda *head: None)
    assert not few._waiting
    leave.set()
    first.join(10)
    assert few({}, print) == [b""] and few._free == 1


def test_a_failure_makes_room_again():
    def application(environ, start_response):
        raise LookupError("no")

    few = Bounded(application, at_once=1)
    for _ in range(2):
        with pytest.raises(LookupError, match="no"):
            few({}, print)
