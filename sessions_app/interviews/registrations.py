"""What interviews register with the apps below them, once at start."""

from __future__ import annotations


def register_interviews() -> None:
    from accounts import personal_data
    from evaluation import subjects
    from sessions_app.interviews.services import attempts, own_data

    subjects.register(attempts.KIND, attempts.copy_verdict, is_secret=attempts.is_secret)
    personal_data.register("interviews", own_data.export_interviews, own_data.erase_interviews)
