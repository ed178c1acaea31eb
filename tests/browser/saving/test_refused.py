"""Each way in which a save can be refused, in each place where words are written: after going on in
another field, a reload and a second one, every typed word is on the page or offered, and the line
that says how it stands tells the truth."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Route, expect

from sessions_app.proctoring.models import ProctoredSession
from tests.browser.test_practice_crash import on_the_device
from tests.browser.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

MENDED = "A character that cannot be stored was taken out"
KEPT = re.compile("[Kk]ept on this device")


def expect_refused(place, words):
    expect(place.line).to_contain_text(words)
    expect(place.line).to_contain_text(KEPT)
    expect(place.line).to_have_attribute("data-state", "refused")


def test_what_no_database_takes_is_taken_out_and_said(place):
    place.write("first\0words\ud83d here")
    expect(place.page.get_by_text(MENDED).first).to_be_visible()
    place.holds("firstwords here")
    place.expect_saved()
    wait_for(lambda: "firstwords here" in place.stored(), place.page)

    place.write("\nand more")
    place.write_elsewhere("written elsewhere")
    wait_for(lambda: "and more" in place.stored(), place.page)
    for _ in range(2):
        place.reopen()
        place.holds("firstwords here\nand more")
        place.expect_saved()
    assert "written elsewhere" in place.stored_elsewhere()


def test_what_is_too_large_is_named_kept_and_offered_again(place, problems):
    place.write("small words")
    place.expect_saved()
    why = place.write_too_much()
    expect_refused(place, why)
    place.write("\nand typed on")
    expect(place.line).to_contain_text(why)

    place.write_elsewhere("written elsewhere")
    wait_for(lambda: "written elsewhere" in place.stored_elsewhere(), place.page)
    for _ in range(2):
        place.holds("and typed on")
        expect_refused(place, why)
        place.reopen()
    assert "and typed on" not in place.stored()

    place.make_room()
    place.expect_saved()
    wait_for(lambda: "and typed on" in place.stored(), place.page)
    problems.clear()  # CodeMirror writes a style of its own for very long texts


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (413, "quota_reached", "Your 200 MB are used up."),
        (422, "unprocessable", "This cannot be taken as it is."),
        (400, "invalid", "JSON may be nested at most 64 levels deep."),
    ],
)
def test_a_refusal_that_cannot_be_mended_keeps_its_words(place, status, code, sentence):
    refusing = {"now": True}

    def refuse(route: Route) -> None:
        sent = route.request.post_data or ""
        is_ours = route.request.method == "PUT" and "written elsewhere" not in sent
        if refusing["now"] and is_ours:
            body = {"error": sentence, "code": code, "fields": {}}
            route.fulfill(status=status, body=json.dumps(body), content_type="application/json")
        else:
            route.fallback()

    place.page.route(place.saves, refuse)
    place.write("first words")
    expect_refused(place, sentence)
    place.write("\nand typed on")
    place.write_elsewhere("written elsewhere")
    wait_for(lambda: "written elsewhere" in place.stored_elsewhere(), place.page)
    for _ in range(2):
        place.holds("first words\nand typed on")
        expect_refused(place, sentence)
        place.reopen()
    assert "first words" not in place.stored()

    refusing["now"] = False
    if status == 413:
        place.page.get_by_role("button", name="Try now").click()
    else:
        place.write("\nand again")
    place.expect_saved()
    place.holds("first words\nand typed on")
    wait_for(lambda: "and typed on" in place.stored(), place.page)


def test_after_signing_out_the_words_wait_on_the_device(place):
    place.write("before")
    place.expect_saved()
    place.sign_out()
    place.write("\nfirst words")
    expect(place.line).to_contain_text(KEPT)
    expect(place.line).to_have_attribute("data-state", "refused")
    place.write("\nand typed on")
    place.holds("first words\nand typed on")
    assert "first words" not in place.stored()
    # Words are on the device within a quarter of a second, which a busy machine may stretch.
    wait_for(lambda: any("typed on" in text for text in on_the_device(place.page)), place.page)
    place.page.reload()  # and nothing is there but the way to sign in
    expect(place.line).to_have_count(0)

    address = place.page.url
    place.come_back()
    for _ in range(2):
        place.page.goto("/test" if "test" in address or "/t/" in address else back_to(place))
        place.wait_until_open()
        place.holds("first words\nand typed on")
        place.expect_saved()
    wait_for(lambda: "and typed on" in place.stored(), place.page)


def back_to(place):
    return getattr(place, "base", None) or f"{place.address}?question={place.questions[0]}"


def test_what_comes_after_the_end_is_kept_and_can_be_found(place):
    place.write("before")
    place.expect_saved()
    place.end()
    place.write("\ntoo late words")
    if not place.page.url.endswith("/test"):  # there the page of the end comes by itself
        expect(place.line).to_contain_text(KEPT)
    for _ in range(2):
        place.page.wait_for_timeout(500)
        place.page.reload()
    assert "too late words" in place.kept_late()
    place.page.wait_for_load_state("networkidle")


def test_all_answers_together_are_too_large_until_another_one_is_shorter(page, candidate, problems):
    from tests.assessments.factories import token_for
    from tests.browser.saving.places import RoomPlace

    place = RoomPlace(page, f"/t/{token_for(candidate)}", candidate)
    place.open()
    place.write("first words")
    place.expect_saved()
    first, *others = (str(pk) for pk in _question_ids(page))
    answers = ProctoredSession.objects.get().pending_answers
    full = {key: {"code": "# elsewhere" + "x" * 64_000, "language": "python"} for key in others[:4]}
    ProctoredSession.objects.update(pending_answers=answers | full)
    place.reopen()

    place.write("\n#" + "y" * 8_000)
    expect_refused(place, "All answers together have")
    place.reopen()
    expect_refused(place, "and they may have 256 KB.")
    page.get_by_role("button", name="Next question").click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("# elsewhere, and short")

    place.expect_saved()
    code = ProctoredSession.objects.get().pending_answers[first]["code"]
    assert "first words" in code and "y" * 8_000 in code
    problems.clear()  # CodeMirror writes a style of its own for very long texts


def _question_ids(page):
    return page.locator("[data-question]").evaluate_all(
        "all => all.map((one) => one.dataset.question)"
    )
