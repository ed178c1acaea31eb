import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, freePlace, lineBetween } from "../src/whiteboard/placing.js";

const frame = { x: 0, y: 0, width: 800, height: 400 };
const at = (x, y) => ({ x, y, ...BOX });

test("places are taken row by row, and what is there is left alone", () => {
  const first = freePlace(frame, []);
  const second = freePlace(frame, [first]);
  assert.equal(second.y, first.y);
  assert.ok(second.x >= first.x + BOX.width);
  assert.ok(freePlace(frame, [{ x: 0, y: 0, width: 800, height: 150 }]).y >= 150);
});

test("with an arrow the new box stands beside the one it comes from", () => {
  const from = at(340, 40);
  const place = freePlace(frame, [from], from);
  assert.equal(place.x, 340);
  assert.ok(place.y > from.y + BOX.height);
});

test("a full frame goes on below", () => {
  const full = { x: 0, y: 0, width: 800, height: 400 };
  assert.ok(freePlace(frame, [full]).y > 400);
});

test("the arrow runs from edge to edge", () => {
  const line = lineBetween(at(0, 0), at(300, 0));
  assert.deepEqual([line.x, line.y], [BOX.width + line.gap, BOX.height / 2]);
  assert.deepEqual(line.points[1], [300 - BOX.width - 2 * line.gap, 0]);
});
