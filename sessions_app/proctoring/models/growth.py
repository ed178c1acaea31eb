from __future__ import annotations

from django.db import models

from sessions_app.proctoring.models.sessions import ProctoredSession


class AnswerStep(models.Model):
    """What one save changed of a test's answers, for staff to see how they grew (`growth`).

    No answer is ever read from here. A test keeps so many rows and bytes (`LIMITS["answer_steps"]`,
    `["answer_step_bytes"]`); what comes above them is saved without a step.
    """

    # Without a constraint, which would cost a tenth of each save: steps are written under the lock
    # of their session, so they cannot outlive it.
    session = models.ForeignKey(
        ProctoredSession,
        models.CASCADE,
        related_name="steps",
        db_index=False,
        db_constraint=False,
    )
    version = models.PositiveIntegerField(help_text="The session's answers_version of this save.")
    at = models.DateTimeField()
    changes = models.TextField(
        help_text="JSON: {answer key: [base version, start, removed, inserted, language]}."
    )

    class Meta:
        db_table = "test_session_answer_step"
        ordering = ("version", "id")
        indexes = [
            models.Index(fields=("session", "version"), name="test_session_answer_step_line")
        ]

    def __str__(self) -> str:
        return f"Save {self.version} of {self.session_id}"
