"""Reads a graded file for a command; what is wrong with the file becomes a CommandError."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandError

from evaluation.local.measuring import GradedQuestion, read_graded


def graded_in(file: Path) -> list[GradedQuestion]:
    """The questions of a file of JSON lines. Raises CommandError when there is no answer in it."""
    try:
        with file.open(encoding="utf-8") as lines:
            questions = read_graded(lines)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{file}: {error}") from error
    if not any(question.answers for question in questions):
        raise CommandError(f"{file}: there is no graded answer in it.")
    return questions
