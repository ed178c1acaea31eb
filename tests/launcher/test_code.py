"""The code worker of `make run`, and what is said about languages."""

from __future__ import annotations

import os

from config.launcher.code import code_worker, languages_in_words
from judge.types import LANGUAGES, LanguageStatus, Probe


def test_the_code_worker_leaves_one_processor_to_the_site(monkeypatch):
    for processors, processes in ((1, "1"), (2, "1"), (8, "7")):
        monkeypatch.setattr(os, "cpu_count", lambda number=processors: number)
        command = code_worker(["celery"]).command
        assert command[command.index("--concurrency") + 1] == processes
        assert command[command.index("--queues") + 1] == "code"


def test_languages_are_named_and_missing_ones_say_why():
    statuses = tuple(
        LanguageStatus(
            name, name != "java", reason="" if name != "java" else "javac is not installed."
        )
        for name in LANGUAGES
    )
    lines = languages_in_words(Probe(ok=True, engine="local", languages=statuses))
    assert [line.split(maxsplit=1) for line in lines] == [
        ["code", "Python, JavaScript, C++"],
        ["no", "Java: javac is not installed."],
    ]


def test_a_machine_without_a_sandbox_says_so():
    lines = languages_in_words(Probe.failed("local", "The sandbox does not work: landlock."))
    assert lines == ["code       is not run here: The sandbox does not work: landlock."]
