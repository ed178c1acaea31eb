"""How an answer grew, for staff: its steps in order, and what of it was pasted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.policies import as_uuid
from sessions_app.assessments.selectors.plans import points_in
from sessions_app.proctoring.growth import Change, change_of
from sessions_app.proctoring.models import ProctoredSession, SessionEvent

# Bases that a later step may name: each process builds on what it saved last.
TEXTS_KEPT = 256
# A paste is reported by the page and saved with the next save, later when the line was away.
PASTE_BEFORE, PASTE_AFTER = timedelta(seconds=5), timedelta(minutes=5)
LEAST_PASTE = 20  # characters; fewer are a word that was moved


class Step(NamedTuple):
    """One save of one answer, as the change of the text before it."""

    at: datetime
    change: Change
    pasted: bool


@dataclass(frozen=True)
class Growth:
    """`text` is what the steps come to. `spans` are its parts, pasted or not."""

    steps: tuple[Step, ...]
    text: str

    @property
    def spans(self) -> list[tuple[str, bool]]:
        marks = bytearray()
        for step in self.steps:
            start, removed, inserted = step.change.start, step.change.removed, step.change.inserted
            marks[start : start + removed] = bytes([step.pasted]) * len(inserted)
        together = groupby(zip(self.text, marks, strict=True), key=lambda pair: bool(pair[1]))
        return [("".join(char for char, _ in some), pasted) for pasted, some in together]


Plates = Mapping[str, Mapping[str, str]]


def growths_of(
    session: ProctoredSession, keys: Iterable[str], *, plates: Plates
) -> dict[str, Growth]:
    """Of these answers, in two statements. `plates` {key: {language: boiler plate}} is what stood
    in the editor before."""
    saves: dict[str, list[tuple[datetime, int, Any]]] = {key: [] for key in keys}
    for version, at, changes in session.steps.values_list("version", "at", "changes"):
        for key, change in orjson.loads(changes).items():
            if key in saves:
                saves[key].append((at, version, change))
    pastes = _pastes(session)
    return {key: _growth(saves[key], pastes.get(key, []), plates.get(key, {})) for key in saves}


def _growth(
    saves: list[tuple[datetime, int, Any]],
    pastes: list[tuple[datetime, int]],
    plates: Mapping[str, str],
) -> Growth:
    steps: list[Step] = []
    before, waiting = "", list(pastes)
    for at, text, language in _texts(saves):
        if not steps and plates.get(language):
            before = plates[language]
            steps.append(Step(at, Change(None, 0, 0, before, language), pasted=False))
        change = change_of(before, text, base=0, language=language)
        paste = next(
            (
                (moment, size)
                for moment, size in waiting
                if moment - PASTE_BEFORE <= at <= moment + PASTE_AFTER
                and 10 * len(change.inserted) >= 9 * size
            ),
            None,
        )
        if paste:
            waiting.remove(paste)
        steps.append(Step(at, change, bool(paste)))
        before = text
    return Growth(tuple(steps), before)


def _texts(saves: list[tuple[datetime, int, Any]]) -> Iterator[tuple[datetime, str, str]]:
    """The text after each save; a save whose base is unknown is left out."""
    known: OrderedDict[int, str] = OrderedDict()
    for at, version, packed in saves:
        change = Change(None, 0, 0, "") if packed is None else Change(*packed)
        if change.base is None:
            text = change.inserted
        elif change.base in known:
            known.move_to_end(change.base)
            text = change.applied_to(known[change.base])
        else:
            continue
        known[version] = text
        if len(known) > TEXTS_KEPT:
            known.popitem(last=False)
        yield at, text, change.language


def _pastes(session: ProctoredSession) -> dict[str, list[tuple[datetime, int]]]:
    """{answer key: [(when, characters)]}; the page names the question by its number."""
    keys = list(points_in(session.plan))
    found: dict[str, list[tuple[datetime, int]]] = {}
    reports = session.events.filter(kind=SessionEvent.Kind.INTEGRITY, type="paste").order_by("at")
    for at, detail in reports.values_list("at", "detail"):
        number, size = detail.get("question"), detail.get("characters")
        is_known = type(number) is int and 0 < number <= len(keys)
        if is_known and type(size) is int and size >= LEAST_PASTE:
            found.setdefault(keys[number - 1], []).append((at, size))
    return found


def steps_of(session: ProctoredSession, key: str) -> dict[str, Any]:
    """For the page's player: `steps` are [seconds since the start, start, removed, inserted,
    language, pasted], with places in UTF-16 units as browsers count."""
    pk = as_uuid(key)
    question = CodingQuestion.objects.filter(pk=pk).first() if pk else None
    plates = {key: question.boiler_plate} if question else {}
    growth, text, rows = growths_of(session, [key], plates=plates)[key], "", []
    for at, change, pasted in growth.steps:
        seconds = round((at - session.test_start_time).total_seconds(), 1)
        start = _units(text[: change.start])
        removed = _units(text[change.start : change.start + change.removed])
        rows.append([seconds, start, removed, change.inserted, change.language, pasted])
        text = change.applied_to(text)
    return {"steps": rows}


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
