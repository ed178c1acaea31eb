"""Every component on one page, to look at in both themes; DEBUG only."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common import clock


class SampleForm(forms.Form):
    title = forms.CharField(help_text="At least three characters.", min_length=3)
    kind = forms.ChoiceField(choices=[("design", "System design"), ("interview", "Interview")])
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label="Write a practice log when I finish", required=False)


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    now = clock.now()
    context = {
        "form": SampleForm(),
        "bad_form": SampleForm({"title": "ab", "kind": "x"}),
        "moment": now - timedelta(hours=2),
        "server_time": now.isoformat(),
        "deadlines": [(now + timedelta(seconds=left)).isoformat() for left in (760, 299, 42, -1)],
        "tones": ["accent", "success", "warning", "danger"],
    }
    return render(request, "styleguide/page.html", context)
