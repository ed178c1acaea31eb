"""Reads single fields of a bank file and notes what is wrong with them, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class BankProblem:
    """One thing that an author has to correct."""

    file: str
    question: str
    field: str
    message: str

    def __str__(self) -> str:
        place = [self.file, f"question {self.question}" if self.question else "", self.field]
        return ": ".join([*filter(None, place), self.message])


class Place:
    """The path of what is being read, named in each problem."""

    def __init__(self, file: str, problems: list[BankProblem], question: str = "") -> None:
        self.file, self.question, self._problems = file, question, problems

    def within(self, question: str) -> Place:
        return Place(self.file, self._problems, question)

    def problem(self, field_name: str, message: str) -> None:
        self._problems.append(BankProblem(self.file, self.question, field_name, message))

    def text(self, data: dict[str, Any], key: str, prefix: str = "", longest: int = 60_000) -> str:
        """A required text; absent, blank or too long ones are noted and read as ''."""
        value, name = data.get(key), f"{prefix}{key}"
        if not isinstance(value, str) or not value.strip():
            self.problem(name, "a text is missing here")
            return ""
        if len(value) > longest:
            self.problem(name, f"is longer than {longest} characters")
        return value.strip()

    def whole(self, data: dict[str, Any], key: str, low: int, high: int, default: int = 0) -> int:
        value = data.get(key, default)
        if type(value) is not int or not low <= value <= high:
            self.problem(key, f"must be a whole number from {low} to {high}, not {value!r}")
            return low
        return value

    def one_of(self, data: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str:
        value = data.get(key)
        if value not in allowed:
            self.problem(key, f"must be one of {', '.join(allowed)}, not {value!r}")
            return ""
        return str(value)

    def slug(self, data: dict[str, Any]) -> str:
        value = self.text(data, "slug", longest=80)
        if value and not SLUG.match(value):
            self.problem("slug", f"{value!r} must be lower-case words joined by hyphens")
        return value

    def texts(self, value: Any, name: str) -> tuple[str, ...]:
        """A list of texts; numbers are taken as their text, since YAML reads 100 as a number."""
        if value is None:
            return ()
        if not isinstance(value, list):
            self.problem(name, "must be a list of texts")
            return ()
        for index, item in enumerate(value):
            if isinstance(item, (dict, list, bool)) or item is None or not str(item).strip():
                self.problem(f"{name}[{index}]", "must be a text (quote it if it holds a colon)")
        return tuple(str(item).strip() for item in value)

    def mappings(self, value: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        if value is not None and not isinstance(value, list):
            self.problem(name, "must be a list")
            return
        for index, item in enumerate(value or []):
            if isinstance(item, dict):
                yield f"{name}[{index}].", item
            else:
                self.problem(f"{name}[{index}]", "must hold named fields")

    def known(self, data: dict[str, Any], allowed: set[str], prefix: str = "") -> None:
        for key in data:
            if key not in allowed:
                self.problem(f"{prefix}{key}", "is not a field that we know")
