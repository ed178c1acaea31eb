"""The question bank: sets and their questions, loaded from files, retired and never deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from common.loading import LoadedRow
from practice.querysets import QuestionMainQuerySet, QuestionQuerySet


class QuestionMain(LoadedRow):
    """One set of questions. `slug` is its identity in the files and in page addresses."""

    class Kind(models.TextChoices):
        DESIGN = "design", "System design"
        INTERVIEW = "interview", "Interview"

    class Difficulty(models.TextChoices):
        EASY = "easy", "Easy"
        MEDIUM = "medium", "Medium"
        HARD = "hard", "Hard"

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=120)
    category = models.CharField(max_length=40)
    difficulty = models.CharField(max_length=10, choices=Difficulty.choices)
    minutes = models.PositiveSmallIntegerField(help_text="How long the whole set usually takes.")
    summary = models.TextField()
    sample_writeup = models.TextField(blank=True, help_text="Markdown, shown after completion.")
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = QuestionMainQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "category", "title")
        verbose_name = "question set"
        indexes = [
            models.Index(fields=["kind", "category", "difficulty"], name="idx_set_filters"),
        ]

    def __str__(self) -> str:
        return self.title


class Question(LoadedRow):
    """One question of a set. Steps and key points are stored as the file gives them:

    `framework_steps` and `structure_steps`: `[{"title", "cues": [], "hint": ""}]`,
    `key_points`: `[{"title", "text", "weight", "aliases": [], "why"}]`,
    `follow_ups`: questions that an interviewer asks next. `accepted_wordings`: `{title of a key
    point: [wording]}`, which staff accepted here; no file writes them.
    """

    question_main = models.ForeignKey(
        QuestionMain, on_delete=models.PROTECT, related_name="questions"
    )
    order = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    prompt = models.TextField(help_text="Markdown.")
    framework_name = models.CharField(max_length=120, blank=True)
    framework_steps = models.JSONField(default=list, blank=True)
    structure_steps = models.JSONField(default=list, blank=True)
    key_points = models.JSONField(default=list)
    sample_answer = models.TextField()
    follow_ups = models.JSONField(default=list, blank=True)
    accepted_wordings = models.JSONField(default=dict, blank=True)
    min_words = models.PositiveSmallIntegerField(default=40)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ("question_main", "order")
        constraints = [
            models.UniqueConstraint(fields=["question_main", "slug"], name="uniq_question_slug"),
            models.UniqueConstraint(
                fields=["question_main", "order"],
                condition=Q(retired_at__isnull=True),
                name="uniq_question_order_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"
