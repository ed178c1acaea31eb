"""How an answer grew: each save as the change of a text that an earlier save had left.

Pure functions; `services.growth` and the shared statement of `hot` store what they give. A change
names the version that it builds on, so that processes which saw different saves need not agree,
and one that is missing spoils no other's words.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from sessions_app.proctoring.models.records import text_of

STEP = 64
MOST_KEPT_CHARACTERS = 16 * 2**20
NOTHING: tuple[None, None, int] = (None, None, 0)


class Change(NamedTuple):
    """From `start`, `removed` characters of the text of version `base` become `inserted`; without a
    base (None) `inserted` is the whole text."""

    base: int | None
    start: int
    removed: int
    inserted: str
    language: str = ""

    def applied_to(self, text: str) -> str:
        return text[: self.start] + self.inserted + text[self.start + self.removed :]


def change_of(
    old: str | None, new: str, *, base: int | None, language: str = "", near: int = 0
) -> Change:
    """The shortest single replacement that makes `new` of `old`; quickest when it begins after
    `near`, where somebody was writing before."""
    if old is None or base is None:
        return Change(None, 0, 0, new, language)
    room = min(len(old), len(new))
    near = max(0, min(near, room) - STEP)
    if old[:near] != new[:near]:
        near = 0
    start = near + _common(old[near:], new[near:], room - near)
    room -= start
    # What follows a few typed characters is mostly as it was.
    rest = max(0, room - STEP)
    if rest and old[len(old) - rest :] != new[len(new) - rest :]:
        rest = 0
    one, other = old[start : len(old) - rest][::-1], new[start : len(new) - rest][::-1]
    end = rest + _common(one, other, room - rest)
    return Change(base, start, len(old) - start - end, new[start : len(new) - end], language)


def language_of(value: Any) -> str:
    found = value.get("language") if isinstance(value, dict) else ""
    return found if isinstance(found, str) else ""


def packed(changes: Mapping[str, Change | None]) -> str:
    """As stored: JSON `{answer key: [base, start, removed, inserted, language]}`; null: removed."""
    return orjson.dumps({key: change and tuple(change) for key, change in changes.items()}).decode()


class LastTexts:
    """What this process saved last of each answer, the latest used, at most 16 Mi characters."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # {(candidate, key): (version, text, where it was changed last)}
        self._texts: OrderedDict[tuple[UUID, str], tuple[int, str, int]] = OrderedDict()
        self._size = 0

    def changes(self, candidate_id: UUID, answers: Mapping[str, Any]) -> dict[str, Change]:
        made = {}
        for key, value in answers.items():
            base, old, near = self._texts.get((candidate_id, key), NOTHING)
            made[key] = change_of(
                old, text_of(value), base=base, language=language_of(value), near=near
            )
        return made

    def keep(
        self,
        candidate_id: UUID,
        answers: Mapping[str, Any],
        *,
        version: int,
        changes: Mapping[str, Change],
    ) -> None:
        """Only once they are stored: a base that was not would be of no use."""
        with self._lock:
            for key, value in answers.items():
                text, place = text_of(value), (candidate_id, key)
                old = self._texts.pop(place, NOTHING)[1] or ""
                self._texts[place] = (version, text, changes[key].start)
                self._size += len(text) - len(old)
            while self._size > MOST_KEPT_CHARACTERS:
                _, (_, old, _) = self._texts.popitem(last=False)
                self._size -= len(old)


def _common(one: str, other: str, most: int) -> int:
    """How many characters both begin with, at most `most`: by doubling, then by halving, since
    comparing slices is far cheaper than characters one by one."""
    low, step = 0, STEP
    while low < most:
        high = min(low + step, most)
        if one[low:high] != other[low:high]:
            break
        low, step = high, 2 * step
    else:
        return low
    while high - low > 1:  # the first difference is from low on and before high
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low
