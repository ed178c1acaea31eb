"""Stores what a save changed, where Django takes it; `hot` stores the same in its statement."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from common.row_limits import limit_of
from sessions_app.proctoring.growth import Change, change_of, language_of, packed
from sessions_app.proctoring.models import AnswerStep, ProctoredSession
from sessions_app.proctoring.models.records import text_of

log = logging.getLogger(__name__)


def record_step(
    session: ProctoredSession,
    answers: Mapping[str, Any],
    *,
    before: Mapping[str, Any],
    writers: Mapping[str, Any],
    now: datetime,
) -> None:
    """A step for a save that has been merged into `session` (whose `step_bytes` the caller stores),
    unless the test has as many as are kept. `before` and `writers` are those before the save; the
    caller holds the session's lock."""
    bases = {key: writers[key][2] for key in answers if len(writers.get(key) or ()) > 2}
    known = set(
        session.steps.filter(version__in=set(bases.values())).values_list("version", flat=True)
    )
    changes: dict[str, Change | None] = {}
    for key, value in answers.items():
        base = bases.get(key) if bases.get(key) in known else None
        old, language = text_of(before.get(key)), language_of(value)
        changes[key] = (
            None if value is None else change_of(old, text_of(value), base=base, language=language)
        )
    text = packed(changes)
    most = limit_of("answer_step_bytes")
    session.step_bytes = min(session.step_bytes + len(text.encode()), most + 1)
    if session.step_bytes <= most and session.answers_version <= limit_of("answer_steps"):
        try:
            with transaction.atomic():  # a step that cannot be stored keeps no answer from it
                AnswerStep.objects.create(
                    session=session, version=session.answers_version, at=now, changes=text
                )
        except DatabaseError:
            log.exception("save %s of %s has no step", session.answers_version, session.pk)
