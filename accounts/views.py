from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import EmailView
from allauth.usersessions.adapter import get_adapter as get_sessions_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import DeleteAccountForm, ProfileForm, TokenForm
from accounts.mails import address_of, tell_owner
from accounts.models import User
from accounts.policies import get_session_for, get_token_for
from accounts.selectors.plans import plan_of, usage_today
from accounts.selectors.storage import storage_of
from accounts.selectors.tokens import usable_tokens
from accounts.services import own_data, people, tokens
from common import clock
from common.limits import refuse_too_often


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        people.change_profile(user=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("accounts:account")
    return _page(request, profile=form, status=400 if form.is_bound else 200)


@login_required
@require_POST
@reauthentication_required
def create_token(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form, status=400)
    token, text = tokens.issue_token(user=request.user, **form.cleaned_data)
    tell_owner(request, request.user, "token_created", token=token)
    return _page(request, new_token=text)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_key: str) -> HttpResponse:
    tokens.revoke_token(token=get_token_for(request.user, token_key))
    messages.success(request, "The token no longer opens anything.")
    return redirect("accounts:account")


@login_required
@require_GET
@reauthentication_required
def export(request: HttpRequest) -> HttpResponse:
    """The page that the download starts from: a file could not follow the question for the
    password."""
    return render(request, "accounts/export.html")


@login_required
@require_GET
@reauthentication_required
def export_file(request: HttpRequest) -> HttpResponseBase:
    """Written while it is sent: a full quota is 200 MB, premium 2 GB."""
    words = "Your data was exported some times just now."
    key, rates = f"export:{request.user.pk}", settings.EXPORT_LIMIT
    refuse_too_often(key, rates, words=words, now=clock.now())
    pieces = own_data.export_document(request.user)
    tell_owner(request, request.user, "data_exported")
    response = StreamingHttpResponse(pieces, content_type="application/json; charset=utf-8")
    response["Content-Encoding"] = "identity"  # packing 200 MB takes seconds
    response["Content-Disposition"] = 'attachment; filename="etude-my-data.json"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def delete(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = DeleteAccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        address = address_of(user)
        logout(request)
        own_data.delete_user(user=user)
        tell_owner(request, user, "account_deleted", address=address)
        messages.success(request, "Your account and everything in it is gone.")
        return redirect("landing")
    return render(
        request, "accounts/delete.html", {"form": form}, status=400 if form.is_bound else 200
    )


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign one device out."""
    get_sessions_adapter().end_sessions([get_session_for(request.user, session_id)])
    messages.success(request, "This device is signed out.")
    return redirect("usersessions_list")


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """All other devices, and all that programs open the API with."""
    others = UserSession.objects.filter(user=request.user)
    others = others.exclude(session_key=request.session.session_key)
    get_sessions_adapter().end_sessions(list(others))
    tokens.revoke_all_tokens(user=request.user)
    messages.success(request, "All other devices are signed out, and API tokens are revoked.")
    return redirect("usersessions_list")


class Addresses(EmailView):
    """allauth's page. An address that another account has cannot become the main one."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, "Another account has this address, or one that looks like it.")
            return redirect("account_email")


@login_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        return HttpResponse(status=400)
    people.set_theme(user=request.user, theme=chosen)
    return HttpResponse(status=204)


def _page(
    request: HttpRequest,
    *,
    profile: ProfileForm | None = None,
    token_form: TokenForm | None = None,
    new_token: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    context = {
        "form": profile or ProfileForm(instance=request.user),
        "token_form": token_form or TokenForm(),
        "tokens": usable_tokens(request.user, now=now),
        "new_token": new_token,
        "plan": plan_of(request.user, now=now),
        "usage": usage_today(request.user, now=now),
        "has_providers": bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
        "storage": storage_of(request.user, now=now),
    }
    return render(request, "accounts/account.html", context, status=status)
