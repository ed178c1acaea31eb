"""Every page of the staff console, for everything that is registered there: who may see it sees it,
whatever stands in the rows; who may not is refused; and a longer list asks no more questions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.any_row import any_row
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
ONE_ROW_ONLY = {"evaluation.ClaudeSwitch"}
ODD_QUERIES = [
    "q=%00",
    "q=%27%22%5C%25",
    "p=99999",
    "p=x",
    "all=",
    "o=99.x",
    "nope=1",
    "id__exact=x",
]
NO_KEYS = ["0", "x", "9" * 30, "00000000-0000-0000-0000-000000000000"]

for_each_model = pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)


def someone(*rights: str, **kwargs: Any) -> Client:
    """A browser of a member of staff with all rights that begin with one of these words."""
    person = UserFactory(staff=True, **kwargs)
    for right in rights:
        person.user_permissions.add(*Permission.objects.filter(codename__startswith=f"{right}_"))
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def admin_browser() -> Client:
    return someone(is_superuser=True)


def page(model: type[models.Model], name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def actions_in(html: str) -> list[str]:
    chooser = html.partition('name="action"')[2].partition("</select>")[0]
    return re.findall(r'<option value="(\w+)"', chooser)


@for_each_model
def test_lists_filters_and_odd_questions_never_fail(admin_browser, model):
    url = page(model, "changelist")
    assert admin_browser.get(url).status_code == 200  # while it is empty
    assert admin_browser.get(page(model, "add")).status_code in (200, 403)
    any_row(model)
    html = admin_browser.get(url).content.decode()
    linked = {link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]+)"', html)}
    columns = range(1, len(admin.site._registry[model].list_display) + 1)
    ups, downs = (".".join(f"{sign}{one}" for one in columns) for sign in ("", "-"))
    asked = {*sorted(linked)[:6], *(f"?{one}" for one in (*ODD_QUERIES, f"o={ups}", f"o={downs}"))}

    answers = {one: admin_browser.get(url + one).status_code for one in asked}

    assert {one: code for one, code in answers.items() if code not in (200, 302, 400)} == {}


@for_each_model
def test_pages_of_one_row_answer_who_may_all_and_who_may_look(admin_browser, model):
    row = any_row(model)
    reader = someone("view")

    for name in ("change", "history"):
        url = page(model, name, row.pk)
        assert admin_browser.get(url).status_code == 200
        assert reader.get(url).status_code == 200
    assert admin_browser.get(page(model, "delete", row.pk)).status_code in (200, 403)
    assert reader.get(page(model, "delete", row.pk)).status_code == 403
    for key in NO_KEYS:
        url = page(model, "change", key)
        assert admin_browser.get(url).status_code in (302, 404), url
    assert 'name="_save"' not in reader.get(page(model, "change", row.pk)).content.decode()


@for_each_model
def test_what_is_there_can_be_saved_unchanged_or_says_what_is_wrong(admin_browser, model):
    row = any_row(model)
    url = page(model, "change", row.pk)
    form = getattr(admin_browser.get(url), "context", {}).get("adminform")
    if form is None or not form.form.fields:  # a page to look at
        admin_browser.post(url, {})
        assert model._base_manager.filter(pk=row.pk).values().get() == values_of(model, row)
        return
    sent = {bound.html_name: "" if bound.value() is None else bound.value() for bound in form.form}
    assert admin_browser.post(url, sent).status_code in (200, 302)
    assert admin_browser.post(url, {}).status_code in (200, 302)


READING = {"export_as_csv", "export_as_xlsx"}  # actions that only read


@for_each_model
def test_who_may_only_look_is_offered_no_action_and_can_do_none(model):
    row = any_row(model)
    reader = someone("view")
    list_page = page(model, "changelist")

    assert set(actions_in(reader.get(list_page).content.decode())) <= READING
    for action in [*(admin.site._registry[model].actions or []), "delete_selected"]:
        name = action if isinstance(action, str) else action.__name__
        reader.post(list_page, {"action": name, "_selected_action": row.pk, "post": "yes"})
    assert model._base_manager.filter(pk=row.pk).values().get() == values_of(model, row)
    assert reader.get(page(model, "add")).status_code == 403


def values_of(model: type[models.Model], row: Any) -> dict[str, Any]:
    fresh = model._base_manager.get(pk=row.pk)
    return {field.attname: getattr(fresh, field.attname) for field in model._meta.concrete_fields}


@for_each_model
def test_who_has_no_right_sees_nothing(model):
    row = any_row(model)
    staff, learner = someone(), Client()
    learner.force_login(UserFactory())

    for url in (page(model, "changelist"), page(model, "add"), page(model, "change", row.pk),
                page(model, "delete", row.pk), page(model, "history", row.pk)):  # fmt: skip
        assert staff.get(url).status_code == 403, url
        assert learner.get(url).status_code == 302, url


@pytest.mark.parametrize(
    "model",
    [model for model in REGISTERED if model._meta.label not in ONE_ROW_ONLY],
    ids=lambda model: model._meta.label,
)
def test_a_list_of_thirty_asks_as_much_as_one_of_three(admin_browser, model):
    few = queries_of_list(admin_browser, model, rows=3)
    many = queries_of_list(admin_browser, model, rows=27)

    assert many <= few + 1, f"{few} statements for 3 rows, {many} for 30"


def queries_of_list(browser: Client, model: type[models.Model], *, rows: int) -> int:
    for _ in range(rows):
        any_row(model)
    browser.get(page(model, "changelist"))
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(page(model, "changelist")).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("/admin/sessions_app/codingquestion/import/", "change_codingquestion"),
        ("/admin/sessions_app/codingquestion/process_import/", "change_codingquestion"),
        ("/admin/sessions_app/codingquestion/export/", "view_codingquestion"),
        ("/admin/sessions_app/codingquestion/preview", "change_codingquestion"),
        ("/admin/sessions_app/codingquestion/check", "change_codingquestion"),
        ("/admin/diagnostics/diagnosticrun/trends", "view_diagnosticrun"),
        ("/admin/diagnostics/diagnosticrun/run", "view_diagnosticrun"),
        ("/admin/diagnostics/diagnosticrun/plan", "change_repairrun"),
        ("/admin/sessions_app/proctoredsession/live", "view_proctoredsession"),
        ("/admin/sessions_app/proctoredsession/analytics", "view_proctoredsession"),
        ("/admin/evaluation/staffmark/agreement", "view_staffmark"),
    ],
)
def test_pages_of_our_own_ask_for_their_right(url, right):
    nobody, somebody = someone(), someone("view", "add", "change")

    assert nobody.get(url).status_code in (403, 405)
    assert nobody.post(url, {}).status_code == 403
    assert somebody.get(url).status_code in (200, 302, 405)


def test_the_start_page_offers_a_diagnosis_to_who_may_see_it():
    words = "Diagnose now"

    assert words in someone("view").get("/admin/").content.decode()
    assert words not in someone().get("/admin/").content.decode()
