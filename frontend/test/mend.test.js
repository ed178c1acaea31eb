import assert from "node:assert/strict";
import { test } from "node:test";
import { isStorable, mended } from "../src/saving/mend.js";
import { bytesOf, sizeInWords, tooLong } from "../src/saving/sizes.js";

test("NUL and halves of pairs are taken out, whole pairs and everything else stay", () => {
  for (const [given, good] of [["a\0b", "ab"], ["x\ud83d", "x"], ["\udc00y", "y"], ["🎼 ünï\t\n", "🎼 ünï\t\n"], ["\ud83d\ud83c\udfbc", "🎼"]]) {
    assert.equal(mended(given), good);
    assert.equal(isStorable(given), given === good);
  }
});

test("in what is made of JSON too, names included; what is good comes back as the very same", () => {
  const bad = { elements: [{ text: "a\0", "n\0ame": 1 }, "x"], files: {}, n: null };
  assert.deepEqual(mended(bad), { elements: [{ text: "a", name: 1 }, "x"], files: {}, n: null });
  const good = { elements: [{ text: "a" }], files: { f: { dataURL: "data:" } } };
  assert.equal(mended(good), good);
});

test("sizes are rounded up, so that what is too large never looks as if it fitted", () => {
  assert.equal(sizeInWords(64 * 1024), "64 KB");
  assert.equal(sizeInWords(64 * 1024 + 1), "65 KB");
  assert.equal(sizeInWords(1.9 * 1024 * 1024 + 1), "2.0 MB");
  assert.equal(sizeInWords(1.5 * 1024 * 1024), "1.5 MB");
  assert.equal(bytesOf({ a: "ü" }), 10);
  assert.equal(tooLong("x".repeat(50_000)), "");
  assert.match(tooLong("🎼".repeat(50_001)), /50,001 characters.*50,000/);
});
