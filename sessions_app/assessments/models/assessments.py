from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from sessions_app.assessments.models.bank import CodingQuestion
from sessions_app.assessments.rules import DEFAULT_MINUTES, MAX_MINUTES


class Assessment(models.Model):
    """A test that candidates are invited to: a length and sections of coding questions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120, unique=True)
    introduction = models.TextField(blank=True, help_text="Markdown, shown before the start.")
    duration_minutes = models.PositiveSmallIntegerField(
        default=DEFAULT_MINUTES, validators=[MinValueValidator(1), MaxValueValidator(MAX_MINUTES)]
    )
    languages = models.JSONField(
        default=list, blank=True, help_text='Languages to answer in, ["python", "cpp"]; empty: all.'
    )
    show_score = models.BooleanField(
        default=False, help_text="Candidates see their score once the test has ended."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "assessment"
        ordering = ("title",)
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1, duration_minutes__lte=MAX_MINUTES),
                name="assessment_duration",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """One step of an assessment. `key` is what `sections_completed` names."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=1)
    questions = models.ManyToManyField(CodingQuestion, through="AssessmentQuestion")

    class Meta:
        db_table = "assessment_section"
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=("assessment", "key"), name="section_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.title}"


class AssessmentQuestion(models.Model):
    section = models.ForeignKey(Section, models.CASCADE, related_name="entries")
    question = models.ForeignKey(CodingQuestion, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    points = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="What it weighs in the score of the test.",
    )

    class Meta:
        db_table = "assessment_question"
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=("section", "question"), name="section_question_once")
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.question}"


class Candidate(models.Model):
    """A person invited to sit one test. A retake is a new candidate.

    Not a user: the signed token in the invitation is all they have, and raising `token_version`
    revokes every token signed before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="candidates"
    )
    extra_minutes = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(MAX_MINUTES)]
    )
    token_version = models.PositiveIntegerField(default=1, editable=False)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The first time somebody who is not signed in as staff opened the personal link.
    link_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "candidate"
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=("-created_at", "-id"), name="candidate_newest")]

    def __str__(self) -> str:
        return self.name
