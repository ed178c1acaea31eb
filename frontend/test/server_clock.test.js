import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "../src/ui/server_clock.js";

const AT = Date.UTC(2026, 10, 21, 9, 0, 0);
const text = (ms) => new Date(AT + ms).toISOString();

/** What the clock says when performance.now() is 0 and the server's true time is AT. */
const told = (clock) => Math.round(clock.offset - AT);

test("a first answer is right to half its trip", () => {
  const clock = new ServerClock();
  clock.learn(text(100), 0, 200);
  assert.equal(told(clock), 0);
});

test("an answer that was long on its way sets nothing back", () => {
  const clock = new ServerClock();
  clock.learn(text(100), 0, 200);
  clock.learn(text(1000), 1000, 30_000); // read at once, 29 s on the way back
  clock.learn(text(59_000), 31_000, 59_001); // 28 s on the way there
  assert.equal(told(clock), 0);
});

test("a good answer corrects what a slow page told, by no more than it proves", () => {
  const clock = new ServerClock();
  clock.learn(text(0), 0, 10_000); // the page was 10 s on its way: believed to be 5 s behind
  assert.equal(told(clock), -5000);
  clock.learn(text(12_050), 12_000, 12_100);
  assert.ok(Math.abs(told(clock)) <= 50);
});

test("after a sleep, in which performance.now() stood still, one answer puts it right", () => {
  const clock = new ServerClock();
  clock.learn(text(10), 0, 20);
  clock.learn(text(3_600_000 + 1010), 1000, 1020);
  assert.ok(Math.abs(told(clock) - 3_600_000) <= 20);
});

test("what is no time is not learned", () => {
  const clock = new ServerClock();
  clock.learn("soon", 0, 1);
  assert.equal(clock.offset, null);
});
