"""The runner's container as it is shipped: locked down, and alone with its secret."""

from __future__ import annotations

import re

import yaml

from judge.runner.process import CODE


def composed() -> dict:
    return yaml.safe_load((CODE / "docker-compose.yml").read_text())


def test_the_runner_has_no_rights_no_disk_and_no_way_out():
    runner = composed()["services"]["runner"]
    assert runner["read_only"] is True and runner["cap_drop"] == ["ALL"]
    assert runner["security_opt"] == ["no-new-privileges:true"]
    assert "volumes" not in runner and "ports" not in runner and "privileged" not in runner
    assert runner["networks"] == ["code"] and composed()["networks"]["code"]["internal"] is True
    assert list(runner["environment"]) == ["CODE_ENGINE_SECRET"]
    [jobs] = runner["tmpfs"]
    assert jobs.startswith("/jobs:") and {"exec", "nosuid", "nodev"} <= set(re.split("[:,]", jobs))
    assert runner["pids_limit"] and runner["mem_limit"]


def test_only_the_code_worker_shares_a_network_with_it():
    services = composed()["services"]
    assert [name for name, one in services.items() if "code" in one.get("networks", [])] == [
        "code",
        "runner",
    ]
    assert services["code"]["command"][services["code"]["command"].index("--queues") + 1] == "code"


def test_the_runners_image_holds_nothing_of_the_site():
    dockerfile = (CODE / "Dockerfile").read_text()
    stage = re.search(r"AS runner\n(.*?)^FROM ", dockerfile, re.DOTALL | re.MULTILINE).group(1)
    copied = re.findall(r"^COPY (?!--from)(.+)$", stage, re.MULTILINE)
    assert copied == ["judge/__init__.py judge/types.py judge/", "judge/runner judge/runner"]
    assert re.search(r"^USER runner$", stage, re.MULTILINE)
    assert "g++" in stage and "jdk" in stage
