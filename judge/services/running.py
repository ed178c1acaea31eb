"""Running the queue: claim the next, run it outside any transaction, store once."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings

from common.clock import now as clock_now
from judge.checkers import is_accepted
from judge.engines import Engine, EngineUnavailable
from judge.generating import BadRecipe
from judge.models import CaseResult, CodeRun, Verdict
from judge.services.storing import Judged, store_failure, store_judged
from judge.specs import Case, CaseSpec
from judge.types import CaseResult as Ran
from judge.types import RunAnswer, RunJob

logger = logging.getLogger(__name__)

# Until the row is read, and its own lease is known.
FIRST_LEASE = timedelta(seconds=60)
LEASE_MARGIN = timedelta(seconds=15)
COMPILE_OUTPUT_BYTES = 8 * 1024
SHOWN_OUTPUT_BYTES = 64 * 1024
HIDDEN_OUTPUT_BYTES = 4 * 1024


def run_next(*, engine: Engine, languages: Collection[str]) -> CodeRun | None:
    """Claim the next due run in one of the languages and carry it out; None when none is due.

    Samples before scoring. Never raises for anything that a program or an engine does: each fault
    ends in the row, with its next try.
    """
    due = CodeRun.objects.filter(tries__lt=settings.JUDGE_MAX_TRIES).in_languages(languages)
    now = clock_now()
    run = due.in_order().claim_next(
        now=now, lease=FIRST_LEASE, status=CodeRun.Status.RUNNING, started_at=now
    )
    if run is None:
        return None
    try:
        spec = CaseSpec.from_rows(run.case_set.cases, run.case_set.limits)
        limits = spec.limits.in_language(run.language)
        lease = timedelta(seconds=limits.budget_seconds(len(spec.cases))) + LEASE_MARGIN
        if not CodeRun.objects.extend(run, now=clock_now(), lease=lease):
            return run
        judged = run_program(engine, spec, language=run.language, source=run.source)
    except (EngineUnavailable, BadRecipe) as error:
        logger.warning("run %s: %s", run.pk, error)
        store_failure(run, str(error), now=clock_now())
        return run
    except Exception:
        logger.exception("run %s broke", run.pk)
        store_failure(run, "The run broke; the log says how.", now=clock_now())
        return run
    if judged.failure:
        logger.warning("run %s: %s", run.pk, judged.failure)
        store_failure(run, judged.failure, now=clock_now())
    else:
        store_judged(run, judged, now=clock_now())
    return run


def run_program(engine: Engine, spec: CaseSpec, *, language: str, source: str) -> Judged:
    """A program with every case, and its verdict. Raises EngineUnavailable, BadRecipe."""
    texts = [case.texts() for case in spec.cases]
    job = RunJob(
        language=language,  # type: ignore[arg-type]  # callers take only those of the engine
        source=source,
        inputs=tuple(given for given, _ in texts),
        limits=spec.limits.in_language(language),
    )
    return judge_answer(engine.run(job), spec, [expected for _, expected in texts])


def judge_answer(answer: RunAnswer, spec: CaseSpec, expected: list[str | None]) -> Judged:
    """The verdict of a run by what the engine saw; `failure` when there is none by our fault."""
    known: dict[str, Any] = {
        "engine": f"{answer.engine} {answer.version}".strip()[:80],
        "versions": {"language": answer.language_version},
        "compile_output": clean(answer.compile_output, COMPILE_OUTPUT_BYTES)[0],
    }
    if answer.outcome == "compile_error":
        return Judged(verdict=Verdict.COMPILE_ERROR, **known)
    if answer.outcome != "ran":
        return Judged(failure=answer.reason or "The engine failed.")
    if len(answer.cases) != len(spec.cases):
        return Judged(failure="The engine left out cases.")
    results = [
        result_of(number, case, ran, wanted, spec)
        for number, (case, ran, wanted) in enumerate(
            zip(spec.cases, answer.cases, expected, strict=True), start=1
        )
    ]
    internal = next((r for r in results if r.verdict == Verdict.INTERNAL_ERROR), None)
    if internal is not None:
        return Judged(failure=f"Case {internal.number}: {internal.error or 'the engine failed'}")
    bad = (result.verdict for result in results if result.verdict not in ("", Verdict.ACCEPTED))
    accepted = all(result.verdict == Verdict.ACCEPTED for result in results)
    verdict = next(bad, Verdict.ACCEPTED if accepted else "")
    return Judged(verdict=verdict, results=results, **known)


def result_of(
    number: int, case: Case, ran: Ran, expected: str | None, spec: CaseSpec
) -> CaseResult:
    """One case, not saved. Its verdict is empty when it ended and nothing was expected of it."""
    verdict: str = "" if ran.outcome == "ended" else ran.outcome
    if ran.outcome == "ended" and expected is not None:
        same = is_accepted(spec.limits.checker, expected=expected, actual=ran.stdout)
        verdict = Verdict.ACCEPTED if same else Verdict.WRONG_ANSWER
    kept = HIDDEN_OUTPUT_BYTES if case.hidden else SHOWN_OUTPUT_BYTES
    output, output_cut = clean(ran.stdout, kept)
    said = "\n".join(part for part in (ran.note, ran.stderr) if part)
    return CaseResult(
        number=number,
        verdict=verdict,
        cpu_ms=ran.cpu_ms or 0,
        wall_ms=ran.wall_ms or 0,
        memory_kb=ran.memory_kb or 0,
        exit_code=ran.exit_code,
        signal=ran.signal,
        weight=case.weight,
        points=case.weight if verdict == Verdict.ACCEPTED else 0,
        output=output,
        output_cut=output_cut,
        error=clean(said, COMPILE_OUTPUT_BYTES)[0],
    )


def clean(text: str, most: int) -> tuple[str, bool]:
    """The first `most` bytes as text that the database takes, and whether something was cut."""
    data = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace")
    return data[:most].decode(errors="ignore"), len(data) > most
