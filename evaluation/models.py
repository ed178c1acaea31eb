"""One row an evaluation: the request, its place in the queue, and the verdict.

The table is the queue. Broker messages only wake workers; a lost one is replaced by the beat task.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.jobs import Job
from evaluation.naming import judge_name, model_words
from evaluation.querysets import EvaluationQuerySet, ModelCallQuerySet

SCORES = ("overall_score", "framework_score", "structure_score", "completeness_score")
# Filled by a verdict only, and hidden while the outcome is secret.
VERDICT_FIELDS = (
    *SCORES,
    *("band", "strengths", "improvements", "suggested_framework", "example_point"),
    *("key_points", "observations", "board_notes", "withheld_reason", "statement", "follow_ups"),
    "scoring_version",
)


class Evaluation(Job):
    """A judgment of one answer. Scores are 0–10, null unless `status` is succeeded."""

    OPEN = ("queued", "running")
    DELIVERED = ("succeeded", "withheld", "refused")

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        WITHHELD = "withheld"
        REFUSED = "refused"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Provider(models.TextChoices):
        LOCAL = "local", "Local rubric check"
        CLAUDE = "claude", "Claude"
        OWN_MODEL = "own_model", "Own model"

    class Hold(models.TextChoices):
        """Why a queued evaluation waits although a worker is free."""

        NONE = "", "Nothing"
        SWITCHED_OFF = "switched_off", "The model is switched off"
        BUDGET_USER = "budget_user", "The learner's daily budget is spent"
        BUDGET_MONTH = "budget_month", "The month's budget is spent"
        BREAKER = "breaker_open", "The model keeps failing, calls pause"
        RETRY = "retry", "The last try failed"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="evaluations"
    )
    paid_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pays_for",
        help_text="Of the same dialogue: it has the use of the day's feedback of both.",
    )
    kind = models.CharField(max_length=40)
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    provider = models.CharField(max_length=12, choices=Provider, default=Provider.LOCAL)
    # The same question by the same learner: for the lookup of "the try before".
    question_key = models.CharField(max_length=32)
    input = models.JSONField()

    band = models.CharField(max_length=10, blank=True)
    overall_score = models.FloatField(null=True, blank=True)
    framework_score = models.FloatField(null=True, blank=True)
    structure_score = models.FloatField(null=True, blank=True)
    completeness_score = models.FloatField(null=True, blank=True)
    strengths = models.JSONField(default=list, blank=True)
    improvements = models.JSONField(default=list, blank=True)
    suggested_framework = models.TextField(blank=True)
    example_point = models.TextField(blank=True)
    key_points = models.JSONField(default=list, blank=True)
    observations = models.JSONField(default=list, blank=True)
    board_notes = models.JSONField(default=list, blank=True)
    follow_ups = models.JSONField(
        default=list, blank=True, help_text="The model's own; the local check asks the rubric's."
    )
    withheld_reason = models.CharField(max_length=40, blank=True)
    statement = models.TextField(blank=True)
    error_code = models.CharField(max_length=40, blank=True)

    # For staff: what was measured, and how the verdict was reached.
    estimate = models.FloatField(null=True, blank=True)
    injection_suspected = models.BooleanField(default=False)
    scoring_version = models.CharField(max_length=20, blank=True)
    model = models.CharField(max_length=80, blank=True)
    prompt_id = models.CharField(max_length=60, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=120, blank=True)
    raw_reply = models.TextField(blank=True)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    former_verdicts = models.JSONField(default=list, blank=True)

    stage = models.CharField(max_length=12, blank=True)
    hold = models.CharField(max_length=16, choices=Hold, blank=True, default=Hold.NONE)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                name="evaluation_numbers_only_when_succeeded",
                condition=Q(status="succeeded")
                | Q(band="", **{f"{score}__isnull": True for score in SCORES}),
            ),
            *(
                models.CheckConstraint(
                    name=f"evaluation_{score}_range",
                    condition=Q(**{f"{score}__isnull": True})
                    | Q(**{f"{score}__gte": 0, f"{score}__lte": 10}),
                )
                for score in SCORES
            ),
            models.CheckConstraint(
                name="evaluation_running_is_claimed",
                condition=~Q(status="running")
                | Q(claim__isnull=False, claimed_until__isnull=False),
            ),
        ]
        indexes = [
            # The sweep looks only at open rows: a small partial index however long history grows.
            models.Index(
                fields=["status", "next_try_at"],
                name="evaluation_open",
                condition=Q(status__in=["queued", "running"]),
            ),
            models.Index(fields=["owner", "question_key", "-id"], name="evaluation_same_question"),
        ]

    def __str__(self) -> str:
        return f"Evaluation {self.pk} ({self.status})"

    @property
    def payer_id(self) -> int:
        return self.paid_by_id or self.pk

    @property
    def has_delivered(self) -> bool:
        return self.status in self.DELIVERED or bool(self.former_verdicts)

    @staticmethod
    def without_verdict() -> dict[str, Any]:
        """The value of each verdict field in a row that was never judged."""
        fields = (Evaluation._meta.get_field(name) for name in VERDICT_FIELDS)
        return {field.name: field.get_default() for field in fields}  # type: ignore[union-attr]

    @property
    def judge_words(self) -> str:
        """Who judged, for people: "Local rubric check", "Claude · sonnet", or a model's name."""
        if self.provider == self.Provider.LOCAL:
            return self.Provider.LOCAL.label
        if self.is_open:
            return judge_name()
        asked = "" if self.model.startswith("local ") else self.model
        return model_words(asked) or str(self.Provider(self.provider).label)

    @property
    def follow_up_questions(self) -> list[str]:
        """What an interviewer would ask next: the model's own questions, else the rubric's,
        without those that were asked back already."""
        questions = self.follow_ups or self.input["rubric"].get("follow_ups") or ()
        asked = self.input.get("asked_back") or ()
        return [question for question in questions if question not in asked]

    @property
    def answer(self) -> str:
        """The text that was judged, as it was sent."""
        return self.input["answer"]


class ModelCall(models.Model):
    """One paid call. Recorded at its highest possible cost before it is made, at the real cost
    after.

    A worker that dies in between leaves the high estimate, so a budget is never overspent.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.SET_NULL, null=True, related_name="calls"
    )
    at = models.DateTimeField(db_index=True)
    model = models.CharField(max_length=80)
    outcome = models.CharField(max_length=40, default="open")
    request_id = models.CharField(max_length=120, blank=True)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cache_write_tokens = models.PositiveIntegerField(default=0)
    cache_read_tokens = models.PositiveIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = ModelCallQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["owner", "at"], name="modelcall_owner_at")]

    def __str__(self) -> str:
        return f"Call {self.pk} ({self.outcome})"


class Objection(models.Model):
    """A learner's "this is wrong" on one key point, and what staff answer to it.

    `resolved_at`: when they looked at it, with an answer or without."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="objections")
    point_title = models.CharField(max_length=300)
    level = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, blank=True)
    answer = models.TextField(max_length=2000, blank=True, help_text="The learner reads it.")
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "point_title"], name="objection_once_a_point"
            )
        ]

    def __str__(self) -> str:
        return f"“{self.point_title}” of evaluation {self.evaluation_id}"


class StaffMark(models.Model):
    """How a member of staff judges an answer, before they are shown the verdict. Never changed.

    `levels`: {title of a key point: level}, without those that were left open; `wordings`: {title:
    the words of the answer that say it}. `score` is 0–10, null for what cannot be scored.
    """

    class Word(models.TextChoices):
        STRONG = "strong", "strong"
        PARTIAL = "partial", "partial"
        WEAK = "weak", "weak"
        UNSCORABLE = "unscorable", "not to be scored"

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="marks")
    marker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    word = models.CharField(max_length=10, choices=Word)
    score = models.FloatField(null=True, blank=True)
    levels = models.JSONField(default=dict, blank=True)
    wordings = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "marker"], name="mark_once_a_person"),
            models.CheckConstraint(
                name="mark_score_range",
                condition=Q(word="unscorable", score__isnull=True)
                | (~Q(word="unscorable") & Q(score__gte=0, score__lte=10)),
            ),
        ]

    def __str__(self) -> str:
        return f"Marks of evaluation {self.evaluation_id}"


class WordingCandidate(models.Model):
    """Words of an answer that may count for a key point, until somebody decides.

    `question_key` is that of the evaluation, so that the question is found when its set moved.
    """

    class Source(models.TextChoices):
        MARK = "mark", "staff's marks"
        OBJECTION = "objection", "a learner's objection"

    class Decision(models.TextChoices):
        OPEN = "", "open"
        ACCEPTED = "accepted", "accepted"
        DISMISSED = "dismissed", "dismissed"

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+")
    question_key = models.CharField(max_length=32)
    point_title = models.CharField(max_length=300)
    text = models.CharField(max_length=200)
    source = models.CharField(max_length=10, choices=Source)
    created_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("decision", "question_key", "point_title", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["question_key", "point_title", "text"], name="candidate_once_a_point"
            ),
            models.CheckConstraint(
                name="candidate_decided_at",
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.text}” for “{self.point_title}”"


class ClaudeSwitch(models.Model):
    """The kill switch: one row at most. While `off`, answers wait in the queue and say why."""

    off = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True, help_text="Shown to learners.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "Claude switch"
        constraints = [models.CheckConstraint(name="claude_switch_single_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return "Claude is off" if self.off else "Claude is on"
