// Two versions of one board: what differs between them, and both in one scene.
// Plain scenes in, plain scenes out; nothing here knows Excalidraw.

const BELOW = 200; // scene pixels between a frame and the other version of it

const isFrame = (element) => element.type === "frame" || element.type === "magicframe";
const print = (element) => `${element.id}:${element.version}:${element.versionNonce}`;
const alive = (scene) => (scene?.elements ?? []).filter((element) => !element.isDeleted);
const drawn = (scene) => alive(scene).filter((element) => !isFrame(element));

/**
 * Where two scenes differ. New frames without a drawing are no difference: every page makes its own.
 * @returns {Set<string|null>} ids of frames, null for what lies outside of all
 */
export function changedFrames(mine, theirs) {
  const [one, two] = [drawn(mine), drawn(theirs)];
  const known = [one, two].map((elements) => new Set(elements.map(print)));
  const changed = [...one.filter((e) => !known[1].has(print(e))), ...two.filter((e) => !known[0].has(print(e)))];
  return new Set(changed.map((element) => element.frameId ?? null));
}

/** The part of a scene that lies in these frames, with the frames themselves. */
export function partOf(scene, frameIds) {
  const elements = alive(scene).filter((e) => (isFrame(e) ? frameIds.has(e.id) : frameIds.has(e.frameId ?? null)));
  return { ...scene, elements };
}

function moved(element, { ids, groups, dy }) {
  const id = (old) => (old ? (ids.get(old) ?? null) : (old ?? null));
  const binding = (old) => (old && ids.has(old.elementId) ? { ...old, elementId: ids.get(old.elementId) } : null);
  const copy = { ...element, id: ids.get(element.id), y: element.y + dy, index: null };
  copy.frameId = id(element.frameId);
  copy.groupIds = (element.groupIds ?? []).map((group) => groups(group));
  copy.boundElements = (element.boundElements ?? []).filter((e) => ids.has(e.id)).map((e) => ({ ...e, id: ids.get(e.id) }));
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
 * @param {object} mine @param {object} theirs scenes
 * @param {() => string} newId
 */
export function sideBySide(mine, theirs, newId) {
  const other = partOf(theirs, changedFrames(mine, theirs)).elements;
  const ids = new Map(other.map((element) => [element.id, newId()]));
  const renamed = new Map();
  const groups = (group) => renamed.get(group) ?? renamed.set(group, newId()).get(group);
  const bottom = Math.max(...alive(mine).map((e) => e.y + (e.height ?? 0)));
  const dy = bottom + BELOW - Math.min(...other.map((e) => e.y));
  const copies = other.map((element) => moved(element, { ids, groups, dy }));
  return { ...mine, elements: [...mine.elements, ...copies], files: { ...theirs.files, ...mine.files } };
}
