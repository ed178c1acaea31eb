"""A candidate's browser as the server sees it: one connection, several tabs, an unreliable line."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

# Paths that a proxy sends to the heartbeats service.
BEATS = ("/heartbeat", "/activity", "/progress")


@dataclass
class Ledger:
    """What one candidate was promised.

    `acknowledged` and `sent` map a key to `(tab, sequence)` of its saves; the text of a save is
    made of them, so it can be recognized wherever it is found. `sections` were acknowledged too;
    `plays` is the script, `expected` the states in which the test may be found at the end.
    `sent_again`: texts that the server had lost in a restore. `programs` are what this candidate
    answers with, by question; `runs` are the ids of the runs that were acknowledged.
    """

    candidate_id: str
    programs: dict[str, str] = field(default_factory=dict)
    runs: list[str] = field(default_factory=list)
    acknowledged: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    sent: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    sections: set[str] = field(default_factory=set)
    expected: set[str] = field(default_factory=lambda: {"active"})
    plays: str = ""
    beacons_after_the_end: int = 0
    sent_again: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    dropped: int = 0
    seconds: list[float] = field(default_factory=list)

    def text_of(self, key: str, tab: str, sequence: int) -> str:
        """The text of a save: its mark, for a question in code below the program."""
        mark = f"{self.candidate_id}:{key}:{tab}:{sequence}"
        return f"{self.programs[key]}\n# {mark}\n" if key in self.programs else mark

    def value_of(self, key: str, tab: str, sequence: int) -> Any:
        text = self.text_of(key, tab, sequence)
        return {"code": text, "language": "python"} if key in self.programs else text


@dataclass
class Tab:
    """What one page knows: the version of the answers that it heard last, and of each answer that
    it saved the version and the text."""

    version: int = 0
    saved: dict[str, tuple[int, Any]] = field(default_factory=dict)


class Browser:
    """Sends requests of one candidate; a request without an answer is tried again, as pages do."""

    def __init__(
        self, base: str, ledger: Ledger, token: str, *, dice: random.Random, beats: str = ""
    ) -> None:
        self.host, self.beats_host = urlsplit(base).netloc, urlsplit(beats or base).netloc
        self.ledger, self.token, self.dice = ledger, token, dice
        self.sequences: Counter[str] = Counter()
        self.tabs: dict[str, Tab] = {}
        self.before_the_end: Callable[[], object] = lambda: None
        self.connections: dict[str, http.client.HTTPConnection] = {}

    def call(
        self, method: str, path: str, body: Any = None, *, drop: bool = False
    ) -> tuple[int, Any] | None:
        """Status and JSON; None when there was no answer (`drop` hangs up before reading it)."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        payload = None if body is None else json.dumps(body)
        host = self.beats_host if path.endswith(BEATS) else self.host
        started = time.monotonic()
        try:
            if host not in self.connections:
                self.connections[host] = http.client.HTTPConnection(host, timeout=30)
            line = self.connections[host]
            line.request(method, path, payload, headers)
            if drop:
                self.hang_up()
                self.ledger.dropped += 1
                return None
            reply = line.getresponse()
            answer = json.loads(reply.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError):
            self.hang_up()
            self.ledger.dropped += 1
            return None
        self.ledger.statuses[reply.status] += 1
        self.ledger.seconds.append(time.monotonic() - started)
        return reply.status, answer

    def surely(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Repeat until there is an answer that is not the server's own failure."""
        for attempt in range(60):
            found = self.call(method, path, body)
            if found is not None and found[0] < 500:
                return found
            time.sleep(min(0.1 * 2**attempt, 2.0) * self.dice.uniform(0.5, 1.0))
        raise RuntimeError(f"no answer to {method} {path}")

    def hang_up(self) -> None:
        while self.connections:
            self.connections.popitem()[1].close()

    def path(self, verb: str = "") -> str:
        base = f"/api/test-session/{self.ledger.candidate_id}"
        return f"{base}/{verb}" if verb else base

    def sender(self, tab: str) -> dict[str, Any]:
        self.sequences[tab] += 1
        return {"tab_id": tab, "sequence": self.sequences[tab]}

    def start(self, tab: str) -> tuple[int, Any]:
        body = {"candidate_id": self.ledger.candidate_id, **self.sender(tab)}
        return self.surely("POST", "/api/test-session", body)

    def beat(self, tab: str) -> None:
        found = self.call("PUT", self.path("heartbeat"), self.sender(tab))
        if found is not None and found[0] == 200:
            self.hear(tab, found[1]["answers_version"], least=self.tab(tab).version)

    def tab(self, name: str) -> Tab:
        return self.tabs.setdefault(name, Tab())

    def hear(self, tab: str, version: int, *, least: int) -> None:
        """A version below the one that was known: the server was restored from a backup."""
        if version < least:
            self.catch_up(tab)
        else:
            self.tab(tab).version = max(version, self.tab(tab).version)

    def catch_up(self, tab: str) -> None:
        """Fetch the test and send again what was saved from this tab and is stored below that."""
        status, answer = self.surely("GET", self.path())
        if status != 200:
            return
        session, known = answer["session"], self.tab(tab)
        known.version = session["answers_version"]
        stored = {key: writer[2] for key, writer in session["writers"].items()}
        lost = {k: text for k, (at, text) in known.saved.items() if stored.get(k, 0) < at}
        sections = sorted(self.ledger.sections - set(session["sections_completed"]))
        if not lost and not sections:
            return
        body = {"pending_answers": lost, "sections_completed": sections, **self.sender(tab)}
        status, answer = self.surely("PUT", self.path("progress"), body)
        if status == 200:
            self.ledger.sent_again += len(lost)
            self.note_saved(tab, answer["answers_version"], lost)

    def note_saved(self, tab: str, version: int, answers: dict[str, Any]) -> None:
        self.tab(tab).saved |= {key: (version, text) for key, text in answers.items()}
        self.tab(tab).version = max(version, self.tab(tab).version)

    def save(self, tab: str, keys: list[str], *, drop: bool = False, twice: bool = False) -> None:
        """Save new text under keys; noted as acknowledged only when the server said so."""
        sender = self.sender(tab)
        mark = (tab, sender["sequence"])
        answers = {key: self.ledger.value_of(key, *mark) for key in keys}
        for key in keys:
            self.ledger.sent.setdefault(key, []).append(mark)
        sections = [keys[0]] if self.dice.random() < 0.2 else []
        body = {"pending_answers": answers, "sections_completed": sections, **sender}
        for _ in range(2 if twice else 1):
            known = self.tab(tab).version
            found = self.call("PUT", self.path("progress"), body, drop=drop)
            if found is not None and found[0] == 200:
                version = found[1]["answers_version"]
                self.note_saved(tab, version, answers)
                self.hear(tab, version, least=known + 1)
                self.ledger.sections.update(sections)
                for key in keys:
                    self.ledger.acknowledged.setdefault(key, []).append(mark)

    def run(self, key: str) -> None:
        """Run the samples and wait for what came of them, as the page does."""
        body = {"code": self.ledger.programs[key], "language": "python"}
        status, answer = self.surely("POST", self.path(f"questions/{key}/runs"), body)
        if status != 202:
            return  # the last run is not finished, or too many a minute
        self.ledger.runs.append(answer["run_id"])
        while answer.get("status") in (None, "queued", "running"):
            time.sleep(self.dice.uniform(0.5, 1.5))
            status, reply = self.surely("GET", self.path(f"runs/{self.ledger.runs[-1]}"))
            answer = reply["run"] if status == 200 else {"status": str(status)}
