"""A number of too many digits is refused like any other that no row can have: Python's `int` raises
ValueError above 4,300 digits, and an address of a row takes 18."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

from common.http.bodies import refused_body
from common.text import whole_number
from practice.models import PracticeMain
from sessions_app.proctoring.hot.wsgi import read_json
from tests.interviews.factories import SessionFactory
from tests.practice.factories import address_of, make_session

NUMBERS = [pytest.param("9" * n, id=f"{n} digits") for n in (19, 20, 5_000)]
APPS = ("accounts", "common", "config", "diagnostics", "evaluation", "practice", "sessions_app")
CHECKED_BY_HAND = re.compile(r"\.is(digit|decimal|numeric)\(\)")


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), (str(2**63 - 1), 2**63 - 1), (str(2**63), None), ("9" * 20, None)]
    + [
        (text, None)
        for text in ("", "-1", "+1", " 1", "1.0", "1_0", "\u0663", "\u00b2", "9" * 5_000)
    ],
)
def test_a_whole_number_fits_a_column(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("digits", NUMBERS)
def test_a_page_size_of_many_digits_is_400(api, digits):
    assert api.get("/api/v1/practice-history", {"page_size": digits}).status_code == 400


@pytest.mark.parametrize("digits", NUMBERS)
def test_a_question_of_many_digits_is_404(api, client, owner, digits):
    session = SessionFactory(user=owner)
    path = f"/api/sessions/{session.pk}/questions/{digits}/draft"

    assert api.get(path).status_code == 404
    assert api.put(path, {"answer_text": "x", "base_version": 0}).status_code == 404
    client.force_login(owner)
    client.raise_request_exception = False
    assert client.get(f"/interviews/{session.pk}", {"question": digits}).status_code == 404


@pytest.mark.parametrize("digits", [*NUMBERS, "4", "0", "\u0662"])
def test_a_save_that_leads_to_no_question_is_saved_and_stays(client, owner, digits):
    client.force_login(owner)
    session = make_session(owner)
    form = {"answer_text": "kept", "base_version": "0", "go": digits}

    reply = client.post(f"{address_of(session)}/save", form)

    assert (reply.status_code, reply["Location"]) == (302, address_of(session))
    assert session.practices.get(order=1).answer_text == "kept"


@pytest.mark.parametrize("digits", NUMBERS[1:])
def test_a_session_is_completed_whatever_order_is_sent(client, owner, digits):
    client.force_login(owner)
    session = make_session(owner)
    form = {"answer_text": "x", "base_version": "0", "order": digits}

    reply = client.post(f"/practice/sessions/{session.pk}/complete", form)

    assert reply.status_code == 302
    assert not PracticeMain.objects.filter(pk=session.pk).exists()


@pytest.mark.parametrize("digits", NUMBERS)
def test_a_length_of_many_digits_is_too_large(digits):
    request = RequestFactory().post("/")
    request.META["CONTENT_LENGTH"] = digits

    refusal: Any = refused_body(request)
    assert refusal is not None and refusal.status == 413
    assert read_json({"CONTENT_LENGTH": digits}, longest=1024) is None


def test_no_code_tests_digits_by_hand_before_it_makes_them_a_number():
    """`common.text.whole_number` does both."""
    found = []
    for app in (*APPS, "tracking"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            lines = path.read_text().splitlines()
            for at, line in enumerate(lines):
                near = "\n".join(lines[max(0, at - 2) : at + 3])
                if CHECKED_BY_HAND.search(line) and re.search(r"\bint\(", near):
                    found.append(f"{path.relative_to(settings.BASE_DIR)}:{at + 1}")

    assert [where.partition(":")[0] for where in found] == ["common/text.py"]
