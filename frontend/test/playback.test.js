import assert from "node:assert/strict";
import { test } from "node:test";

import { textAfter } from "../src/ui/playback.js";

test("the text after any number of saves, forward and back", () => {
  const steps = [];
  let text = "";
  const texts = [""];
  for (let number = 0; number < 450; number += 1) {
    const start = (number * 7) % (text.length + 1);
    const removed = Math.min(number % 3, text.length - start);
    const inserted = `${number}é😀\n`;
    steps.push([number, start, removed, inserted, "python", false]);
    text = text.slice(0, start) + inserted + text.slice(start + removed);
    texts.push(text);
  }
  const after = textAfter(steps);
  for (const number of [450, 0, 99, 100, 101, 449, 250, 3, 450]) assert.equal(after(number), texts[number]);
});
