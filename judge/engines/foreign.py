"""What Judge0 and Piston have in common: both offer languages by version."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from judge.engines.errors import EngineUnavailable
from judge.types import LANGUAGES, Language, LanguageStatus, Probe


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
