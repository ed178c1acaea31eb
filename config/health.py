"""Liveness and readiness checks for balancers and operators."""

from __future__ import annotations

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse

from common import clock
from judge.selectors.health import runner_health

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is checked."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


def readyz(request: HttpRequest) -> JsonResponse:
    """Each part by name: ok, off (not configured) or down. Only the database is vital: without
    cache and broker Etude goes on, slower; without a runner of code, runs and scores wait."""
    parts = {"database": _probe(_database), "cache": _redis(), "broker": _redis()}
    parts["runner"] = _probe(_runner)
    ready = parts["database"] == "ok"
    body = {"status": "ready" if ready else "not ready", **parts}
    if ready and "down" in parts.values():
        body["status"] = "degraded"
    response = JsonResponse(body, status=200 if ready else 503)
    if not ready:
        response["Retry-After"] = "5"
    return response


def _redis() -> str:
    return _probe(_ping_redis) if settings.REDIS_URL else "off"


def _probe(check: Callable[[], object]) -> str:
    try:
        check()
    except Exception as error:  # the edge: any failure of a part is its answer
        logger.warning("%s: %s", check.__name__, error)
        return "down"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _runner() -> None:
    health = runner_health(now=clock.now())
    if not health.ok:
        raise RuntimeError(health.reason)


def _ping_redis() -> None:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=0.3, retry=None
    )
    try:
        client.ping()
    finally:
        client.close()
