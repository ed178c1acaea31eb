from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import DeleteAccountForm, ProfileForm, TokenForm
from accounts.models import User
from accounts.policies import get_token_for
from accounts.selectors.plans import plan_of, usage_today
from accounts.selectors.tokens import usable_tokens
from accounts.services import own_data, people, tokens
from common import clock


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
def create_token(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form, status=400)
    _, text = tokens.issue_token(user=request.user, **form.cleaned_data)
    return _page(request, new_token=text)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_key: str) -> HttpResponse:
    tokens.revoke_token(token=get_token_for(request.user, token_key))
    messages.success(request, "The token no longer opens anything.")
    return redirect("accounts:account")


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    document = json.dumps(
        own_data.export_everything(request.user), indent=2, default=str, ensure_ascii=False
    )
    response = HttpResponse(document, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="etude-my-data.json"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = DeleteAccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        logout(request)
        own_data.delete_user(user=user)
        messages.success(request, "Your account and everything in it is gone.")
        return redirect("landing")
    return render(
        request, "accounts/delete.html", {"form": form}, status=400 if form.is_bound else 200
    )


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
    }
    return render(request, "accounts/account.html", context, status=status)
