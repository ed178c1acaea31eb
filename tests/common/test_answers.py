"""What every answer carries, also when it is an error."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("path", ["/api", "/api/nothing", "/api/v1/skills/12345", "/nothing"])
def test_a_404_has_our_shape_and_every_header(api, settings, path, debug):
    settings.DEBUG = debug

    answer = api.get(path)

    assert answer.status_code == 404
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    if path.startswith("/api"):
        assert {"error", "code", "fields"} <= answer.json().keys()
    else:
        assert b"There is nothing here." in answer.content


def test_a_page_refuses_a_wrong_method_in_words(client, db):
    answer = client.post("/dashboard")

    assert answer.status_code in {302, 405}
    answer = client.delete("/")
    assert answer.status_code == 405
    assert answer["Allow"]
    assert b"This method is not allowed here." in answer.content


def test_personal_answers_stay_in_no_cache(api, client, owner):
    client.force_login(owner)

    assert "no-store" in api.get("/api/auth/me")["Cache-Control"]
    assert "no-store" in client.get("/account")["Cache-Control"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/accounts/login", "/accounts/login/"),
        ("/accounts/password/reset", "/accounts/password/reset/"),
        ("/favicon.ico", "/static/favicon.svg"),
    ],
)
def test_addresses_typed_by_hand_lead_where_they_mean(client, typed, meant):
    assert client.get(typed)["Location"] == meant
