"""Keyset pages of practice logs by (date, id): the same cost at row 10 and at row 18,000.

DRF's cursor walks ties by offset and stops after a thousand; a bulk import can put more than that
on one date.
"""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.utils.urls import replace_query_param

from common.http.pagination import NewestFirst
from tracking.querysets import PracticeLogQuerySet
from tracking.selectors.cursors import page_after, read_cursor


class OldestFirst(NewestFirst):
    ordering = ("id",)


class LogPages(NewestFirst):
    """`cursor` names the last row that was shown."""

    def paginate_queryset(  # type: ignore[override]  # pages of logs alone
        self, queryset: PracticeLogQuerySet, request: Any, view: Any = None
    ) -> list[Any]:
        cursor = request.query_params.get(self.cursor_query_param)
        place = read_cursor(cursor) if cursor else None
        if cursor and place is None:
            raise ValidationError({"cursor": ["This is not a cursor of ours."]})
        self.request = request
        rows, self.following = page_after(queryset, place, self.get_page_size(request))
        return rows

    def get_next_link(self) -> str | None:
        url = self.request.build_absolute_uri()
        name = self.cursor_query_param
        return replace_query_param(url, name, self.following) if self.following else None
