"""The room of an interview session."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from common.clock import now
from practice.models import Question
from sessions_app.interviews.models import InterviewDraft, PracticeSession
from sessions_app.interviews.services import end_session
from tests.browser.interview_steps import begin, ready
from tests.browser.saving.places.base import TextPlace


class InterviewPlace(TextPlace):
    saves = re.compile(r"/api/sessions/[^/]+/questions/\d+/draft$")

    @property
    def line(self) -> Locator:
        return self.page.locator("#save-state")

    def open(self) -> None:
        self.sign_in(self.page, self.person)
        self.page.goto("/interviews")
        begin(self.page, "^Standard")
        self.address = self.page.url.split("?")[0]
        shown = self.page.locator("#interview-room").get_attribute("data-question")
        self.questions = [int(shown or 0)]
        self.questions += Question.objects.exclude(pk=self.questions[0]).values_list(
            "pk", flat=True
        )
        self._go(0)

    def _go(self, index: int) -> None:
        self.page.goto(f"{self.address}?question={self.questions[index]}")
        ready(self.page)

    def wait_until_open(self) -> None:
        ready(self.page)

    def _stored(self, index: int) -> str:
        draft = InterviewDraft.objects.filter(question_id=self.questions[index]).first()
        return draft.answer_text if draft else ""

    def stored(self) -> str:
        return self._stored(0)

    def write_elsewhere(self, words: str) -> None:
        self.page.wait_for_timeout(2500)  # no route sees what a closing page sends
        self._go(1)
        self.field.fill(words)
        expect(self.line).to_have_text("Saved")
        self._go(0)

    def stored_elsewhere(self) -> str:
        return self._stored(1)

    def end(self) -> None:
        end_session(user=self.person, session_id=PracticeSession.objects.get().pk, now=now())

    def kept_late(self) -> str:
        self.page.goto(f"{self.address}/summary")
        return self.page.locator("main").text_content() or ""
