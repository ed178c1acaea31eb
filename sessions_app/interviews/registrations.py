"""What interviews register with the apps below them, once at start."""

from __future__ import annotations


def register_interviews() -> None:
    from accounts import personal_data, stored_rows
    from accounts.models import StoredKind
    from evaluation import subjects
    from sessions_app.interviews.expiring import register_expiring
    from sessions_app.interviews.models import (
        Attempt,
        FollowUp,
        FollowUpRevision,
        InterviewDraft,
        InterviewDraftRevision,
    )
    from sessions_app.interviews.services import attempts, own_data

    subjects.register(attempts.KIND, attempts.copy_verdict, is_secret=attempts.is_secret)
    personal_data.register("interviews", own_data.export_interviews, own_data.erase_interviews)
    stored_rows.register(StoredKind.ANSWERS, InterviewDraft, owner="session__user")
    stored_rows.register(StoredKind.ANSWERS, InterviewDraftRevision, owner="draft__session__user")
    stored_rows.register(StoredKind.ANSWERS, Attempt, owner="session__user")
    stored_rows.register(StoredKind.ANSWERS, FollowUp, owner="attempt__session__user")
    stored_rows.register(
        StoredKind.ANSWERS, FollowUpRevision, owner="follow_up__attempt__session__user"
    )
    register_expiring()
