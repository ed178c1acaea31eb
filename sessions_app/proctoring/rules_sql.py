"""The rules of a live test as the database applies them, each spelled once.

The conditions are Django's and hold for beat rows on PostgreSQL and SQLite alike: sweeps and
services use them in querysets, the shared statements of `hot` have them written out (`as_text`).
`rules` says the same of one session in Python; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateTimeField, F, Model, Q
from django.db.models.expressions import RawSQL
from psycopg import ClientCursor, Connection

from sessions_app.proctoring.rules import DEADLINE_GRACE, HEARTBEAT_TIMEOUT

# A moment, or SQL that gives each row its own (`each_row`).
Moment = Any


def is_silent(at: Moment) -> Q:
    """No beat for 5 minutes, and the silence began before the deadline."""
    return Q(
        last_heartbeat__lt=at - HEARTBEAT_TIMEOUT,
        deadline__gt=F("last_heartbeat") + HEARTBEAT_TIMEOUT,
    )


def is_past_deadline(at: Moment) -> Q:
    """The deadline and its 30 s of grace are over; holds for sessions too."""
    return Q(deadline__lt=at - DEADLINE_GRACE)


def is_alive(at: Moment) -> Q:
    """Nothing is due: a beat may be stored without reading the session."""
    return ~is_silent(at) & ~is_past_deadline(at)


# A beat never sets a stamp back: requests may overtake each other. `{at}` is when it came,
# `{active_at}` the same when the candidate did something, else NULL.
MERGED_STAMPS = """
    last_heartbeat = GREATEST(test_session_beat.last_heartbeat, {at}),
    last_activity = GREATEST(test_session_beat.last_activity, {active_at})"""

# The last write of a key wins (`services.answers.merge_answers`).
MERGED_ANSWERS = "stored.pending_answers || sent.answers"
MERGED_WRITERS = """stored.writers || COALESCE(
    (SELECT jsonb_object_agg(change.key, jsonb_build_array(
                sent.tab, sent.sequence, stored.answers_version + 1))
     FROM jsonb_object_keys(sent.answers) AS change(key)), '{}')"""

# Some key would replace what another tab, or a later save of this one, has written; the replaced
# value is kept as a revision. The writer is compared first: then nearly no answer is.
REPLACES_ANOTHER_TABS = """EXISTS (
    SELECT 1 FROM jsonb_object_keys(sent.answers) AS change(key)
    WHERE NOT COALESCE(stored.writers -> change.key ->> 0 = sent.tab
                       AND (stored.writers -> change.key ->> 1)::bigint < sent.sequence, false)
      AND stored.pending_answers -> change.key <> sent.answers -> change.key)"""


def each_row(column: str) -> RawSQL:
    """A moment that stands in a column of the statement."""
    return RawSQL(column, (), output_field=DateTimeField())


def as_text(condition: Q, *, model: type[Model], server: Connection) -> str:
    """A condition on rows of `model` as PostgreSQL's text, its values written out."""
    query = model._default_manager.filter(condition).query
    where, params = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.where)
    return ClientCursor(server).mogrify(where, params)
