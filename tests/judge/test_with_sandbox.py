"""The queue with the real sandbox: every language that is here, from the row to its verdict."""

from __future__ import annotations

import pytest

from common import clock
from judge.engines.local import LocalEngine
from judge.models import CodeRun
from judge.selectors.health import runner_health
from judge.services.working import work
from judge.specs import Case
from tests.judge.factories import ask, spec_of

pytestmark = pytest.mark.django_db(transaction=True)

SUMS = spec_of(Case("1 2\n", "3", weight=1), Case("20 30\n", "50", weight=2))
PROGRAMS = {
    "python": "print(sum(map(int, input().split())))",
    "javascript": "const t = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);"
    "console.log(t[0] + t[1]);",
    "cpp": "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }",
    "java": "import java.util.*; public class Main { public static void main(String[] x) {"
    "Scanner in = new Scanner(System.in); System.out.println(in.nextInt() + in.nextInt()); } }",
}
FAILING = {
    "wrong_answer": "print(3)",
    "time_limit": "while True: pass",
    "runtime_error": "print(1 / 0)",
    "compile_error": "print(",
    "output_limit": "while True: print('x' * 10_000)",
}


def test_programs_of_every_language_and_every_fault_come_to_their_verdicts():
    good = {name: ask(source, language=name, spec=SUMS) for name, source in PROGRAMS.items()}
    bad = {verdict: ask(source, spec=SUMS) for verdict, source in FAILING.items()}

    work(engine=LocalEngine())

    health = runner_health(now=clock.now())
    assert health.ok and health.of("python").available, health.reason
    for language, run in good.items():
        run.refresh_from_db()
        if health.of(language).available:
            assert (run.verdict, run.earned) == ("accepted", 3), (language, run.error)
            assert run.results.first().memory_kb
        else:
            assert (run.status, run.tries) == ("queued", 0), "it waits for a runner that has it"
    for verdict, run in bad.items():
        run.refresh_from_db()
        assert (run.status, run.verdict) == ("done", verdict), run.error
    assert bad["wrong_answer"].results.count() == 2 and bad["wrong_answer"].earned == 1
    assert "ZeroDivisionError" in bad["runtime_error"].results.first().error
    assert "SyntaxError" in bad["compile_error"].compile_output
    assert not CodeRun.objects.filter(status="failed").exists()
