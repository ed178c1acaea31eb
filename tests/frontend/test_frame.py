"""The frame of every page: theme, navigation, errors that render without a database, times in words."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import PropertyMock, patch

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings

from common.http.errors import refusal, render_error
from common.templatetags.etude import in_words, initials, minutes_in_words
from tests import NOW
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def render(source: str, **context: object) -> str:
    return Template("{% load etude %}" + source).render(Context(context))


def test_the_theme_is_written_by_the_server(client: Client) -> None:
    user = UserFactory(theme="dark")
    client.force_login(user)
    assert b'<html lang="en" data-theme="dark">' in client.get("/styleguide").content


@override_settings(DEBUG=True)
def test_a_visitors_theme_is_in_a_cookie(client: Client) -> None:
    client.cookies["theme"] = "light"
    assert b'data-theme="light"' in client.get("/accounts/login/").content
    client.cookies["theme"] = '"><script>'
    assert b'data-theme="system"' in client.get("/accounts/login/").content


def test_the_place_in_the_app_bar_is_marked() -> None:
    places = {"/practice/sessions/3/review": "practice", "/logs": "skills", "/practices": ""}
    for path, place in places.items():
        request = RequestFactory().get(path)
        assert render("{% section %}", request=request) == place
        bar = render('{% include "components/app_nav.html" with section=s only %}', s=place)
        assert bar.count("aria-current") == bool(place)
        assert not place or f'href="/{place}" aria-current="page"' in bar


def test_the_style_guide_is_not_for_the_public(client: Client) -> None:
    with override_settings(DEBUG=False):
        assert client.get("/styleguide").status_code == 404
    with override_settings(DEBUG=True):
        assert client.get("/styleguide").status_code == 200


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_every_error_is_a_page_that_says_what_is_safe(status: int) -> None:
    request = RequestFactory().get("/practice")
    request.user = AnonymousUser()
    response = render_error(request, refusal(status, extra={"limit": 3, "used": 3}))
    text = response.content.decode()
    assert response.status_code == status
    assert text.count("<h1") == 1
    assert "Etude" in text


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("path", ["/nowhere", "/practice/no-such-set", "/admin/nowhere"])
def test_an_address_that_is_none_gets_our_page(client: Client, path: str, *, debug: bool) -> None:
    client.force_login(UserFactory(admin=True))
    with override_settings(DEBUG=debug):
        answer = client.get(path)
    assert answer.status_code == 404
    assert b"Your work stands where you left it" in answer.content


def test_the_page_for_a_lost_database_asks_it_nothing() -> None:
    request = RequestFactory().get("/dashboard")
    request.user = AnonymousUser()
    lost = PropertyMock(side_effect=OperationalError("gone"))
    with (
        patch.object(AnonymousUser, "theme", lost, create=True),
        patch.object(AnonymousUser, "pk", lost),
    ):
        text = render_error(request, refusal(503)).content.decode()
    assert "Wait a few seconds" in text


def test_icons_are_hidden_unless_they_have_words() -> None:
    assert 'aria-hidden="true"' in render('{% icon "flame" %}')
    assert 'aria-label="Streak"' in render('{% icon "flame" "" "Streak" %}')


def test_every_icon_in_a_template_is_in_the_sprite() -> None:
    import re
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    known = set((root / "frontend" / "icons.txt").read_text().split())
    used = {
        name
        for page in (root / "templates").rglob("*.html")
        for name in re.findall(r"\{% icon \"([a-z0-9-]+)\"", page.read_text())
    }
    assert used - known == set()


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(seconds=10), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=23), "1 day ago"),
        (timedelta(days=3), "3 days ago"),
        (-timedelta(minutes=20), "in 20 min"),
    ],
)
def test_times_are_said_as_people_say_them(back: timedelta, words: str) -> None:
    assert in_words(NOW - back, NOW) == words


def test_minutes_and_names_in_short() -> None:
    assert [minutes_in_words(m) for m in (0, 45, 60, 140)] == [
        "0 min",
        "45 min",
        "1 h",
        "2 h 20 min",
    ]
    assert [initials(n) for n in ("ana.maria", "learner", "")] == ["AM", "L", "?"]
