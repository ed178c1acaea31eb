// A scene as the editor can open it. The server takes any list of elements, the editor does not: one bad element, and it
// says "Loading scene…" for ever. What cannot be opened is left out and counted; what is odd in a detail loses the detail.
// Plain scenes in, plain scenes out; nothing here knows Excalidraw.

/** @import {Scene, SceneElement} from "./types.js" */

const KINDS = new Set([
  "rectangle", "ellipse", "diamond", "text", "line", "arrow", "freedraw", "image", "frame", "magicframe", "embeddable", "iframe",
]);
const FARTHEST = 1e7; // scene pixels; what lies farther away is never found again, and lines of that length stall the page
const MOST_POINTS = 20_000;

/** @param {any} value */
const isFiniteNumber = (value) => typeof value === "number" && Number.isFinite(value);
/** @param {any} value */
const isNumber = (value) => isFiniteNumber(value) && Math.abs(value) <= FARTHEST;
/** @param {any} value */
const isText = (value) => typeof value === "string";
/** @param {any} value */
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
/** @param {any} value */
const isFlag = (value) => typeof value === "boolean";
/** @param {any} value */
const isPoint = (value) => Array.isArray(value) && value.length >= 2 && isNumber(value[0]) && isNumber(value[1]);
/** @param {any} value */
const isColor = (value) => isText(value) && value.length <= 64;
/** @param {number} least @param {number} most @returns {(value: any) => boolean} */
const within = (least, most) => (value) => isNumber(value) && value >= least && value <= most;
/** @param {(item: any) => boolean} good @returns {(value: any) => boolean} */
const listOf = (good) => (value) => Array.isArray(value) && value.every(good);
/** @param {(item: any) => boolean} good @returns {(value: any) => boolean} */
const orNull = (good) => (value) => value === null || good(value);
/** @param {any} value */
const isBinding = (value) =>
  isObject(value) && isText(value.elementId) && (value.focus === undefined || isNumber(value.focus)) &&
  (value.gap === undefined || isNumber(value.gap)) && (value.fixedPoint == null || isPoint(value.fixedPoint));
/** @param {any} value */
const isBound = (value) => isObject(value) && isText(value.id) && isText(value.type);
/** @param {any} value */
const isArrowhead = (value) => isText(value) && value.length <= 32;

/** What a detail must be; a detail that is not is left out, and the editor puts its own in. @type {Record<string, (value: any) => boolean>} */
const DETAILS = {
  width: isNumber, height: isNumber, angle: isNumber, seed: isFiniteNumber, versionNonce: isFiniteNumber, updated: orNull(isFiniteNumber),
  version: isFiniteNumber, opacity: within(0, 100), strokeWidth: within(0, 100), roughness: within(0, 10),
  strokeColor: isColor, backgroundColor: isColor, fillStyle: isText, strokeStyle: isText,
  roundness: orNull((value) => isObject(value) && isNumber(value.type) && (value.value === undefined || isNumber(value.value))),
  groupIds: listOf(isText), frameId: orNull(isText), boundElements: orNull(listOf(isBound)), boundElementIds: listOf(isText),
  index: orNull((value) => isText(value) && /^[a-zA-Z][0-9A-Za-z]{1,64}$/.test(value)),
  link: orNull(isText), locked: isFlag, isDeleted: isFlag, customData: isObject, name: orNull(isText),
  text: isText, originalText: isText, fontSize: within(1, 2000), fontFamily: within(0, 100), lineHeight: within(0.1, 20), font: isText,
  textAlign: isText, verticalAlign: isText, containerId: orNull(isText), autoResize: isFlag, baseline: isNumber,
  pressures: listOf(isNumber), simulatePressure: isFlag, lastCommittedPoint: orNull(isPoint),
  startBinding: orNull(isBinding), endBinding: orNull(isBinding), startArrowhead: orNull(isArrowhead), endArrowhead: orNull(isArrowhead),
  elbowed: isFlag, fixedSegments: orNull(listOf((value) => isObject(value) && isPoint(value.start) && isPoint(value.end) && isNumber(value.index))),
  startIsSpecial: orNull(isFlag), endIsSpecial: orNull(isFlag),
  fileId: orNull(isText), status: isText, scale: isPoint, crop: orNull((value) => isObject(value) && Object.values(value).every(isNumber)),
};

/** @param {any} element @returns {SceneElement | null} as it can be opened; null: not at all */
function openableElement(element) {
  if (!isObject(element) || !isText(element.id) || !element.id || !KINDS.has(element.type)) return null;
  if (!isNumber(element.x) || !isNumber(element.y)) return null;
  const hasPoints = element.points !== undefined;
  if (hasPoints && !(listOf(isPoint)(element.points) && element.points.length <= MOST_POINTS)) return null;
  if (element.type === "freedraw" && !(hasPoints && element.points.length)) return null;
  if (element.type === "text" && !isText(element.text)) return null;
  const odd = Object.keys(element).filter((name) => DETAILS[name] && !DETAILS[name](element[name]));
  if (!odd.length) return element;
  return /** @type {SceneElement} */ (Object.fromEntries(Object.entries(element).filter(([name]) => !odd.includes(name))));
}

/** Pictures that are data, whatever else stands in the scene. @param {any} files */
function openableFiles(files) {
  if (!isObject(files)) return {};
  /** @param {[string, any]} one */
  const good = ([id, file]) => isObject(file) && isText(file.dataURL) && isText(file.mimeType) && (file.id === undefined || file.id === id);
  return Object.fromEntries(Object.entries(/** @type {Record<string, any>} */ (files)).filter(good).map(([id, file]) => [id, { created: 1, ...file, id }]));
}

/**
 * @param {any} scene what the server sent
 * @param {(element: SceneElement) => boolean} [opens] the editor's own word about one element
 * @returns {{scene: Scene, left: number}} `left`: how many elements cannot be opened
 */
export function openable(scene, opens = () => true) {
  const given = Array.isArray(scene?.elements) ? scene.elements : [];
  const ids = new Set();
  /** @type {SceneElement[]} */
  const elements = [];
  for (const one of given) {
    const element = openableElement(one);
    if (!element || ids.has(element.id) || !opens(element)) continue;
    ids.add(element.id);
    elements.push(element);
  }
  return { scene: { ...scene, elements, files: openableFiles(scene?.files) }, left: given.length - elements.length };
}
