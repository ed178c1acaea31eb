"""What Judge0 and Piston have in common: both offer languages by version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from judge.engines.errors import EngineUnavailable
from judge.types import LANGUAGES, Language, LanguageStatus, Probe

MOST = 2**31 - 1


def probe_of(
    name: str, title: str, *, url: str, versions: Callable[[], Mapping[Language, str]]
) -> Probe:
    """`versions` asks the server; one that cannot be asked has no languages."""
    try:
        found = versions()
    except EngineUnavailable as error:
        return Probe.failed(name, str(error))
    if not found:
        return Probe.failed(name, f"{title} offers none of the four languages.")
    languages = tuple(
        LanguageStatus(language, available=True, version=found[language])
        if language in found
        else LanguageStatus(language, available=False, reason=f"{title} does not offer it.")
        for language in LANGUAGES
    )
    return Probe(ok=True, engine=name, languages=languages, facts={"url": url})


def whole(value: Any, *, times: int = 1, least: int = 0, most: int = MOST) -> int | None:
    """A number that the server says, times `times`, as a column holds it; None where it says none.

    Raises ValueError or TypeError for what no program takes: JSON knows numbers without end, and
    a number below `least` or above `most` is none that was measured.
    """
    if value is None:
        return None
    number = times * float(value)
    if not least <= number <= most:  # also for NaN
        raise ValueError(f"{value!r} is out of range")
    return round(number)
