"""A run from the request to its verdict: what is stored, in which order, and what is not."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from common import clock
from judge import generating, subjects
from judge.engines import EngineUnavailable
from judge.models import CaseSet, CodeRun, EngineReport
from judge.selectors.health import FRESH_FOR, runner_health
from judge.selectors.runs import place_of, queue_state, shown_cases
from judge.services.requests import cancel_runs
from judge.services.running import run_next
from judge.services.storing import give_up
from judge.services.working import work
from judge.specs import Case
from judge.transitions import MOVES, IllegalMove, may_move, move
from judge.types import LANGUAGES, CaseResult, Probe, RunAnswer
from tests.judge.engines import FakeEngine, able, ran
from tests.judge.factories import Priority, ask, spec_of
from tests.services import on_sqlite
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def carry_out(run: CodeRun, engine: FakeEngine) -> CodeRun:
    """One try of what is due first, which is the run."""
    assert run_next(engine=engine, languages=LANGUAGES).pk == run.pk
    run.refresh_from_db()
    return run


def outcome(*outcomes: str) -> FakeEngine:
    return FakeEngine(lambda job: ran(*(CaseResult(o, stdout="?") for o in outcomes)))


@pytest.fixture
def told():
    """The runs whose subject was told, of the kind "told"."""
    heard: list[tuple[int, str, str]] = []
    subjects.register("told", lambda run: heard.append((run.pk, run.status, run.verdict)))
    yield heard
    subjects._registered.pop("told")


def test_points_are_the_weight_of_the_passed_cases(told):
    spec = spec_of(Case("a", "a", weight=1), Case("b", "x", weight=3), Case("c", "c ", weight=2))

    run = carry_out(ask(spec=spec, kind="told"), FakeEngine())

    assert (run.status, run.verdict) == ("done", "wrong_answer")
    assert (run.passed, run.earned, run.weight) == (2, 3, 6)
    assert [(r.verdict, r.points) for r in run.results.all()] == [
        ("accepted", 1), ("wrong_answer", 0), ("accepted", 2),
    ]  # fmt: skip
    assert told == [(run.pk, "done", "wrong_answer")]
    assert run.claim is None and run.finished_at and run.engine == "said 1"


def test_the_first_case_that_is_not_accepted_gives_the_verdict():
    for outcomes, verdict in [
        (("ended", "time_limit"), "wrong_answer"),
        (("memory_limit", "time_limit"), "memory_limit"),
        (("output_limit", "ended"), "output_limit"),
        (("runtime_error", "runtime_error"), "runtime_error"),
    ]:
        assert carry_out(ask(), outcome(*outcomes)).verdict == verdict


def test_a_source_that_does_not_compile_has_no_cases_and_its_messages_are_kept():
    said = RunAnswer("compile_error", compile_output="main.cpp:1: no\0" + "x" * 9000)

    run = carry_out(ask(language="cpp"), FakeEngine(lambda job: said))

    assert (run.status, run.verdict, run.earned) == ("done", "compile_error", 0)
    assert run.compile_output.startswith("main.cpp:1: no\N{REPLACEMENT CHARACTER}x")
    assert len(run.compile_output.encode()) <= 8192 and not run.results.exists()


def test_own_input_that_ends_by_itself_has_nothing_to_be_right_about():
    spec = spec_of(Case("hello"))

    run = carry_out(ask(spec=spec), FakeEngine())
    failed = carry_out(ask(spec=spec), outcome("runtime_error"))

    assert (run.status, run.verdict, run.results.get().output) == ("done", "", "hello")
    assert failed.verdict == "runtime_error"


def test_output_is_kept_in_part_and_without_what_the_database_cannot_hold():
    spec = spec_of(Case("x", hidden=True, output="x"), Case("y"))
    long = "é\0" * 40_000
    said = ran(*(CaseResult("ended", stdout=long, stderr="\0") for _ in range(2)))

    run = carry_out(ask(spec=spec), FakeEngine(lambda job: said))

    hidden, own = run.results.all()
    assert len(hidden.output.encode()) <= 4096 < len(own.output.encode()) <= 65536
    assert hidden.output_cut and own.output_cut and "\0" not in own.output + own.error


@pytest.mark.parametrize(
    "answer",
    [
        RunAnswer("internal_error", reason="no room"),
        ran(CaseResult("ended", stdout="a")),
        ran(CaseResult("ended", stdout="a"), CaseResult("internal_error")),
        EngineUnavailable("connection refused"),
        ZeroDivisionError(),
    ],
    ids=["job failed", "a case is missing", "a case failed", "away", "bug"],
)
def test_our_own_faults_are_tried_again_and_then_no_score(answer, told, settings):
    settings.JUDGE_MAX_TRIES = 2

    def answered(job):
        if isinstance(answer, Exception):
            raise answer
        return answer

    run = carry_out(ask(kind="told"), FakeEngine(answered))
    assert (run.status, run.verdict, run.tries) == ("queued", "", 1)
    assert run.next_try_at > clock.now() and run.error and not told
    CodeRun.objects.update(next_try_at=None)

    run = carry_out(run, FakeEngine(answered))

    assert (run.status, run.verdict) == ("failed", "internal_error")
    assert told == [(run.pk, "failed", "internal_error")]
    assert run_next(engine=FakeEngine(), languages=LANGUAGES) is None


def test_samples_come_before_scoring_and_only_languages_of_the_engine_are_claimed():
    scoring, java, sample = ask(), ask(language="java"), ask(priority=Priority.INTERACTIVE)
    assert [place_of(run) for run in (sample, scoring, java)] == [1, 2, 3]
    engine = FakeEngine(probe=able("python", "cpp"))

    assert work(engine=engine) == 2

    order = CodeRun.objects.filter(status="done").order_by("finished_at")
    assert list(order) == [sample, scoring] and place_of(order[0]) is None
    java.refresh_from_db()
    assert (java.status, java.tries, place_of(java)) == ("queued", 0, 1)
    assert work(engine=FakeEngine(probe=able())) == 0, "the report is kept for three minutes"
    EngineReport.objects.update(at=clock.now() - timedelta(minutes=4))
    assert work(engine=FakeEngine(probe=able())) == 1


def test_nothing_is_claimed_while_the_sandbox_does_not_hold():
    run = ask()
    engine = FakeEngine(probe=Probe.failed("said", "Landlock is refused"))

    assert work(engine=engine) == 0

    run.refresh_from_db()
    assert (run.status, run.tries, engine.jobs) == ("queued", 0, [])
    health = runner_health(now=clock.now())
    assert not health.ok and health.reason == "Landlock is refused"
    assert not any(status.available for status in health.languages)


def test_without_a_fresh_report_nothing_is_available():
    assert not runner_health(now=clock.now()).ok
    work(engine=FakeEngine(probe=able("python")))

    health = runner_health(now=clock.now())
    assert health.ok and health.of("python").available
    assert health.of("java").reason == "not here" and not health.of("java").available
    assert not runner_health(now=clock.now() + FRESH_FOR + timedelta(seconds=1)).ok


def test_cases_and_limits_are_stored_once_and_as_they_were():
    first, second = ask(), ask("print(1)")
    other = ask(spec=spec_of(cpu_seconds=3.0))

    assert first.case_set_id == second.case_set_id != other.case_set_id
    assert CaseSet.objects.count() == 2
    engine = FakeEngine()
    work(engine=engine)
    assert [job.limits.cpu_seconds for job in engine.jobs] == [2.0, 2.0, 3.0]


def test_a_limit_is_multiplied_by_the_factor_of_its_language():
    ask(language="java", spec=spec_of(factors={"java": 2.5}))
    engine = FakeEngine()
    work(engine=engine)
    assert engine.jobs[0].limits.cpu_seconds == 5.0


def test_a_large_case_is_a_recipe_that_the_worker_makes(monkeypatch):
    monkeypatch.setitem(generating._generators, "twice", lambda text: (text * 2, text * 2))
    recipe = Case(weight=1, hidden=True, made_by={"generate": "twice", "args": ["ab"]})

    run = carry_out(ask(spec=spec_of(recipe)), FakeEngine())

    assert run.verdict == "accepted" and "abab" not in str(run.case_set.cases)
    assert shown_cases(run)[0].input == "abab"


def test_a_recipe_that_nobody_knows_is_our_fault():
    recipe = Case(weight=1, made_by={"generate": "unheard", "args": []})
    run = carry_out(ask(spec=spec_of(recipe)), FakeEngine())
    assert run.status == "queued" and "unheard" in run.error


def test_the_first_difference_of_a_wrong_answer_is_shown():
    run = carry_out(ask(spec=spec_of(Case("1\n2\n3\n", "1\n9\n3"))), FakeEngine())
    found = shown_cases(run)[0].difference
    assert (found.line, found.expected, found.actual) == (2, "9", "2")


def test_every_pair_of_states():
    for source, target in product(CodeRun.Status.values, repeat=2):
        assert may_move(source, target) is (target in MOVES[source])
        if target not in MOVES[source]:
            with pytest.raises(IllegalMove):
                move(0, source=source, target=target)
    assert not any(MOVES[end] for end in ("done", "failed", "cancelled"))


def test_a_cancelled_run_takes_no_verdict_of_the_worker_that_has_it():
    run = ask()

    def cancelled_meanwhile(job):
        cancel_runs([run.pk], now=clock.now())
        return FakeEngine().answer(job)

    run = carry_out(run, FakeEngine(cancelled_meanwhile))

    assert (run.status, run.verdict) == ("cancelled", "") and not run.results.exists()


def test_a_worker_that_lost_its_claim_stores_nothing(told):
    run = ask(kind="told")
    slow = []

    def lost_meanwhile(job):
        if not slow:
            slow.append(job)
            CodeRun.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
            assert run_next(engine=FakeEngine(), languages=LANGUAGES).pk == run.pk
        return ran(CaseResult("runtime_error"), CaseResult("runtime_error"))

    run = carry_out(run, FakeEngine(lost_meanwhile))

    assert run.verdict == "accepted" and run.results.count() == 2
    assert told == [(run.pk, "done", "accepted")]


def test_a_run_that_kills_its_workers_is_given_up(told, settings):
    settings.JUDGE_MAX_TRIES = 2
    run, now = ask(kind="told"), clock.now()
    for _ in range(2):
        CodeRun.objects.claim(run.pk, now=now, lease=timedelta(seconds=1), status="running")
        now += timedelta(seconds=2)
    CodeRun.objects.update(claimed_until=clock.now() - timedelta(seconds=1))

    assert work(engine=FakeEngine()) == 0

    run.refresh_from_db()
    assert (run.status, run.verdict) == ("failed", "internal_error")
    assert told == [(run.pk, "failed", "internal_error")]
    give_up(run, now=clock.now())
    assert len(told) == 1


def test_the_database_refuses_a_verdict_before_the_end_and_points_without_one():
    run = ask()
    for wrong in ({"verdict": "accepted"}, {"status": "failed"}, {"earned": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CodeRun.objects.filter(pk=run.pk).update(**wrong)


def test_many_workers_run_each_row_exactly_once():
    """Eight at once over forty rows: no row twice, none left out."""
    runs = [ask(f"print({number})") for number in range(40)]
    engine = FakeEngine()

    results = run_together([lambda: work(engine=engine)] * (2 if on_sqlite() else 8))

    assert all(isinstance(count, int) for count in results), results
    assert sorted(job.source for job in engine.jobs) == sorted(run.source for run in runs)
    assert CodeRun.objects.filter(status="done", verdict="accepted", tries=1).count() == 40


def test_the_queue_says_what_waits_and_how_long_the_oldest_has():
    now = clock.now()
    assert queue_state(now=now).oldest_wait is None
    oldest, _, sample = ask(), ask(), ask(priority=Priority.INTERACTIVE)
    CodeRun.objects.filter(pk=oldest.pk).update(created_at=now - timedelta(minutes=7))
    cancel_runs([sample.pk], now=now)
    ask(priority=Priority.INTERACTIVE)

    state = queue_state(now=now)

    assert (state.waiting_samples, state.waiting_scoring) == (1, 2)
    assert state.oldest_wait == timedelta(minutes=7)
    assert state.by_status == {"queued": 3, "cancelled": 1}
