"""No program breaks out, lasts, or takes more than it may: as root and as an unprivileged container.

Those that compile or wait are `long` (`make test-long`); the others run with every round.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.judge.attacking import KINDS, Field, field_of
from tests.judge.attacks import files, others, resources
from tests.judge.running import needs

ATTACKS = [*resources.ATTACKS, *files.ATTACKS, *others.ATTACKS]
QUICK = [
    attack
    for attack in ATTACKS
    if attack.language == "python" and "time_limit" not in attack.outcomes
]
LONG = [attack for attack in ATTACKS if attack not in QUICK]
LAYERS = ("landlock", "seccomp")


@pytest.fixture(scope="module", params=KINDS)
def field(request) -> Iterator[Field]:
    with field_of(request.param) as made:
        yield made


@pytest.mark.parametrize("attack", QUICK, ids=str)
def test_an_attack_in_python_gets_nothing(field, attack):
    needs(attack.language)
    field.held(attack)


@pytest.mark.long
@pytest.mark.parametrize("attack", LONG, ids=str)
def test_an_attack_gets_nothing(field, attack):
    needs(attack.language)
    field.held(attack)


def test_the_probe_holds_here_and_in_a_container(field):
    needs("python")
    probe = field.ask("probe")
    assert probe["ok"], probe
    assert probe["facts"]["user"] == (os.geteuid() if field.kind == "here" else field.user)


@pytest.mark.parametrize("layer", LAYERS)
def test_without_a_layer_nothing_runs_and_the_probe_says_so(layer):
    needs("python")
    with field_of(layer) as field:
        probe = field.ask("probe")
        assert not probe["ok"] and layer in probe["reason"], probe
        assert [language["available"] for language in probe["languages"]] == [False] * 4
        assert layer in " ".join(language["reason"] for language in probe["languages"])
        answer = field.run("python", "print('ran')")
        assert answer.outcome == "internal_error" and layer in answer.reason
        assert [case.stdout for case in answer.cases] == [""]


def test_the_attacks_are_as_many_as_promised():
    assert len({str(attack) for attack in ATTACKS}) == len(ATTACKS) >= 58 + 20
