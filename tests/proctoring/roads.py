"""The two roads of a beat: Django's views alone, and with the hot path in front of them."""

from __future__ import annotations

import io
import json
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from rest_framework.test import APIClient

from sessions_app.proctoring.hot.wsgi import HotPath

hot_only = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the hot path needs PostgreSQL"),
]
# A test runs once on each; its clients come from the `road` fixture, as `api` does.
on_both_roads = pytest.mark.parametrize(
    "road", ["views", pytest.param("hot", marks=hot_only)], indirect=True
)


class LeftToDjango(Exception):
    pass


def leave_to_django(environ: Any, start_response: Any) -> Any:
    raise LeftToDjango


class HotClient(APIClient):
    """Django's test client with the hot path in front, as in config.wsgi_heartbeats."""

    hot: HotPath

    def request(self, **kwargs: Any) -> Any:
        environ = self._base_environ(**kwargs, **self._credentials)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        head: dict[str, Any] = {}
        try:
            parts = self.hot(
                environ, lambda status, headers: head.update(status=status, headers=headers)
            )
        except LeftToDjango:
            kwargs["wsgi.input"] = environ["wsgi.input"]
            environ["wsgi.input"].seek(0)
            return super().request(**kwargs)
        reply = HttpResponse(b"".join(parts), status=int(head["status"].split()[0]))
        for name, value in head["headers"]:
            reply[name] = value
        reply.json = partial(json.loads, reply.content)
        return reply


def client_of(hot: HotPath, token: str = "", **headers: str) -> HotClient:
    client = HotClient(enforce_csrf_checks=True, **{"HTTP_HOST": "testserver", **headers})
    client.hot = hot
    if token:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
