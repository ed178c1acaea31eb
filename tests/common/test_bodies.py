"""A body without Content-Length is read like any other, a compressed one is refused."""

from __future__ import annotations

import gzip
import json
from io import BytesIO

import pytest

from sessions_app.interviews.models import PracticeSession

pytestmark = pytest.mark.django_db

TIMED = json.dumps({"mode": "timed", "timer_minutes": 10}).encode()


def streamed(body: bytes, content_type: str = "application/json", **headers):
    """What the web server makes of `Transfer-Encoding: chunked`."""
    return {
        "content_type": content_type,
        "CONTENT_TYPE": content_type,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_LENGTH": "",
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
    } | headers


def test_a_streamed_body_counts(api):
    answer = api.generic("POST", "/api/sessions", **streamed(TIMED))

    assert answer.status_code == 201
    assert (answer.json()["mode"], answer.json()["timer_minutes"]) == ("timed", 10)


def test_http_2_needs_no_content_length(api):
    sent = streamed(TIMED, SERVER_PROTOCOL="HTTP/2")
    del sent["HTTP_TRANSFER_ENCODING"]

    assert api.generic("POST", "/api/sessions", **sent).json()["mode"] == "timed"


def test_a_stream_is_read_up_to_the_limits_and_no_further(api, settings):
    assert api.generic("POST", "/api/sessions", **streamed(b" " * 4_000_000)).status_code == 413

    settings.MAX_UPLOAD_BYTES = 1000
    endless = BytesIO(b" " * 100_000)
    sent = streamed(b"", **{"wsgi.input": endless})
    assert api.generic("POST", "/api/sessions", **sent).status_code == 413
    assert endless.tell() == 1001


def test_a_stream_whose_end_is_not_known_asks_for_its_length(api):
    sent = streamed(TIMED, **{"wsgi.input_terminated": False})
    answer = api.generic("POST", "/api/sessions", **sent)

    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")
    assert not PracticeSession.objects.exists()


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_a_compressed_body_is_refused(api, encoding):
    answer = api.post(
        "/api/sessions",
        gzip.compress(TIMED),
        content_type="application/json",
        HTTP_CONTENT_ENCODING=encoding,
    )

    assert (answer.status_code, answer["Accept-Encoding"]) == (415, "identity")
    assert not PracticeSession.objects.exists()


def test_a_streamed_form_of_a_page_is_read(client, owner):
    client.force_login(owner)
    body = b"theme=dark"
    form = "application/x-www-form-urlencoded"

    client.generic("POST", "/account/theme", **streamed(body, form))
    owner.refresh_from_db()
    assert owner.theme == "dark"
