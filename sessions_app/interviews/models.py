"""Interview sessions: one interview against the clock, its answers and its drafts.

Field and table names are those of interview-sessions.md; additions are marked at the field.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.drafts import Draft, Revision, Stored
from sessions_app.interviews.querysets import AttemptQuerySet, PracticeSessionQuerySet

SCORES = ("overall_score", "framework_score", "structure_score", "completeness_score")
SHORTEST_TIMER, LONGEST_TIMER = 1, 60


class PracticeSession(models.Model):
    """One interview. `questions_count` and `avg_score` are derived by
    `services.recalculate_session_stats` alone; `ended_at` is set once, by `transitions.end`."""

    class Mode(models.TextChoices):
        STANDARD = "standard", "Standard"
        TIMED = "timed", "Timed"
        RAPID_FIRE = "rapid_fire", "Rapid fire"
        MOCK = "mock", "Mock interview"

    class EndedBy(models.TextChoices):
        NOBODY = "", "Still open"
        LEARNER = "learner", "The learner"
        SWEEP = "sweep", "Left open, ended by the clock"
        STAFF = "staff", "Staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interview_sessions"
    )
    category_filter = models.CharField(max_length=50, null=True, blank=True, db_index=True)  # noqa: DJ001 - null means every category, as the document has it
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.STANDARD)
    timer_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    questions_count = models.PositiveIntegerField(default=0)
    avg_score = models.FloatField(null=True, blank=True)

    # Beyond the document.
    deadline = models.DateTimeField(
        null=True, blank=True, help_text="Start plus timer; answers after it are kept, marked late."
    )
    last_activity_at = models.DateTimeField(help_text="Last attempt, draft save or page beat.")
    ended_by = models.CharField(max_length=10, choices=EndedBy.choices, blank=True, default="")
    plan = models.JSONField(
        default=list, blank=True, help_text="Question ids of a mock interview, in order."
    )
    skipped = models.JSONField(
        default=list, blank=True, help_text="Question ids the learner put off in this session."
    )
    asks_back = models.BooleanField(
        default=False, help_text="After an answer the interviewer asks up to three questions back."
    )

    objects = PracticeSessionQuerySet.as_manager()

    class Meta:
        db_table = "practice_sessions"
        verbose_name = "interview session"
        constraints = [
            models.CheckConstraint(
                name="interview_mode_known",
                condition=Q(mode__in=["standard", "timed", "rapid_fire", "mock"]),
            ),
            models.CheckConstraint(
                name="interview_timer_range",
                condition=Q(timer_minutes__isnull=True)
                | Q(timer_minutes__gte=SHORTEST_TIMER, timer_minutes__lte=LONGEST_TIMER),
            ),
            models.CheckConstraint(
                name="interview_timed_has_timer",
                condition=~Q(mode="timed") | Q(timer_minutes__isnull=False),
            ),
            models.CheckConstraint(
                name="interview_deadline_with_timer",
                condition=Q(timer_minutes__isnull=True, deadline__isnull=True)
                | Q(timer_minutes__isnull=False, deadline__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-started_at", "-id"], name="idx_interview_newest"),
            # The sweep looks only at open rows: small, however long history grows.
            models.Index(
                fields=["last_activity_at"],
                condition=Q(ended_at__isnull=True),
                name="idx_interview_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def hides_scores(self) -> bool:
        """A mock interview shows no result before its end."""
        return self.mode == self.Mode.MOCK and self.is_open


class Attempt(Stored):
    """One answer, never changed afterwards. The four scores and the texts of feedback are copies
    from its evaluation, null until that has succeeded."""

    class Unscored(models.TextChoices):
        NO = "", "An evaluation was asked for"
        LIMIT = "limit", "The day's feedback was used up"

    question = models.ForeignKey(
        "practice.Question", on_delete=models.PROTECT, related_name="interview_attempts"
    )
    session = models.ForeignKey(PracticeSession, on_delete=models.CASCADE, related_name="attempts")
    answer_text = models.TextField()
    time_spent_sec = models.PositiveIntegerField(null=True, blank=True)
    overall_score = models.FloatField(null=True, blank=True)
    framework_score = models.FloatField(null=True, blank=True)
    structure_score = models.FloatField(null=True, blank=True)
    completeness_score = models.FloatField(null=True, blank=True)
    strengths = models.TextField(blank=True, default="")
    improvements = models.TextField(blank=True, default="")
    suggested_framework = models.CharField(max_length=100, blank=True, default="")
    example_point = models.TextField(blank=True, default="")
    raw_eval_json = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_index=True)

    # Beyond the document.
    late_by_sec = models.PositiveIntegerField(default=0, help_text="Seconds after the deadline.")
    self_rating = models.PositiveSmallIntegerField(null=True, blank=True)
    question_title = models.CharField(max_length=120, help_text="The wording that was answered.")
    question_prompt = models.TextField()
    unscored = models.CharField(max_length=10, choices=Unscored.choices, blank=True, default="")
    evaluation = models.OneToOneField(
        "evaluation.Evaluation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interview_attempt",
    )
    dialogue_ended_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last question back was answered, or declined."
    )
    whole_evaluation = models.OneToOneField(
        "evaluation.Evaluation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interview_dialogue",
        help_text="Of the answer with the replies; once it has succeeded, it is the evaluation.",
    )
    first_evaluation = models.OneToOneField(
        "evaluation.Evaluation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interview_first_answer",
        help_text="Of the answer alone, where that of the whole has replaced it.",
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        db_table = "practice_attempts"
        verbose_name = "interview attempt"
        constraints = [
            models.CheckConstraint(
                name="interview_self_rating_range",
                condition=Q(self_rating__isnull=True) | Q(self_rating__gte=1, self_rating__lte=5),
            ),
            *(
                models.CheckConstraint(
                    name=f"interview_{score}_range",
                    condition=Q(**{f"{score}__isnull": True})
                    | Q(**{f"{score}__gte": 0, f"{score}__lte": 10}),
                )
                for score in SCORES
            ),
        ]
        indexes = [
            models.Index(fields=["session", "created_at"], name="idx_session_created"),
            models.Index(fields=["question", "overall_score"], name="idx_question_score"),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.pk}: {self.question_title}"


class InterviewDraft(Draft):
    """The text being written for one question in one session."""

    session = models.ForeignKey(PracticeSession, on_delete=models.CASCADE, related_name="drafts")
    question = models.ForeignKey("practice.Question", on_delete=models.PROTECT, related_name="+")
    answer_text = models.TextField(blank=True, default="")

    class Meta:
        db_table = "interview_drafts"
        constraints = [
            models.UniqueConstraint(fields=["session", "question"], name="one_interview_draft")
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}, version {self.version}"


class InterviewDraftRevision(Revision):
    draft = models.ForeignKey(InterviewDraft, on_delete=models.CASCADE, related_name="revisions")
    answer_text = models.TextField(blank=True)

    class Meta:
        db_table = "interview_draft_revisions"
        indexes = [models.Index(fields=["draft", "-saved_at"], name="idx_interview_revisions")]


class FollowUp(Draft):
    """A question that the interviewer asks back, and its reply: a draft until `answered_at`."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="follow_ups")
    number = models.PositiveSmallIntegerField()
    question_text = models.TextField()
    answer_text = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "interview_follow_ups"
        ordering = ("attempt", "number")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="one_follow_up_a_number")
        ]

    def __str__(self) -> str:
        return f"Follow-up {self.number} of attempt {self.attempt_id}"


class FollowUpRevision(Revision):
    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="revisions")
    answer_text = models.TextField(blank=True)

    class Meta:
        db_table = "interview_follow_up_revisions"
        indexes = [models.Index(fields=["follow_up", "-saved_at"], name="idx_follow_up_revisions")]
