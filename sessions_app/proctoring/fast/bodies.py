"""What the fast path reads and writes by hand. `None` means: Django shall look at this one."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import orjson

from common.clock import iso
from sessions_app.proctoring.fast.saver import Merged, PlainSave
from sessions_app.proctoring.fast.writer import Sent, Stamped
from sessions_app.proctoring.services.beats import OTHER_TAB_FOR

Environ = dict[str, Any]
LONGEST_BEAT = 1024
LONGEST_SAVE = 60 * 1024  # below the limit of one value, so no value can be over it
LARGEST_SEQUENCE = 2**53
ESCAPED_NUL = rb"\u0000"  # the one text that orjson reads and PostgreSQL cannot keep


def read_json(environ: Environ, *, longest: int) -> Any:
    """The body as JSON, `{}` when empty, None when it is not ours to judge; can be read again."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > longest or environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    raw = environ["wsgi.input"].read(int(length)) if length != "0" else b""
    environ["wsgi.input"] = BytesIO(raw)
    if not raw:
        return {}
    try:
        sent = None if ESCAPED_NUL in raw else orjson.loads(raw)
    except orjson.JSONDecodeError:  # lone surrogates too
        return None
    return sent if isinstance(sent, dict) else None


def sender_of(sent: dict[str, Any]) -> tuple[str, int | None] | None:
    tab, sequence = sent.get("tab_id", ""), sent.get("sequence")
    if not isinstance(tab, str) or len(tab) > 100:
        return None
    if sequence is not None:
        if isinstance(sequence, bool) or not isinstance(sequence, int):
            return None
        if not 0 <= sequence <= LARGEST_SEQUENCE:
            return None
    return tab, sequence


def plain_save(environ: Environ, candidate_id: UUID, at: datetime) -> PlainSave | None:
    """A save of the plain kind: named tab and sequence, nothing removed, no section finished."""
    if "HTTP_IDEMPOTENCY_KEY" in environ or not is_json(environ):
        return None
    sent = read_json(environ, longest=LONGEST_SAVE)
    sender = sender_of(sent) if sent else None
    if not sent or sender is None or not sender[0] or sender[1] is None:
        return None
    answers = sent.get("pending_answers")
    if sent.get("sections_completed", []) != [] or not isinstance(answers, dict):
        return None
    good = all(len(key) <= 100 and isinstance(v, (str, dict)) for key, v in answers.items())
    return PlainSave(candidate_id, at, answers, sender[0], sender[1]) if good else None


def is_json(environ: Environ) -> bool:
    return environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == "application/json"


def beat_body(sent: Sent, stamped: Stamped) -> bytes:
    now = iso(sent.at)
    stamp = "last_heartbeat" if sent.is_beat else "last_activity"
    body = {"success": True, stamp: now, "deadline": iso(stamped.deadline), "status": "active"}
    if sent.is_beat:
        body["other_tab"] = _is_other_tab(sent, stamped)
    return orjson.dumps({**body, "server_time": now})


def merged_body(save: PlainSave, merged: Merged) -> bytes:
    return orjson.dumps(
        {
            "success": True,
            "sections_completed": orjson.Fragment(merged.sections),
            "pending_answers": orjson.Fragment(merged.answers),
            "replaced": {},  # a save that replaces another tab's words goes to Django
            "deadline": iso(merged.deadline),
            "status": "active",
            "server_time": iso(save.at),
        }
    )


def _is_other_tab(sent: Sent, stamped: Stamped) -> bool:
    old = stamped.old_tab
    if not (sent.tab and old and stamped.old_heartbeat) or old == sent.tab:
        return False
    return sent.at - stamped.old_heartbeat < OTHER_TAB_FOR
