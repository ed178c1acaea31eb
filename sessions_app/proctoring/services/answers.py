"""Saves what a candidate has written: merged by key, bounded, and never lost.

The last write of a key wins. What it replaces is kept as an `AnswerRevision` unless the same tab
wrote both in order; what comes after the end is refused, and kept for staff.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from common.drafts import digest_of
from common.row_limits import limit_of, refuse_above
from sessions_app.proctoring.errors import AnswersTooLarge, not_active_error
from sessions_app.proctoring.models import AnswerRevision, ProctoredSession, SessionBeat
from sessions_app.proctoring.services.beats import is_newer, may_return, stamp_work
from sessions_app.proctoring.services.growth import record_step
from sessions_app.proctoring.services.locks import lock_session
from sessions_app.proctoring.services.status import Cause, activate_session
from sessions_app.proctoring.states import Status, Who

MAX_VALUE_BYTES = 64 * 1024
MAX_TOTAL_BYTES = 256 * 1024
MAX_ANSWERS = 500  # each has a writer, too: the bytes of a test are bounded by both
TOO_MANY_ANSWERS = f"At most {MAX_ANSWERS} answers."
SAVED_FIELDS = (
    "pending_answers", "sections_completed", "writers", "answers_version", "step_bytes",
    "updated_at",
)  # fmt: skip

Reason = AnswerRevision.Reason


@dataclass(frozen=True)
class Save:
    """One PUT of progress: the changed answers, the finished sections, and who sent it."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    tab: str = ""
    sequence: int | None = None


@dataclass(frozen=True)
class Saved:
    """The merged test, and what this save replaced of another tab's: `{key: value}`.

    Each of those values is kept as a revision too; the page shows it to a person who has not seen
    it.
    """

    session: ProctoredSession
    replaced: dict[str, Any]


@transaction.atomic
def save_progress(*, candidate_id: UUID, save: Save, now: datetime) -> Saved:
    """Merge a save into a live test.

    Raises AnswersTooLarge, TooMany (413, nothing merged) and the 409 of an ended test, whose
    answers are then kept as late revisions. Taken until the deadline and 30 s; takes back a test
    that was left less than 120 s ago.
    """
    check_values(save.answers)
    session, beat = lock_session(candidate_id)
    if session.status != Status.ACTIVE:
        beat = _come_back(session, save, now=now)
    session.sections_completed = merge_sections(session, save)
    known = {"before": session.pending_answers, "writers": session.writers}
    replaced = merge_answers(session, save, now=now)
    revisions = _new_ones(session, replaced)
    _refuse_too_many(session, revisions)
    if save.answers:
        record_step(session, save.answers, **known, now=now)
    session.save(update_fields=SAVED_FIELDS)
    AnswerRevision.objects.bulk_create(revisions)
    if session.status == Status.ACTIVE:
        stamp_work(session, beat, now=now)
    return Saved(session, {r.key: r.value for r in replaced if r.reason != Reason.REMOVED})


def _come_back(session: ProctoredSession, save: Save, *, now: datetime) -> SessionBeat | None:
    """A save resumes a test that was just left; the closing page's own last save, which the beacon
    overtook on its way, is merged and leaves it closed."""
    if not may_return(session, now=now):
        error = not_active_error(session, now=now)
        if save.answers:
            error.keep = partial(keep_late, session_id=session.pk, save=save, now=now)
        raise error
    is_named = save.tab and save.sequence is not None
    if is_named and not is_newer(session, tab=save.tab, sequence=save.sequence):
        return None
    cause = Cause(Who.CANDIDATE, "returned", "An answer was saved")
    return activate_session(session, now=now, cause=cause)


def merge_sections(session: ProctoredSession, save: Save) -> list[str]:
    """The union, in order. Raises TooMany (413)."""
    there = session.sections_completed
    merged = list(dict.fromkeys([*there, *save.sections]))
    if len(merged) > len(there):
        added = len(merged) - len(there)
        refuse_above("sections", what="finished sections", used=len(there), adding=added)
    return merged


def merge_answers(session: ProctoredSession, save: Save, *, now: datetime) -> list[AnswerRevision]:
    """Merge by top-level key into `session` (not saved); returns the values worth keeping."""
    merged, writers = dict(session.pending_answers), dict(session.writers)
    version = session.answers_version + 1
    revisions = []
    for key, value in save.answers.items():
        old, writer = merged.get(key), writers.get(key)
        if old is not None and old != value:
            reason = reason_to_keep(writer, value=value, tab=save.tab, sequence=save.sequence)
            if reason:
                revisions.append(_revision(session, key, old, reason, writer, now))
        if value is None:
            merged.pop(key, None)
            writers.pop(key, None)
        else:
            merged[key], writers[key] = value, [save.tab, save.sequence, version]
    # A test of before this limit may have more: those go on, only new ones are refused.
    if len(merged) > max(MAX_ANSWERS, len(session.pending_answers)):
        raise AnswersTooLarge(fields={"pending_answers": [TOO_MANY_ANSWERS]})
    if _size(merged) > MAX_TOTAL_BYTES:
        raise AnswersTooLarge(fields={"pending_answers": ["At most 256 KiB in all."]})
    session.pending_answers, session.writers = merged, writers
    session.answers_version = version
    return revisions


def reason_to_keep(
    writer: list[Any] | None, *, value: Any, tab: str, sequence: int | None
) -> str | None:
    """Why a replaced value is kept; None when the same tab goes on writing, in order."""
    old_tab, old_sequence = writer[:2] if writer else ("", None)
    if value is None:
        return Reason.REMOVED
    if not tab or not old_tab:
        return Reason.UNNAMED
    if tab != old_tab:
        return Reason.OTHER_TAB
    if sequence is None or old_sequence is None:
        return Reason.UNNAMED
    return None if sequence > old_sequence else Reason.OUT_OF_SEQUENCE


def check_values(answers: Mapping[str, Any]) -> None:
    if len(answers) > MAX_ANSWERS:
        raise AnswersTooLarge(fields={"pending_answers": [TOO_MANY_ANSWERS]})
    large = {key: ["At most 64 KiB."] for key, v in answers.items() if _size(v) > MAX_VALUE_BYTES}
    if large:
        raise AnswersTooLarge("One answer is larger than 64 KiB.", fields=large)


def _new_ones(session: ProctoredSession, revisions: list[AnswerRevision]) -> list[AnswerRevision]:
    """Those that do not hold what one of the same key and reason holds already."""
    if not revisions:
        return []
    known = set(
        session.revisions.filter(digest__in={r.digest for r in revisions}).values_list(
            "key", "reason", "digest"
        )
    )
    return [r for r in revisions if (r.key, r.reason, r.digest) not in known]


def _refuse_too_many(session: ProctoredSession, revisions: list[AnswerRevision]) -> None:
    """None that is kept may go, and a save from one tab in order leaves none: only saves that
    replace others' words are refused above the limit."""
    if not revisions:
        return
    kept = session.revisions.exclude(reason=Reason.LATE)
    there = kept.aggregate(rows=Count("pk"), size=Sum("size"))
    what = {"what": "replaced answers of one test"}
    refuse_above("answer_revisions", used=there["rows"], adding=len(revisions), **what)
    size = sum(r.size for r in revisions)
    refuse_above("answer_revision_bytes", used=there["size"] or 0, adding=size, **what)


def keep_late(*, session_id: UUID, save: Save, now: datetime) -> None:
    """Keep answers that came after the end, once each; of many the newest. Runs after the refusal
    was rolled back."""
    with transaction.atomic():
        session, _ = lock_session(session_id)
        late = [
            _revision(session, key, value, Reason.LATE, [save.tab, save.sequence], now)
            for key, value in save.answers.items()
            if value is not None and value != session.pending_answers.get(key)
        ]
        AnswerRevision.objects.bulk_create(_new_ones(session, late))
        kept = session.revisions.filter(reason=Reason.LATE).order_by("-at", "-id")
        surplus = list(kept.values_list("pk", flat=True)[limit_of("late_answers") :])
        AnswerRevision.objects.filter(pk__in=surplus).delete()


def _revision(
    session: ProctoredSession, key: str, value: Any, reason: str, writer: Any, now: datetime
) -> AnswerRevision:
    tab, sequence = writer[:2] if writer else ("", None)
    row = AnswerRevision(session=session, key=key, value=value, reason=reason, at=now)
    row.tab, row.sequence = tab, sequence
    row.size, row.digest = _size(value), digest_of({"value": value})
    return row


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
