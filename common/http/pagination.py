"""Keyset pagination: newest first, the same cost at row 10 and at row 18,000."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as NotOfThisType
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import APIView

from common.text import whole_number

MAX_PAGE_SIZE = 200


def _not_ours() -> ValidationError:
    return ValidationError({"cursor": ["This is not a cursor of ours."]})


class NewestFirst(CursorPagination):
    """`{"results": […], "next": url|null}`; `page_size` 1–200, default 50. Set `ordering`."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    ordering: tuple[str, ...] | str = ("-id",)

    @classmethod
    def answer(cls, rows: QuerySet, view: APIView, output: Callable[[Any], Any]) -> Response:
        """A page of `rows`, each as `output` (`SkillOutput.of`) makes it."""
        pages = cls()
        page = pages.paginate_queryset(rows, view.request, view=view)
        return pages.get_paginated_response([output(row) for row in page or ()])

    def get_page_size(self, request: Any) -> int:
        raw = request.query_params.get(self.page_size_query_param)
        if raw is None:
            return self.page_size
        size = whole_number(raw)
        if size is None or not 1 <= size <= MAX_PAGE_SIZE:
            raise ValidationError({"page_size": [f"Must be between 1 and {MAX_PAGE_SIZE}."]})
        return size

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return (self.ordering,) if isinstance(self.ordering, str) else tuple(self.ordering)

    def paginate_queryset(  # type: ignore[override]  # only query sets have a place to go on from
        self, queryset: QuerySet, request: Any, view: Any = None
    ) -> list | None:
        cursor = self.decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            self._check_position(queryset, cursor.position, view)
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Any) -> Any:
        """Accepts only forward cursors with a position; DRF's decoder accepts much more."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise _not_ours() from error
        leads_nowhere = cursor is not None and cursor.position is None and not cursor.offset
        if leads_nowhere or (cursor is not None and cursor.reverse):
            raise _not_ours()
        return cursor

    def _check_position(self, queryset: QuerySet, position: str, view: Any) -> None:
        """A position is a value of the first column of the order, else a database error."""
        name = self.get_ordering(None, queryset, view)[0].removeprefix("-")
        try:
            queryset.model._meta.get_field(name).to_python(position)
        except FieldDoesNotExist:
            return
        except NotOfThisType as error:
            raise _not_ours() from error

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": "string", "nullable": True, "format": "uri"},
            },
        }
