from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from common.loading import LoadedRow


class Difficulty(models.TextChoices):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class CodingQuestion(LoadedRow):
    """A question of the coding bank; retired, never deleted, once a test has shown it.

    Cases are `[{"input": str, "output": str, "note"?: str}]`, fed to standard input and compared
    with standard output, so they hold for every language. `boiler_plate` is `{language: code}`.
    `test_cases` are hidden: no candidate ever receives them. They carry a `weight` (default 1), and
    large ones are recipes, `{"generate": name, "args": […]}` (`coding_bank.generators`).
    """

    class Checker(models.TextChoices):
        LINES = "lines", "Lines: blanks at their ends and a last newline do not count"
        TOKENS = "tokens", "Words: white space does not count"
        FLOAT = "float", "Words, and numbers may differ by 0.000001"

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    question = models.TextField(help_text="Markdown, shown to the candidate.")
    sample_test_cases = models.JSONField(default=list, blank=True)
    test_cases = models.JSONField(default=list, blank=True, help_text="Hidden from candidates.")
    boiler_plate = models.JSONField(default=dict, blank=True)
    difficulty = models.CharField(max_length=10, choices=Difficulty)
    tags = models.JSONField(default=list, blank=True)
    solution = models.TextField(blank=True, help_text="Reference solution in Python.")
    solution_cpp = models.TextField(
        "solution in C++", blank=True, default="", help_text="The reference solution in C++."
    )
    solution_javascript = models.TextField(
        "solution in JavaScript",
        blank=True,
        default="",
        help_text="The reference solution in JavaScript.",
    )
    solution_java = models.TextField(
        "solution in Java", blank=True, default="", help_text="The reference solution in Java."
    )
    naive = models.TextField(
        "naive solution",
        blank=True,
        default="",
        help_text="Right but too slow, in Python: it has to fail by time.",
    )
    cpu_seconds = models.FloatField(
        default=2.0,
        validators=[MinValueValidator(0.1), MaxValueValidator(20)],
        help_text="CPU seconds a case may take.",
    )
    memory_mib = models.PositiveSmallIntegerField(
        "memory (MiB)",
        default=256,
        validators=[MinValueValidator(16), MaxValueValidator(2048)],
    )
    output_kib = models.PositiveSmallIntegerField(
        "output (KiB)", default=1024, validators=[MinValueValidator(1), MaxValueValidator(16384)]
    )
    factors = models.JSONField(
        default=dict, blank=True, help_text='Of the CPU seconds, by language: {"java": 2}.'
    )
    checker = models.CharField(max_length=10, choices=Checker, default=Checker.LINES)
    languages = models.JSONField(
        default=list,
        blank=True,
        help_text="Languages to answer in; empty: all.",
    )
    reserved = models.BooleanField(
        default=False, help_text="Only for tests: learners never see it."
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "coding_question_bank"
        ordering = ("difficulty", "title")
        constraints = [
            models.CheckConstraint(
                condition=Q(difficulty__in=Difficulty.values), name="coding_question_difficulty"
            )
        ]

    def __str__(self) -> str:
        return self.title
