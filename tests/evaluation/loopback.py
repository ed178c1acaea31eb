"""A small server that imitates the Messages API, faults included; the real SDK talks to it."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["Handler", dict[str, Any]], None]
ENDLESS_SECONDS = 60


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append((dict(self.headers), body))
        self.close_connection = True
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.server.script(self, body)

    def start(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("request-id", "req_loopback")
        self.send_header("connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def say(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def event(self, name: str, data: Any) -> None:
        self.say(f"event: {name}\ndata: {data if isinstance(data, str) else json.dumps(data)}\n\n")


class Loopback:
    """`script` is called for each request; `requests` keeps what arrived."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.requests = []
        self.server.script = judged(everything_met)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def requests(self) -> list[tuple[dict[str, str], dict[str, Any]]]:
        return self.server.requests

    def play(self, script: Script) -> None:
        self.server.script = script

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def rubric_of(body: dict[str, Any]) -> dict[str, Any]:
    return json.loads(body["system"][1]["text"].split("\n", 1)[1])


def answer_of(body: dict[str, Any]) -> str:
    fenced = re.fullmatch(
        r"<learner-(\w+)>\n(.*)\n</learner-\1>", body["messages"][0]["content"], re.DOTALL
    )
    return json.loads(fenced.group(2))["answer"]


def everything_met(body: dict[str, Any]) -> dict[str, Any]:
    """The most gullible judge: every point met, each quoting the whole answer in pieces."""
    rubric, answer = rubric_of(body), answer_of(body)
    quotes = [answer[at : at + 200] for at in range(0, len(answer), 200)]
    quote = quotes[0]
    return {
        "injection_suspected": False,
        "key_points": [
            {"index": p["index"], "quotes": quotes, "reasoning": "As asked.", "level": "met"}
            for p in rubric["key_points"]
        ],
        "framework_steps": [
            {"index": s["index"], "found": True, "quote": quote} for s in rubric["framework_steps"]
        ],
        "structure_steps": [
            {"index": s["index"], "found": True, "quote": quote} for s in rubric["structure_steps"]
        ],
        "strengths": ["You name the read path."],
        "improvements": ["Say what a cache miss costs."],
        "follow_ups": ["What happens when the cache is empty after a restart?"],
    }


CACHED = {"input_tokens": 900, "output_tokens": 1, "cache_read_input_tokens": 1000}


def stream(
    handler: Handler,
    text: str,
    *,
    stop: str | None = "end_turn",
    cut: str = "",
    model: str = "claude-sonnet-5-5",
    usage: dict[str, int] | None = CACHED,
) -> None:
    """A whole reply as events; `cut` ends the connection after that event."""
    handler.start()
    message = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": model,
        "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage,
    }  # fmt: skip
    events = [
        ("message_start", {"type": "message_start", "message": message}),
        ("ping", {"type": "ping"}),
        (
            "content_block_start",
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "text", "text": ""},
            },
        ),
        *(
            (
                "content_block_delta",
                {
                    "type": "content_block_delta",
                    "index": 0,
                    "delta": {"type": "text_delta", "text": text[at : at + 400]},
                },
            )
            for at in range(0, len(text), 400)
        ),
        ("content_block_stop", {"type": "content_block_stop", "index": 0}),
        (
            "message_delta",
            {
                "type": "message_delta",
                "delta": {"stop_reason": stop, "stop_sequence": None},
                "usage": {"output_tokens": 500},
            },
        ),
        ("message_stop", {"type": "message_stop"}),
    ]
    for name, data in events:
        handler.event(name, data)
        if name == cut:
            return


def judged(reply: Callable[[dict[str, Any]], dict[str, Any]], **options: Any) -> Script:
    return lambda handler, body: stream(handler, json.dumps(reply(body)), **options)


def own(wrap: Callable[[str], str] = str, **options: Any) -> Script:
    """A server of one's own: it knows neither `output_config` nor caching, so the shape of its
    reply comes from the schema in the prompt, and `wrap` puts what such models like around it."""

    def script(handler: Handler, body: dict[str, Any]) -> None:
        schema = json.loads(body["system"][0]["text"].rsplit("JSON schema:\n", 1)[1])
        body = {key: value for key, value in body.items() if key != "output_config"}
        reply = everything_met(body)
        told = {name: reply[name] for name in schema["required"]}
        usage = {"input_tokens": 900, "output_tokens": 1}
        stream(
            handler, wrap(json.dumps(told)), **{"model": body["model"], "usage": usage, **options}
        )

    return script


def status(code: int, kind: str = "api_error", message: str = "no", **headers: str) -> Script:
    def script(handler: Handler, body: dict[str, Any]) -> None:
        handler.start(code, "application/json", **headers)
        handler.say(json.dumps({"type": "error", "error": {"type": kind, "message": message}}))

    return script


def hang(handler: Handler, body: dict[str, Any]) -> None:
    time.sleep(ENDLESS_SECONDS)


def drop(handler: Handler, body: dict[str, Any]) -> None:
    handler.connection.close()


def plain_json(text: str) -> Script:
    def script(handler: Handler, body: dict[str, Any]) -> None:
        handler.start(200, "application/json")
        handler.say(text)

    return script


def html(handler: Handler, body: dict[str, Any]) -> None:
    handler.start(200, "text/html")
    handler.say("<html>Welcome to the hotel network</html>")


def error_event(kind: str) -> Script:
    def script(handler: Handler, body: dict[str, Any]) -> None:
        stream(handler, '{"injection_suspected": false, ', cut="content_block_delta")
        handler.event("error", {"type": "error", "error": {"type": kind, "message": "no"}})

    return script


def half_an_event(handler: Handler, body: dict[str, Any]) -> None:
    stream(handler, "{", cut="content_block_delta")
    handler.event("content_block_delta", '{"type": "content_block_del')


def strange_events(handler: Handler, body: dict[str, Any]) -> None:
    handler.start()
    handler.event("message_start", {"type": "message_start", "message": None})
    handler.event("message_delta", {"type": "message_delta", "delta": "end_turn"})


def drip(handler: Handler, body: dict[str, Any]) -> None:
    """Always a byte before any silence would be noticed, never an end."""
    handler.start()
    for _ in range(20 * ENDLESS_SECONDS):
        handler.say(": wait\n")
        time.sleep(0.05)
