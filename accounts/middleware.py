from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.errors import SecondFactorRequired
from accounts.services import audit
from common import caller, clock
from common.http.errors import is_api, render_error

# The API, the console, a candidate's pages and link: read by people of any zone, so in one for all.
IN_UTC = ("/api/", "/admin/", "/t/")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
WORDS = {ADDITION: "console.added", CHANGE: "console.changed", DELETION: "console.deleted"}


def use_the_users_timezone(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A learner's pages show times in the learner's zone. What staff and candidates read together
    is in UTC: two people who speak of one test see the same figures."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(IN_UTC) or request.path == "/test":
            return get_response(request)
        if not request.user.is_authenticated:
            return get_response(request)
        with timezone.override(clock.zone(request.user.timezone)):
            return get_response(request)

    return middleware


def record_console_acts(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Whatever staff do or take away as a file in the console leaves an audit entry, also in a
    page that says nothing of it: what Django's own log has of it, else the name of the page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun = clock.now()
        response = get_response(request)
        if _is_an_act(request, response):
            _record_act(request, response, since=begun)
        return response

    return middleware


def ask_staff_for_second_factor(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Staff without the second factor that they need have no permission (`User.has_perm`): here
    they learn why. Pages lead to its set-up, the API says 403 `second_factor_required`."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/admin/") and _lacks_second_factor(request):
            return redirect("mfa_index")
        response = get_response(request)
        # After the view: DRF has put the person of a bearer token there.
        if response.status_code != 403 or not _lacks_second_factor(request):
            return response
        return (
            render_error(request, SecondFactorRequired())
            if is_api(request)
            else redirect("mfa_index")
        )

    return middleware


def _is_an_act(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A form that is shown again, or asks once more, has done nothing yet."""
    if request.resolver_match is None or request.resolver_match.namespace != "admin":
        return False
    if not getattr(request.user, "is_staff", False) or response.status_code >= 400:
        return False
    if _is_file(response):
        return True
    return request.method not in SAFE_METHODS and response.status_code != 200


def _is_file(response: HttpResponseBase) -> bool:
    return str(response.get("Content-Disposition", "")).startswith("attachment")


def _record_act(request: HttpRequest, response: HttpResponseBase, *, since: datetime) -> None:
    staff_id: Any = request.user.pk
    written: Any = LogEntry.objects.filter(user_id=staff_id, action_time__gte=since)
    for entry in written.select_related("content_type"):
        audit.record(
            WORDS[entry.action_flag],
            kind=f"{entry.content_type.app_label}.{entry.content_type.model}",
            id=entry.object_id,
            name=entry.object_repr,
            change=_as_json(entry.change_message),
        )
    asking = caller.current()
    if asking is not None and not asking.traces:
        match: Any = request.resolver_match
        audit.record(
            "console.exported" if _is_file(response) else "console.acted",
            page=match.view_name,
            id=str(match.kwargs.get("object_id", "")),
            action=request.POST.get("action", "")[:64],
            rows=len(request.POST.getlist("_selected_action")),
        )


def _as_json(message: str) -> Any:
    try:
        return json.loads(message)
    except ValueError:
        return message


def _lacks_second_factor(request: HttpRequest) -> bool:
    return bool(getattr(getattr(request, "user", None), "lacks_second_factor", False))
