// Boxes, texts and arrows for those who do not draw with a pointer.
import { CaptureUpdateAction, convertToExcalidrawElements, newElementWith } from "@excalidraw/excalidraw";
import { newKey } from "../net/request.js";
import { freePlace, lineBetween } from "./placing.js";

/** @import {Box} from "./types.js" */

const SHAPES = ["rectangle", "ellipse", "diamond"];
const LOOK = { roughness: 0, strokeColor: "#1e1e1e" };
const WORDS = { fontFamily: 6, fontSize: 24 };

/** @param {any} from @param {any} to @returns {any} */
function arrowBetween(from, to) {
  const { x, y, points, gap } = lineBetween(from, to);
  const [width, height] = points[1].map(Math.abs);
  /** @param {{id: string}} element */
  const hold = (element) => ({ elementId: element.id, focus: 0, gap });
  const [plain] = convertToExcalidrawElements([{ type: "arrow", x, y, width, height, points, ...LOOK }]);
  return { ...plain, points, startBinding: hold(from), endBinding: hold(to) };
}

/** @param {any} element @param {any} arrow */
const holding = (element, arrow) =>
  newElementWith(element, { boundElements: [...(element.boundElements ?? []), { id: arrow.id, type: "arrow" }] });

/**
 * @param {any} api Excalidraw's
 * @param {(id: string) => any} frameOf the drawn frame of a question
 */
export function adder(api, frameOf) {
  /** @param {any} frame @returns {any[]} */
  const inFrame = (frame) => api.getSceneElements().filter((/** @type {any} */ element) => element.frameId === frame.id);

  /** @param {any} shape @param {any[]} all */
  function labelOf(shape, all) {
    const text = all.find((element) => element.type === "text" && element.containerId === shape.id);
    return (text?.originalText ?? text?.text ?? "").replace(/\s+/g, " ").trim();
  }

  /** The boxes of a frame as `{id, label, selected}`, in the order in which they were drawn. @param {string} frameId */
  function boxes(frameId) {
    const frame = frameOf(frameId);
    if (!frame) return [];
    const all = inFrame(frame);
    const { selectedElementIds } = api.getAppState();
    return all
      .filter((element) => SHAPES.includes(element.type))
      .map((shape) => ({ id: shape.id, label: labelOf(shape, all), selected: Boolean(selectedElementIds[shape.id]) }));
  }

  /** @param {string} kind @param {string} text @param {Box} place @returns {any[]} */
  function made(kind, text, place) {
    if (kind === "text") return convertToExcalidrawElements([{ type: "text", x: place.x, y: place.y, text, ...WORDS, ...LOOK }]);
    /** @type {any} */
    const box = { type: "rectangle", id: newKey(), ...place, roundness: { type: 3 }, label: { text, ...WORDS }, ...LOOK };
    return convertToExcalidrawElements([box], { regenerateIds: false });
  }

  /**
   * Add a box or a text at a free place of the frame; `fromId` is the box an arrow comes from.
   * @param {{frameId: string, kind: string, label: string, fromId?: string}} what
   */
  function add({ frameId, kind, label, fromId = "" }) {
    const frame = frameOf(frameId);
    if (!frame) return;
    const from = kind === "box" ? api.getSceneElements().find((/** @type {any} */ element) => element.id === fromId) : undefined;
    let fresh = made(kind, label, freePlace(frame, inFrame(frame), from)).map((element) => ({ ...element, frameId: frame.id }));
    let kept = api.getSceneElementsIncludingDeleted();
    if (from) {
      const arrow = { ...arrowBetween(from, fresh[0]), frameId: frame.id };
      fresh = [holding(fresh[0], arrow), ...fresh.slice(1), arrow];
      kept = kept.map((/** @type {any} */ element) => (element.id === from.id ? holding(element, arrow) : element));
    }
    api.updateScene({ elements: [...kept, ...fresh], captureUpdate: CaptureUpdateAction.IMMEDIATELY });
  }

  return { boxes, add };
}
