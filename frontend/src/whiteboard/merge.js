// Two versions of one board: what differs between them, and both in one scene.
// Plain scenes in, plain scenes out; nothing here knows Excalidraw.

/** @import {Scene, SceneElement} from "./types.js" */

const BELOW = 200; // scene pixels between a frame and the other version of it

/** @param {SceneElement} element */
const isFrame = (element) => element.type === "frame" || element.type === "magicframe";
/** @param {SceneElement} element */
const print = (element) => `${element.id}:${element.version}:${element.versionNonce}`;
/** @param {Scene | null | undefined} scene @returns {SceneElement[]} */
const alive = (scene) => (scene?.elements ?? []).filter((element) => !element.isDeleted);
/** @param {Scene} scene */
const drawn = (scene) => alive(scene).filter((element) => !isFrame(element));

/**
 * Where two scenes differ. New frames without a drawing are no difference: every page makes its own.
 * @returns {Set<string|null>} ids of frames, null for what lies outside of all
 * @param {Scene} mine @param {Scene} theirs
 */
export function changedFrames(mine, theirs) {
  const [one, two] = [drawn(mine), drawn(theirs)];
  const known = [one, two].map((elements) => new Set(elements.map(print)));
  const changed = [...one.filter((e) => !known[1].has(print(e))), ...two.filter((e) => !known[0].has(print(e)))];
  return new Set(changed.map((element) => element.frameId ?? null));
}

/**
 * The part of a scene that lies in these frames, with the frames themselves.
 * @param {Scene} scene @param {Set<string | null>} frameIds @returns {Scene}
 */
export function partOf(scene, frameIds) {
  const elements = alive(scene).filter((e) => (isFrame(e) ? frameIds.has(e.id) : frameIds.has(e.frameId ?? null)));
  return { ...scene, elements };
}

/** @param {SceneElement} element @param {{ids: Map<string, string>, groups: (group: string) => string, dy: number}} how @returns {SceneElement} */
function moved(element, { ids, groups, dy }) {
  /** @param {string | null | undefined} old */
  const id = (old) => (old ? (ids.get(old) ?? null) : (old ?? null));
  /** @param {any} old */
  const binding = (old) => (old && ids.has(old.elementId) ? { ...old, elementId: ids.get(old.elementId) } : null);
  /** @type {SceneElement} */
  const copy = { ...element, id: ids.get(element.id) ?? element.id, y: element.y + dy, index: null };
  copy.frameId = id(element.frameId);
  copy.groupIds = (element.groupIds ?? []).map((/** @type {string} */ group) => groups(group));
  copy.boundElements = (element.boundElements ?? []).filter((/** @type {any} */ e) => ids.has(e.id)).map((/** @type {any} */ e) => ({ ...e, id: ids.get(e.id) }));
  if ("containerId" in element) copy.containerId = id(element.containerId);
  for (const end of ["startBinding", "endBinding"]) if (end in element) copy[end] = binding(element[end]);
  if (isFrame(element)) {
    // Not the question's frame any more: what is read for feedback stays what the person kept.
    copy.name = `Other version of ${element.name ?? "the board"}`;
    copy.customData = null;
  }
  return copy;
}

/**
 * Mine as it is, and below it everything of theirs that differs, under new ids.
 * @param {Scene} mine @param {Scene} theirs
 * @param {() => string} newId
 */
export function sideBySide(mine, theirs, newId) {
  const other = partOf(theirs, changedFrames(mine, theirs)).elements;
  const ids = new Map(other.map((element) => [element.id, newId()]));
  const renamed = new Map();
  /** @param {string} group @returns {string} */
  const groups = (group) => renamed.get(group) ?? renamed.set(group, newId()).get(group);
  const bottom = Math.max(...alive(mine).map((e) => e.y + (e.height ?? 0)));
  const dy = bottom + BELOW - Math.min(...other.map((e) => e.y));
  const copies = other.map((element) => moved(element, { ids, groups, dy }));
  return { ...mine, elements: [...mine.elements, ...copies], files: { ...theirs.files, ...mine.files } };
}
