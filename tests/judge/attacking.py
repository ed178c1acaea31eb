"""Where attacks happen: the runner as it is here, and as it is in a container without privileges.

Both start a copy of the runner that every user can read, with a canary in its environment, beside
a secret that every user can read, a port that listens, and a victim of the program's own user.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from judge.engines.local import shipped_node
from judge.runner.__main__ import SANDBOX_USER
from judge.runner.process import CODE as ROOT
from judge.types import Limits, RunAnswer, RunJob
from tests.judge import container
from tests.judge.attacks import ESCAPED, Attack

CANARY = "canary-7f3a"
SYSTEM_PYTHON = shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin") or "python3"
KINDS = ("here", "container")


class Field:
    """A runner under attack. `kind` is `here`, `container`, or a layer that is refused."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder
        self.secret = folder / "secret.txt"
        self.secret.write_text(f"{CANARY}\n")
        self.code = folder / "code"
        for part in ("__init__.py", "types.py"):
            (self.code / "judge").mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "judge" / part, self.code / "judge" / part)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "judge/runner", self.code / "judge/runner", ignore=ignored)
        shutil.copy(container.__file__, self.code / "container.py")
        self.jobs = folder / "jobs"
        self.jobs.mkdir()
        self.user = os.geteuid()
        if self.user == 0:
            self.user = SANDBOX_USER if kind == "here" else container.USER
            if kind != "here":
                os.chown(self.jobs, self.user, self.user)
        self.node = self._node()
        for path in (folder, *folder.rglob("*")):
            if path != self.jobs:
                path.chmod(0o755 if path.is_dir() or path.name == "node" else 0o644)

    def _node(self) -> Path:
        node = self.folder / "node"
        if found := shipped_node() or shutil.which("node"):
            shutil.copy(found, node)
        return node

    def ask(self, verb: str, text: str = "") -> dict:
        command = [SYSTEM_PYTHON, "-S", "-m", "judge.runner", verb]
        command += ["--folder", str(self.jobs), "--node", str(self.node)]
        if self.kind != "here":
            layer = [] if self.kind == "container" else ["--without", self.kind]
            command = [SYSTEM_PYTHON, str(self.code / "container.py"), *layer, *command]
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(self.code), "SECRET_KEY": CANARY}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        done = subprocess.run(
            command,
            input=text.encode(),
            capture_output=True,
            cwd="/",
            env=environment,
            timeout=150,
            check=False,
        )
        assert done.stdout, done.stderr.decode(errors="replace")
        return json.loads(done.stdout)

    def run(self, language: str, source: str) -> RunAnswer:
        job = RunJob(language, source, ("1 2 3\n",), Limits(cpu_seconds=0.5))
        return RunAnswer.from_json(self.ask("run", json.dumps(job.to_json())))

    def held(self, attack: Attack) -> None:
        """Fails when the attack got anything."""
        with listening() as (port, connections), victim(self.user) as other:
            source = attack.source.replace("SECRET", str(self.secret)).replace("PORT", str(port))
            source = source.replace("VICTIM", str(other.pid)).replace("ROOT", str(ROOT))
            answer = self.run(attack.language, source)
            case = answer.cases[0] if answer.cases else None
            outcome = case.outcome if case else answer.outcome
            said = answer.compile_output + (case.stdout + case.stderr if case else "")
            assert outcome in attack.outcomes, answer
            # javac and Python quote the source, word and all, when they refuse it.
            escaped = ESCAPED in (case.stdout if case else "")
            assert not escaped and CANARY not in said, answer
            assert connections == [] and other.poll() is None
            assert survivors(self.jobs) == []


@contextmanager
def field_of(kind: str) -> Iterator[Field]:
    if kind != "here" and os.uname().machine != "x86_64":
        pytest.skip("Docker's refusals are imitated with numbers of x86-64")
    folder = Path(tempfile.mkdtemp(prefix="attacked-"))
    try:
        yield Field(kind, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def listening() -> Iterator[tuple[int, list[int]]]:
    """A port of this machine, and who connected."""
    connections: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connections.append(1)
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], connections
        server.shutdown(socket.SHUT_RDWR)


@contextmanager
def victim(user: int) -> Iterator[subprocess.Popen]:
    """A harmless process of the user as whom programs run."""
    whose = {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}
    process = subprocess.Popen(["/bin/sleep", "300"], **whose)
    yield process
    process.kill()
    process.wait()


def survivors(jobs: Path) -> list[str]:
    """Processes that still run in the folder of a job."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                folder = str((process / "cwd").readlink())
            except OSError:
                continue
            if folder.startswith(f"{jobs}/"):
                found.append(process.name)
    return found
