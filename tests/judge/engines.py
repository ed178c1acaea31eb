"""An engine for tests of the queue: it runs nothing and says what it was told to say. What it
cannot show stands in the tests with the real sandbox."""

from __future__ import annotations

from collections.abc import Callable

from judge.types import LANGUAGES, CaseResult, LanguageStatus, Probe, RunAnswer, RunJob


class FakeEngine:
    """`answer(job)` is its answer, or raises; by default each input comes back as the output."""

    name = "said"

    def __init__(
        self,
        answer: Callable[[RunJob], RunAnswer] | None = None,
        *,
        probe: Probe | None = None,
    ) -> None:
        self.answer = answer or echoed
        self.said = probe or able()
        self.jobs: list[RunJob] = []

    def probe(self) -> Probe:
        return self.said

    def run(self, job: RunJob) -> RunAnswer:
        self.jobs.append(job)
        return self.answer(job)


def able(*languages: str) -> Probe:
    """A probe that is ok with these languages, by default all."""
    wanted = languages or LANGUAGES
    statuses = (LanguageStatus(name, name in wanted, reason="not here") for name in LANGUAGES)
    return Probe(ok=True, engine="said", languages=tuple(statuses))


def echoed(job: RunJob) -> RunAnswer:
    cases = tuple(CaseResult("ended", cpu_ms=3, exit_code=0, stdout=text) for text in job.inputs)
    return ran(*cases)


def ran(*cases: CaseResult) -> RunAnswer:
    return RunAnswer("ran", cases, engine="said", version="1", language_version="3.11")
