"""Whether an assessment can be sat at all."""

from __future__ import annotations

from sessions_app.assessments.models import Assessment


def faults_of_assessment(assessment: Assessment | None) -> list[str]:
    """Why nobody can be invited to it, as sentences; without an assessment the bank is asked."""
    if assessment is None:
        return []
    sections = list(assessment.sections.prefetch_related("entries__question"))
    if not sections:
        return [f"“{assessment}” has no questions."]
    faults = []
    for section in sections:
        entries = list(section.entries.all())
        if not entries:
            faults.append(f"The section “{section.title}” of “{assessment}” has no questions.")
        faults += [
            f"“{entry.question.title}” in “{assessment}” has been retired."
            for entry in entries
            if entry.question.retired_at
        ]
    return faults
