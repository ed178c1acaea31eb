import assert from "node:assert/strict";
import { test } from "node:test";
import { changedFrames, partOf, sideBySide } from "../src/whiteboard/merge.js";

const frame = (id, x, nonce = 1) => ({ id, type: "frame", name: id, x, y: 0, width: 100, height: 80, version: 1, versionNonce: nonce, customData: { question_id: 1 } });
const box = (id, frameId, more = {}) => ({ id, type: "rectangle", frameId, x: 10, y: 10, width: 20, height: 10, version: 1, versionNonce: 1, ...more });
const scene = (...elements) => ({ type: "excalidraw", elements, files: {} });
const counter = () => { let n = 0; return () => `new-${(n += 1)}`; };

test("equal drawings in frames that each page made for itself do not differ", () => {
  const changed = changedFrames(scene(frame("one", 0, 1), box("a", "one")), scene(frame("one", 0, 2), box("a", "one")));
  assert.equal(changed.size, 0);
});

test("added, changed, removed and frameless parts name their frames", () => {
  const mine = scene(frame("one", 0), frame("two", 200), frame("three", 400), box("a", "one"), box("b", "two"), box("c", null));
  const theirs = scene(frame("one", 0), frame("two", 200), frame("three", 400), box("a", "one", { version: 2 }), box("d", null), box("c", null));
  assert.deepEqual([...changedFrames(mine, theirs)].sort(), [null, "one", "two"].sort());
  assert.deepEqual(partOf(mine, new Set(["one"])).elements.map((e) => e.id), ["one", "a"]);
});

test("a deleted part counts as gone", () => {
  assert.deepEqual([...changedFrames(scene(box("a", "one")), scene(box("a", "one", { isDeleted: true })))], ["one"]);
});

test("both: mine stays untouched, theirs stands below it under new ids, with its own bindings", () => {
  const mine = scene(frame("one", 0), box("a", "one", { version: 3 }), frame("two", 200), box("z", "two"));
  const theirs = {
    ...scene(
      frame("one", 0),
      box("a", "one", { boundElements: [{ id: "t", type: "text" }, { id: "ar", type: "arrow" }, { id: "elsewhere", type: "arrow" }], groupIds: ["g"] }),
      { ...box("t", "one"), type: "text", containerId: "a", groupIds: ["g"] },
      { ...box("ar", "one"), type: "arrow", startBinding: { elementId: "a", gap: 1 }, endBinding: { elementId: "z", gap: 1 } },
      frame("two", 200),
      box("z", "two"),
    ),
    files: { picture: { id: "picture" } },
  };
  const both = sideBySide(mine, theirs, counter());
  assert.deepEqual(both.elements.slice(0, 4), mine.elements);
  const [copyOfFrame, copy, text, arrow, ...rest] = both.elements.slice(4);
  assert.deepEqual(rest, []);
  assert.equal(copyOfFrame.name, "Other version of one");
  assert.equal(copyOfFrame.customData, null);
  assert.equal(new Set(both.elements.map((e) => e.id)).size, 8);
  assert.equal(copy.frameId, copyOfFrame.id);
  assert.deepEqual(copy.boundElements.map((e) => e.id), [text.id, arrow.id]);
  assert.equal(text.containerId, copy.id);
  assert.deepEqual(text.groupIds, copy.groupIds);
  assert.notDeepEqual(copy.groupIds, ["g"]);
  assert.equal(arrow.startBinding.elementId, copy.id);
  assert.equal(arrow.endBinding, null);
  assert.equal(copyOfFrame.y, 80 + 200);
  assert.equal(copy.y - copyOfFrame.y, 10);
  assert.deepEqual(Object.keys(both.files), ["picture"]);
});
