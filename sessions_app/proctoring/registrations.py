"""What the judge has to know of proctored tests."""

from __future__ import annotations

from judge import subjects
from judge.models import CodeRun
from sessions_app.proctoring.services.rescoring import rerun_for_staff
from sessions_app.proctoring.services.runs import TEST_CUSTOM, TEST_SAMPLE
from sessions_app.proctoring.services.scoring import TEST_SCORING, tell_staff
from sessions_app.proctoring.services.trial import TRIAL


def register_runs() -> None:
    subjects.register(TEST_SAMPLE, _nobody)
    subjects.register(TEST_CUSTOM, _nobody)
    subjects.register(TRIAL, _nobody)
    subjects.register(TEST_SCORING, tell_staff, rerun=rerun_for_staff)


def _nobody(run: CodeRun) -> None:
    """The page asks for the run itself."""
