"""Evidence: attached to a practice log or to a skill; metadata only, never a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import storage
from common.drafts import size_of
from common.errors import Invalid
from tracking import rules
from tracking.models import Evidence, PracticeLog, Skill, Trash
from tracking.services.row_limits import refuse_too_many
from tracking.services.trash import locked, move_to_trash


@transaction.atomic
def add_evidence(  # noqa: PLR0913 - the fields of the document
    *,
    user: User,
    evidence_type: str,
    now: datetime,
    skill: Skill | None = None,
    log: PracticeLog | None = None,
    content: str = "",
    title: str = "",
    metadata: dict[str, Any] | None = None,
) -> Evidence:
    """Needs a skill or a log; both must agree. `metadata` belongs to screenshots:
    `{filename, size_bytes, uploaded_at, storage_url}`, all but the name optional."""
    owner = _skill_of(skill, log)
    fields = _wrong(evidence_type, content, metadata)
    if fields:
        raise Invalid(f"Please correct: {', '.join(fields)}.", fields=fields)
    metadata = metadata or {}
    row = Evidence(
        user=user,
        skill=owner,
        log=log,
        evidence_type=evidence_type,
        title=title,
        content=content,
        filename=metadata.get("filename", ""),
        size_bytes=metadata.get("size_bytes"),
        uploaded_at=(metadata.get("uploaded_at") or now) if metadata else None,
        storage_url=metadata.get("storage_url") or "",
        created_at=now,
    )
    row.stored_bytes = size_of(row.title, row.content, row.filename, row.storage_url)
    storage.add_bytes(user=user, now=now, evidence=row.stored_bytes)
    refuse_too_many(user_id=user.pk, adding=[row])
    row.save(force_insert=True)
    return row


@transaction.atomic(durable=True)
def delete_evidence(*, evidence: Evidence, now: datetime) -> Trash:
    """Of two at once the second finds nothing, and gives no bytes back."""
    storage.lock(user_id=evidence.user_id)  # before the evidence, as where it is added
    return move_to_trash(locked(Evidence.objects.filter(pk=evidence.pk)), now=now)


def _skill_of(skill: Skill | None, log: PracticeLog | None) -> Skill:
    if log is None and skill is None:
        sentence = "Say which practice log or skill this belongs to."
        raise Invalid(sentence, fields={"practice_log_id": [sentence], "skill_id": [sentence]})
    if log is None:
        assert skill is not None
        return skill
    if skill is not None and skill.pk != log.skill_id:
        sentence = "This practice log belongs to another skill."
        raise Invalid(sentence, fields={"skill_id": [sentence]})
    return log.skill


def _wrong(
    evidence_type: str, content: str, metadata: dict[str, Any] | None
) -> dict[str, list[str]]:
    if evidence_type == Evidence.Type.SCREENSHOT:
        if not metadata or not str(metadata.get("filename") or "").strip():
            return {"metadata": ["filename: This is required."]}
        url = metadata.get("storage_url") or ""
        if url and (wrong := rules.wrong_url(url)):
            return {"metadata": [f"storage_url: {wrong}"]}
    elif metadata:
        return {"metadata": ["Only screenshots have metadata."]}
    elif not content.strip():
        return {"content": ["This is required."]}
    is_link = evidence_type == Evidence.Type.LINK
    wrong = rules.wrong_url(content) if is_link else rules.wrong_note(content)
    return {"content": [wrong]} if wrong else {}
