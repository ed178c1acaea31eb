"""Keyset pages of practice logs by (date, id): the same cost at row 10 and at row 18,000.

DRF's cursor walks ties by offset and stops after a thousand; a bulk import can put more than that
on one date.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.utils.urls import replace_query_param

from common.http.pagination import NewestFirst
from tracking.querysets import PracticeLogQuerySet
from tracking.selectors.cursors import cursor_after, read_cursor


class OldestFirst(NewestFirst):
    ordering = ("id",)


class LogPages(NewestFirst):
    """`cursor` names the last row that was shown."""

    def paginate_queryset(  # type: ignore[override]  # pages of logs alone
        self, queryset: PracticeLogQuerySet, request: Any, view: Any = None
    ) -> list[Any]:
        self.request = request
        size = self.get_page_size(request)
        if cursor := request.query_params.get(self.cursor_query_param):
            queryset = queryset.older_than(*_read(cursor))
        # One more than the page says whether there is a next one; nothing is counted.
        rows = list(queryset.newest_first()[: size + 1])
        self.last_shown = rows[size - 1] if len(rows) > size else None
        return rows[:size]

    def get_next_link(self) -> str | None:
        if self.last_shown is None:
            return None
        row = self.last_shown
        url = self.request.build_absolute_uri()
        cursor = cursor_after(row.date_practiced, row.pk)
        return replace_query_param(url, self.cursor_query_param, cursor)


def _read(cursor: str) -> tuple[date, int]:
    place = read_cursor(cursor)
    if place is None:
        raise ValidationError({"cursor": ["This is not a cursor of ours."]})
    return place
