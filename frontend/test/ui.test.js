import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestError, backoff, readRetryAfter } from "../src/net/request.js";
import { wordsFor } from "../src/saving/words.js";
import { wordChanges } from "../src/ui/diff.js";

test("waiting doubles, has a ceiling, and never undercuts Retry-After", () => {
  const middle = { random: () => 0.5 };
  assert.deepEqual([1, 2, 3, 9].map((tries) => backoff(tries, null, middle)), [1000, 2000, 4000, 30000]);
  assert.equal(backoff(1, 12, middle), 12000);
  assert.equal(readRetryAfter("7"), 7);
  assert.equal(readRetryAfter(null), null);
});

test("only what may work later is tried again", () => {
  const retryable = (status, retryAfter = null) => new RequestError("", { status, retryAfter }).retryable;
  assert.deepEqual([0, 408, 429, 500, 503].map((status) => retryable(status)), Array(5).fill(true));
  assert.deepEqual([400, 401, 403, 404, 409, 413, 422].map((status) => retryable(status)), Array(7).fill(false));
  assert.equal(retryable(409, 1), true);
});

test("no state says more than is true", () => {
  const words = (state, more = {}) => wordsFor({ state, device: "ok", ...more }).words;
  assert.equal(words("saved"), "Saved");
  assert.equal(words("offline", { seconds: 8 }), "Offline: kept on this device.");
  assert.equal(wordsFor({ state: "offline", device: "ok", seconds: 8 }).wait, "Trying again in 8 s.");
  assert.match(words("offline", { device: "full" }), /cannot keep it, so leave this page open/);
  assert.match(words("refused", { error: { status: 401 } }), /signed out.*kept on this device/);
});

test("a difference is told word by word and can be put together again", () => {
  const [before, after] = ["one two three four", "one 2 three four five"];
  const changes = wordChanges(before, after);
  const side = (without) => changes.filter(([kind]) => kind !== without).map(([, word]) => word).join("");
  assert.equal(side("new"), before);
  assert.equal(side("gone"), after);
  assert.deepEqual(changes.filter(([kind]) => kind === "gone").map(([, word]) => word), ["two"]);
});
