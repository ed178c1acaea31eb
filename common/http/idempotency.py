"""Creating requests with an `Idempotency-Key`: a durable transaction around them (DESIGN §5).

The claim, the service's work and the stored answer commit together or not at all. A concurrent
duplicate waits on the unique index, then replays; refusals roll back and are not stored. Without a
key the service's own transaction is the only one.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Count, Min, Sum
from django.db.models.functions import Length
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request

from common import clock
from common.errors import Conflict, DomainError, Invalid, LimitReached
from common.http.json import JSONRenderer, parse_json
from common.models import IdempotencyKey
from common.row_limits import limit_of

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 200
WAIT_SECONDS = 10
KEY_BYTES = 1024  # what a row may take beside its answer: key, path, hash, and the indexes of them


class KeyReused(DomainError):
    code, status = "idempotency_key_reused", 422
    message = "This Idempotency-Key was already used with another body."


class TooManyAnswers(LimitReached):
    message = (
        "Too much is kept of your answers to requests with an Idempotency-Key. This request was "
        "not carried out; without a key, it is."
    )


class StillRunning(Conflict):
    code = "request_in_progress"
    message = "The first request with this Idempotency-Key is still running. Try again shortly."


def idempotent(
    method: Callable[..., Any] | None = None,
    *,
    on_store: Callable[[Any], Any] | None = None,
    on_replay: Callable[[Request, Any], Any] | None = None,
) -> Callable[..., Any]:
    """Wrap a DRF view method that calls one service.

    `on_store` is given the answer's data and may drop secrets from what is kept; `on_replay` is
    given the request and the stored JSON, and may sign them anew. A refused request (an exception
    or a non-2xx answer) rolls back; `DomainError.keep` then runs outside, so that nothing a person
    wrote is lost with the refusal.
    """
    if method is None:
        return functools.partial(idempotent, on_store=on_store, on_replay=on_replay)

    @functools.wraps(method)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = _key_of(request)
        try:
            if key is None:
                return method(view, request, *args, **kwargs)
            with transaction.atomic(durable=True):
                claim, mine = _claim(request, key)
                if not mine:
                    return _replay(request, claim, on_replay)
                response = method(view, request, *args, **kwargs)
                if 200 <= response.status_code < 300:
                    _store(claim, response, on_store)
                else:
                    transaction.set_rollback(True)
                return response
        except DomainError as error:
            if error.keep is not None:
                error.keep()
            raise

    return takes_key(wrapper)


def takes_key(method: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view's method that hands its request to an `idempotent` one, so that /api/schema
    declares the key (`common.http.schema.Schema`)."""
    method.takes_key = True  # type: ignore[attr-defined]
    return method


def is_keyed(request: Request) -> bool:
    """Whether the client sent a key and so asks for a stored answer."""
    return "Idempotency-Key" in request.headers


def _key_of(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(
            f"Idempotency-Key must be 1 to {LONGEST_KEY} printable characters.",
            fields={"Idempotency-Key": [f"Must be 1 to {LONGEST_KEY} printable characters."]},
        )
    return key


def principal_of(user: Any) -> str:
    """The owner of a key; candidates name theirs in `idempotency_principal`."""
    return getattr(user, "idempotency_principal", None) or f"user:{user.pk}"


def body_hash(request: Request) -> str:
    """SHA-256 of the body; of fields and files for multipart, whose boundary varies."""
    digest = hashlib.sha256()
    if (request.content_type or "").startswith("multipart/"):
        data = request.data
        for name in sorted(data):
            for value in data.getlist(name):
                digest.update(repr(name).encode())
                chunks = value.chunks() if hasattr(value, "chunks") else [str(value).encode()]
                for chunk in chunks:
                    digest.update(chunk)
                if hasattr(value, "seek"):
                    value.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _claim(request: Request, key: str) -> tuple[IdempotencyKey, bool]:
    """Insert the claim, or wait for the transaction that holds it: (row, whether it is new)."""
    now = clock.now()
    identity = {
        "principal": principal_of(request.user),
        "method": request.method,
        "path": request.path[:300],
        "key": key,
    }
    digest = body_hash(request)
    IdempotencyKey.objects.filter(**identity, created_at__lt=now - KEPT_FOR).delete()
    try:
        _limit_waiting()
        with transaction.atomic():
            row = IdempotencyKey.objects.create(**identity, body_hash=digest, created_at=now)
        _limit_waiting(off=True)
        return row, True
    except IntegrityError:
        _limit_waiting(off=True)
        row = IdempotencyKey.objects.get(**identity)
    except OperationalError as error:
        raise StillRunning(headers={"Retry-After": "2"}) from error
    if row.body_hash != digest:
        raise KeyReused
    return row, False


def _limit_waiting(*, off: bool = False) -> None:
    """PostgreSQL only: bounds the wait for a concurrent duplicate (SQLite has its own timeout)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true)", ["0" if off else f"{WAIT_SECONDS}s"]
            )


def _store(claim: IdempotencyKey, response: Any, on_store: Callable[[Any], Any] | None) -> None:
    data = getattr(response, "data", None)
    claim.status = response.status_code
    claim.response = JSONRenderer().render(on_store(data) if on_store else data)
    _refuse_too_many(claim)
    claim.save(update_fields=["status", "response"])


def _refuse_too_many(claim: IdempotencyKey) -> None:
    """Raises TooManyAnswers (429) above the bytes that are kept of one principal's answers and
    keys. Keys count, too, so the sum never goes over more rows than limit / KEY_BYTES."""
    now, limit = claim.created_at, limit_of("idempotency_bytes")
    kept = IdempotencyKey.objects.filter(
        principal=claim.principal, created_at__gt=now - KEPT_FOR
    ).aggregate(answers=Sum(Length("response")), rows=Count("pk"), oldest=Min("created_at"))
    size = kept["answers"] + KEY_BYTES * (kept["rows"] - 1)  # the claim is among them, yet empty
    if size + KEY_BYTES + len(claim.response) > limit:
        again = kept["oldest"] + KEPT_FOR
        used = {"limit": limit, "used": size, "kind": "idempotency_bytes"}
        raise TooManyAnswers(
            extra={**used, "resets_at": clock.iso(again)},
            headers={"Retry-After": str(max(1, ceil((again - now).total_seconds())))},
        )


def forget_answers(*principals: str) -> None:
    """What is kept of the requests of people who are erased goes with them."""
    IdempotencyKey.objects.filter(principal__in=principals).delete()


def _replay(
    request: Request, claim: IdempotencyKey, on_replay: Callable[[Request, Any], Any] | None
) -> HttpResponse:
    body = bytes(claim.response)
    if on_replay is not None:
        body = JSONRenderer().render(on_replay(request, parse_json(body)))
    response = HttpResponse(body, status=claim.status, content_type="application/json")
    response["Idempotency-Replayed"] = "true"
    return response
