"""A real SMTP server on loopback that refuses and stalls as told."""

from __future__ import annotations

import socketserver
import threading
from collections import Counter
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """`refuse_each(n, reply)`: every n-th recipient is answered with `reply`, or without one the
    line is cut. `stall(step)`, once: at `rcpt` before the recipient is accepted, at `data` after
    the text was taken. `stalled` is set and the reply never comes."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.inbox: list[tuple[str, str]] = []
        self.asked = 0
        self.every, self.reply = 0, ""
        self.stalls = ""
        self.stalled = threading.Event()
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def refuse_each(self, every: int, reply: str = "451 4.7.1 Try again later") -> None:
        self.every, self.reply = every, reply

    def stall(self, step: str) -> None:
        self.stalls = step
        self.stalled.clear()

    def received(self) -> Counter[str]:
        return Counter(email for email, _ in self.inbox)

    def __enter__(self) -> MailServer:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: Any) -> None:
        self.shutdown()
        self.server_close()


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def stall(self, step: str) -> None:
        if self.server.stalls == step:
            self.server.stalls = ""
            self.server.stalled.set()
            self.rfile.readline()  # until the other side is gone
            raise ConnectionResetError

    def handle(self) -> None:
        try:
            self.talk()
        except (ConnectionError, ValueError):
            return

    def talk(self) -> None:
        self.say("220 loopback")
        email = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "RCPT":
                email = line.partition("<")[2].partition(">")[0]
                if not self.may_send():
                    if not self.server.reply:
                        return None
                    self.say(self.server.reply)
                    continue
                self.stall("rcpt")
            if verb == "DATA":
                self.say("354 go on")
                text = self.text()
                with self.server.lock:
                    self.server.inbox.append((email, text))
                self.stall("data")
            self.say("250 ok")
        return None

    def may_send(self) -> bool:
        with self.server.lock:
            self.server.asked += 1
            return not self.server.every or self.server.asked % self.server.every != 0

    def text(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.decode())
        return "".join(lines)
