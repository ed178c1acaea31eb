import re

import pytest

pytestmark = pytest.mark.django_db


def test_every_answer_carries_a_reference(client):
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))

    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


def test_a_given_reference_is_kept_unless_it_is_odd(client):
    assert client.get("/healthz", HTTP_X_REQUEST_ID="from-the-proxy.1")["X-Request-ID"] == (
        "from-the-proxy.1"
    )
    assert "<" not in client.get("/healthz", HTTP_X_REQUEST_ID="<b>")["X-Request-ID"]
