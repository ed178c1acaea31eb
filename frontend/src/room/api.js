// Requests about one test. Every reply with a server_time corrects the clock.
import { clock } from "./clock.js";

const TIMEOUT = 15000;

export class Refused extends Error {
  constructor(status, body) {
    super(body?.error || `The server answered ${status}.`);
    this.status = status;
    this.body = body || {};
  }
}

/** JSON in and out. Throws Refused for an answer that says no, TypeError and the like when there is none. */
export async function call(method, path, body, { keepalive = false } = {}) {
  const started = performance.now();
  const reply = await fetch(`/api${path}`, {
    method,
    keepalive,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: keepalive ? undefined : AbortSignal.timeout(TIMEOUT),
  });
  const answer = await reply.json().catch(() => null);
  if (answer?.server_time) clock.learn(answer.server_time, started, performance.now());
  if (!reply.ok) throw new Refused(reply.status, answer);
  return answer;
}
