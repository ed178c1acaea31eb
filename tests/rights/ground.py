"""What there is to ask for: one of everything of a learner's, two candidates in their tests, and
one row of everything that the console shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import admin

from accounts.services.tokens import issue_token
from common import clock
from judge.services.working import work
from practice.models import DraftRevision, WhiteboardRevision
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.services.checking import request_check
from sessions_app.assessments.services.coding_bank import load_coding_bank
from sessions_app.proctoring.models import TrialRun
from tests.any_row import any_row
from tests.assessments.factories import AssessmentFactory, CandidateFactory, token_for
from tests.evaluation.factories import make_evaluation
from tests.factories import UserFactory
from tests.interviews.factories import AttemptFactory, FollowUpFactory
from tests.interviews.factories import SessionFactory as InterviewFactory
from tests.judge.engines import FakeEngine
from tests.practice.factories import make_worked_session
from tests.proctoring.factories import SessionFactory, run_of
from tests.rights.people import Person, everybody
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tracking.models import ImportPlan, StreakPause, Trash
from tracking.services import mail
from tracking.services.evidence import delete_evidence
from tracking.services.logs import delete_log
from tracking.services.skills import delete_skill

Values = dict[str, Any]


@dataclass
class Ground:
    """`api` and `pages`: the values of placeholders, by how an address begins; the longest counts.
    `rows`: one of each registered model. `owner`: the learner whose all of it is."""

    owner: Any
    people: dict[str, Person]
    api: dict[str, Values]
    pages: dict[str, Values]
    rows: dict[str, Any]


def build_ground() -> Ground:
    owner, now = UserFactory(plan="premium"), clock.now()
    load_coding_bank()
    request_check(CodingQuestion(solution="print(1)"), now=now)
    sittings = [SessionFactory(candidate=CandidateFactory()) for _ in range(2)]
    candidate, other_candidate = (sitting.candidate for sitting in sittings)
    people = everybody(owner, candidate, other_candidate)
    run = run_of(sittings[0])
    trial = any_row(TrialRun, candidate=candidate)
    sittings[0].plan = [{"key": "one", "title": "", "question_ids": [str(run.question_id)]}]
    sittings[0].save()
    work(engine=FakeEngine())

    practice = make_worked_session(owner)
    question = practice.practices.order_by("order").first()
    draft_revision = DraftRevision.objects.filter(practice=question).first()
    board_revision = WhiteboardRevision.objects.filter(session=practice).first()
    evaluation = make_evaluation(owner=owner, now=now, status="failed", error_code="timeout")
    interview = InterviewFactory(user=owner)
    attempt = AttemptFactory(session=interview)
    FollowUpFactory(attempt=attempt)
    of_interview = {
        "number": 1,
        "session_id": interview.pk,
        "attempt_id": attempt.pk,
        "question_id": attempt.question_id,
    }

    skill = SkillFactory(user=owner)
    log, evidence = PracticeLogFactory(skill=skill), EvidenceFactory(skill=skill)
    gone_skill = SkillFactory(user=owner)
    gone_log, gone_evidence = PracticeLogFactory(skill=skill), EvidenceFactory(skill=skill)
    gone = {"skill": gone_skill.pk, "log": gone_log.pk, "evidence": gone_evidence.pk}
    delete_skill(skill=gone_skill, cascade=False, now=now)
    delete_log(log=gone_log, now=now)
    delete_evidence(evidence=gone_evidence, now=now)
    plan = any_row(ImportPlan, user=owner)
    pause = any_row(StreakPause, user=owner)
    token_row, _ = issue_token(user=owner)

    of_practice = {
        "id": practice.pk,
        "pk": practice.pk,
        "question_id": question.question_id,
        "order": question.order,
        "number": 1,
    }
    return Ground(
        owner=owner,
        people=people,
        api={
            "/api/sessions/": of_interview,
            "/api/assessments/": {"assessment_id": AssessmentFactory().pk},
            "/api/test-session/": {
                "candidate_id": candidate.pk,
                "uuid": run.question_id,
                "run_id": run.run.uuid,
            },
            "/api/test-session/{candidate_id}/trial/": {
                "candidate_id": candidate.pk,
                "run_id": trial.run.uuid,
            },
            "/api/v1/evaluations/": {"id": evaluation.pk},
            "/api/v1/evidence/": {"id": evidence.pk},
            "/api/v1/evidence/{id}/restore": {"id": gone["evidence"]},
            "/api/v1/practice-logs/": {"id": log.pk},
            "/api/v1/practice-logs/{id}/restore": {"id": gone["log"]},
            "/api/v1/practice-logs/import/": {"id": plan.pk},
            "/api/v1/practice-main/": {**of_practice, "revision_id": board_revision.pk},
            "/api/v1/question-mains/": {"id": practice.question_main_id},
            "/api/v1/skills/": {"id": skill.pk},
            "/api/v1/skills/{id}/restore": {"id": gone["skill"]},
        },
        pages={
            "/account/devices/": {"session_id": any_row(UserSession, user=owner).pk},
            "/account/tokens/": {"token_key": token_row.token_key},
            "/evaluations/": {"pk": evaluation.pk},
            "/interviews/": of_interview,
            "/logs/": {"pk": log.pk},
            "/logs/import/": {"pk": plan.pk},
            "/practice/<slug": {"slug": practice.question_main.slug},
            "/practice/sessions/": {**of_practice, "revision_id": draft_revision.pk},
            f"{QUESTION}/board-revisions/": {**of_practice, "revision_id": board_revision.pk},
            "/skills/": {"pk": skill.pk},
            "/skills/evidence/": {"pk": evidence.pk},
            "/skills/pauses/": {"pk": pause.pk},
            "/skills/undo/": {"kind": Trash.Kind.LOG, "pk": gone["log"]},
            "/skills/unsubscribe/": {"token": mail.token_for(owner, "reminder")},
            "/t/": {"token": token_for(candidate)},
        },
        rows={model._meta.label_lower: any_row(model) for model in admin.site._registry},
    )


QUESTION = "/practice/sessions/<rowid:pk>/questions/<rowid:order>"


def values_for(address: str, values: dict[str, Values]) -> Values:
    """Those of the longest beginning of the address."""
    begins = [start for start in values if address.startswith(start)]
    return values[max(begins, key=len)] if begins else {}


def filled(address: str, values: dict[str, Values]) -> str:
    """The address with its placeholders, `{id}` or `<int:pk>`, replaced."""
    found = values_for(address, values)
    return re.sub(r"\{(\w+)\}|<(?:\w+:)?(\w+)>", lambda m: str(found[m[1] or m[2]]), address)
