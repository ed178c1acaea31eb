"""The ready roles of staff: groups that hold the rights of one kind of work (docs/staff.md).

`services.roles.ensure_roles` makes them after each migration, and only adds: what an operator has
given to a group, or renamed, stays.
"""

from __future__ import annotations


def _rights(app: str, **codes: str) -> tuple[str, ...]:
    """`_rights("app", view="a b", add="a")` → `app.view_a`, `app.view_b`, `app.add_a`."""
    return tuple(
        f"{app}.{verb}_{model}" for verb, models in codes.items() for model in models.split()
    )


ASSESSMENT = "assessment section assessmentquestion"

ROLES: dict[str, tuple[str, ...]] = {
    # Candidates, assessments, results.
    "Recruiter": _rights(
        "sessions_app",
        view=f"candidate {ASSESSMENT} codingquestion proctoredsession",
        add=f"candidate {ASSESSMENT}",
        change=f"candidate {ASSESSMENT}",
    ),
    # Sittings and learners' answers to read and mark.
    "Reviewer": (
        *_rights("sessions_app", view=f"proctoredsession {ASSESSMENT} codingquestion"),
        *_rights("evaluation", view="staffmark", add="staffmark"),
    ),
    # Sittings to watch, extend, end, void; a start on behalf of a candidate.
    "Proctor": _rights(
        "sessions_app",
        view="proctoredsession candidate outage",
        add="proctoredsession",
        change="proctoredsession",
    ),
    # The banks: coding questions; the practice bank is files and is looked at, but for wordings.
    "Author": (
        *_rights(
            "sessions_app",
            view=f"codingquestion {ASSESSMENT}",
            add="codingquestion",
            change="codingquestion",
        ),
        *_rights("practice", view="questionmain question"),
        *_rights("evaluation", view="staffmark wordingcandidate", change="wordingcandidate"),
    ),
    # People who are not staff, their plans, and what went wrong for them.
    "Support": (
        *_rights(
            "accounts",
            view="user subscription limitgrant usagereservation dailyusage storageuse apitoken",
            add="subscription limitgrant",
            change="user subscription limitgrant",
            delete="apitoken",
        ),
        *_rights("account", view="emailaddress", change="emailaddress"),
        *_rights("evaluation", view="evaluation objection", change="evaluation objection"),
        *_rights(
            "practice",
            view="practicemain practicemainhistory practice practicehistory submission "
            "submissionhistory draftrevision draftrevisionhistory whiteboard whiteboardhistory "
            "whiteboardrevision whiteboardrevisionhistory",
        ),
        *_rights(
            "sessions_app",
            view="practicesession attempt interviewdraft",
            change="practicesession",
        ),
        *_rights("tracking", view="skill practicelog evidence importplan trash mailsent"),
        *_rights("diagnostics", view="usererrorreport"),
    ),
    # Diagnosis, repairs, and what keeps the site going.
    "Operator": (
        *_rights(
            "diagnostics",
            view="diagnosticrun finding repairrun usererrorreport",
            change="repairrun",
        ),
        *_rights(
            "evaluation",
            view="evaluation modelcall claudeswitch",
            add="claudeswitch",
            change="claudeswitch",
        ),
        *_rights("judge", view="coderun caseset enginereport", change="coderun"),
        *_rights("sessions_app", view="outage"),
    ),
}
