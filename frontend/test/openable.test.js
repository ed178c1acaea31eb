import assert from "node:assert/strict";
import { test } from "node:test";
import { openable } from "../src/whiteboard/openable.js";

const box = { id: "a", type: "rectangle", x: 0, y: 0, width: 10, height: 10, seed: 1999999999, versionNonce: 2147483647, version: 3, index: "a0" };

test("a board of the editor comes through as it is", () => {
  const scene = { type: "excalidraw", elements: [box, { ...box, id: "t", type: "text", text: "API", fontSize: 20 }], files: {} };
  const { scene: good, left } = openable(scene);
  assert.equal(left, 0);
  assert.equal(good.elements[0], box);
  assert.deepEqual(good, scene);
});

test("what cannot be opened is left out and counted", () => {
  const bad = [
    null, 5, "x", [], {}, { ...box, id: "" }, { ...box, id: 7 }, { ...box, id: "b", type: "hologram" }, { ...box, id: "c", x: "left" },
    { ...box, id: "d", y: 1e300 }, { ...box, id: "e", type: "line", points: [[0, 0], [null, 1]] }, { ...box, id: "f", type: "arrow", points: "no" },
    { ...box, id: "g", type: "freedraw" }, { ...box, id: "h", type: "text", text: { a: 1 } }, { ...box },
  ];
  const { scene, left } = openable({ elements: [box, ...bad] });
  assert.deepEqual(scene.elements, [box]);
  assert.equal(left, bad.length);
});

test("an odd detail is dropped and its element stays", () => {
  const odd = { groupIds: "g", boundElements: [{ id: 5 }], opacity: "half", strokeColor: {}, roundness: 3, index: "!!", startBinding: { elementId: 1 }, frameId: 9 };
  const { scene, left } = openable({ elements: [{ ...box, ...odd }] });
  const { index: _, ...plain } = box;
  assert.deepEqual([scene.elements, left], [[plain], 0]);
});

test("the editor's own word counts too, and scenes that are none are empty", () => {
  assert.equal(openable({ elements: [box] }, () => false).left, 1);
  for (const scene of [null, undefined, {}, { elements: 5 }, { elements: {} }]) assert.deepEqual(openable(scene).scene.elements, []);
  const files = { good: { dataURL: "data:,", mimeType: "image/png" }, bad: { dataURL: 5 }, worse: null };
  assert.deepEqual(Object.keys(openable({ elements: [], files }).scene.files), ["good"]);
});
