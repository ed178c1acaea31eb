from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from common.errors import DomainError

UNDO_KEY = "tracking_undo"


def back(request: HttpRequest, otherwise: str, *args: Any) -> HttpResponse:
    """Back to the page that a form came from, if it is ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect(reverse(otherwise, args=args))


def sent(request: HttpRequest, *, files: bool = False) -> tuple[Any, ...]:
    """The data that binds a form: the body of a POST, however empty, and None otherwise."""
    if request.method != "POST":
        return (None, None) if files else (None,)
    return (request.POST, request.FILES) if files else (request.POST,)


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Shows a service's refusal as a message on the next page."""
    try:
        yield
    except DomainError as error:
        messages.error(request, error.message)


def offer_undo(request: HttpRequest, *, kind: str, pk: int, words: str) -> None:
    """The next page says what was deleted, with a button that brings it back."""
    request.session[UNDO_KEY] = {"kind": kind, "pk": pk, "words": words}


def take_undo_offer(request: HttpRequest) -> dict[str, Any] | None:
    return request.session.pop(UNDO_KEY, None)
