import assert from "node:assert/strict";
import { test } from "node:test";
import { placeFor } from "../src/ui/place_for.js";

test("a point goes after the nearest words that were quoted, else to the end", () => {
  const text = "First I scope. Then I estimate.\n";
  assert.equal(placeFor(text, ["First I scope."]), 14);
  assert.equal(placeFor(text, ["gone since", "Then I estimate."]), 31);
  assert.equal(placeFor(text, []), 31);
  assert.equal(placeFor("", [""]), 0);
});
