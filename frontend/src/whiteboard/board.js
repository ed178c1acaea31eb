// The board itself: React and Excalidraw (adding.js knows Excalidraw too).
import {
  CaptureUpdateAction, Excalidraw, MainMenu, convertToExcalidrawElements, exportToBlob, getSceneVersion, newElementWith, restoreElements,
} from "@excalidraw/excalidraw";
// @ts-expect-error: React's types are not installed
import { Component, createElement, useState } from "react";
// @ts-expect-error: nor those of its DOM half
import { createRoot } from "react-dom/client";
import { adder } from "./adding.js";
import { keepNames } from "./names.js";
import { openable } from "./openable.js";

/** @import {BoardOptions, Frame, MountedBoard, Scene} from "./types.js" */

const CHANGE_MS = 300;
const LONGEST_LOADING_MS = 15_000;
const UI = {
  canvasActions: {
    changeViewBackgroundColor: false, clearCanvas: false, export: false, loadScene: false,
    saveAsImage: false, saveToActiveFile: false, toggleTheme: false,
  },
};

/** @param {Frame} frame @returns {any} */
function newFrame({ id, name, x, y, width, height, question_id }) {
  return { type: "frame", id, name, x, y, width, height, children: [], customData: { question_id } };
}

/** @param {Frame} frame */
const belongsTo = (frame) => (/** @type {any} */ element) =>
  element.type === "frame" && (element.id === frame.id || element.customData?.question_id === frame.question_id);

/** The saved elements, with a frame for every question. @param {any[]} elements @param {Frame[]} frames @returns {any[]} */
function withFrames(elements, frames) {
  const missing = frames.filter((frame) => !elements.some(belongsTo(frame)));
  return [...convertToExcalidrawElements(missing.map(newFrame), { regenerateIds: false }), ...elements];
}

/** Whether the editor takes it. @param {any} element */
function opens(element) {
  try {
    return restoreElements([element], null).length > 0;
  } catch {
    return false;
  }
}

/** Elements as the editor makes them of what was saved; in an order of its own when theirs makes no sense. @param {any[]} elements */
function restored(elements) {
  try {
    return restoreElements(elements, null, { repairBindings: true });
  } catch {
    return restoreElements(elements.map((element) => ({ ...element, index: null })), null);
  }
}

/** A fault while the board is drawn: without this the page would lose it in silence. */
class Guard extends Component {
  state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  /** @param {unknown} error */
  componentDidCatch(error) {
    /** @type {any} */ (this).props.onFault(error);
  }
  render() {
    return this.state.failed ? null : /** @type {any} */ (this).props.children;
  }
}

/** @param {any} api Excalidraw's @returns {Scene} */
function plainScene(api) {
  const elements = api.getSceneElements();
  const used = new Set(elements.map((/** @type {any} */ element) => element.fileId).filter(Boolean));
  const files = Object.fromEntries(Object.entries(api.getFiles()).filter(([id]) => used.has(id)));
  return { type: "excalidraw", version: 2, source: "etude", elements, files };
}

/** A scene as a PNG without background, in the colors of the page. @param {Scene} scene @param {string | undefined} theme */
function pictureOf({ elements, files }, theme) {
  const appState = { exportBackground: false, exportWithDarkMode: theme === "dark" };
  return exportToBlob({ elements, files: files ?? {}, appState, mimeType: "image/png", exportPadding: 24 });
}

const menu = createElement(
  MainMenu, null, createElement(MainMenu.DefaultItems.SearchMenu), createElement(MainMenu.DefaultItems.Help),
);

/** @param {any} options */
function Board({ elements, files, firstTheme, readOnly, onApi, onThemeSetter, onChange }) {
  const [theme, setTheme] = useState(firstTheme);
  onThemeSetter(setTheme);
  return createElement(
    Excalidraw,
    {
      theme, onChange, excalidrawAPI: onApi, UIOptions: UI, langCode: "en", aiEnabled: false,
      viewModeEnabled: readOnly, detectScroll: false, handleKeyboardGlobally: false, name: "Etude board",
      initialData: { elements, files, appState: { viewBackgroundColor: "#ffffff", currentItemRoughness: 0, currentItemFontFamily: 6 } },
    },
    menu,
  );
}

/**
 * Options as in whiteboard.js; rejects when the board cannot be shown.
 * @param {HTMLElement} element @param {BoardOptions} options @returns {Promise<MountedBoard>}
 */
export function startBoard(element, { scene, frames = [], frameId, theme, readOnly = false, onChange, onLeftOut }) {
  /** What of a scene can be opened, with the frames of all questions. @param {any} given @returns {any} */
  function opened(given) {
    const { scene: good, left } = openable(given, opens);
    if (left) onLeftOut?.(left);
    return { ...good, elements: withFrames(restored(good.elements), frames) };
  }

  const { elements, files } = opened(scene);
  element.replaceChildren();
  const root = createRoot(element);
  const stopNaming = keepNames(element);
  /** @type {any} Excalidraw's, once it is there */
  let api = null;
  let setTheme = (/** @type {string} */ _theme) => {};
  let shown = theme;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let known = getSceneVersion(elements);

  const fingerprint = () => `${getSceneVersion(api.getSceneElementsIncludingDeleted())}`;

  /** The frame of a question cannot be deleted: what is drawn for it, and "Add a box", have their place there. */
  function keepFrames() {
    const all = api.getSceneElementsIncludingDeleted();
    const gone = frames.filter((frame) => !all.some((/** @type {any} */ one) => belongsTo(frame)(one) && !one.isDeleted));
    if (!gone.length || readOnly) return;
    const back = all.map((/** @type {any} */ one) => (gone.some((frame) => belongsTo(frame)(one)) ? newElementWith(one, { isDeleted: false }) : one));
    api.updateScene({ elements: withFrames(back, frames), captureUpdate: CaptureUpdateAction.NEVER });
  }

  /**
   * Selected together with what is drawn, frames are left out of it: "select all, delete" would first take the frames only.
   * @param {any[]} current @param {Record<string, boolean>} selected
   */
  function deselectFrames(current, selected) {
    const all = Object.keys(selected);
    const isFrame = (/** @type {string} */ id) => current.some((one) => one.id === id && frames.some((frame) => belongsTo(frame)(one)));
    const drawn = all.filter((id) => !isFrame(id));
    if (drawn.length && drawn.length < all.length) {
      api.updateScene({ appState: { selectedElementIds: Object.fromEntries(drawn.map((id) => [id, true])) } });
    }
  }

  /** @param {any} current @param {any} appState */
  function changed(current, appState) {
    if (api && frames.length) deselectFrames(current, appState.selectedElementIds);
    const version = getSceneVersion(current);
    if (version === known) return;
    if (api) keepFrames();
    known = version;
    clearTimeout(timer);
    timer = setTimeout(() => onChange?.(plainScene(api)), CHANGE_MS);
  }

  /** @param {string | undefined} id */
  function frameOf(id) {
    const frame = frames.find((one) => one.id === id);
    return api.getSceneElements().find(frame ? belongsTo(frame) : (/** @type {any} */ one) => one.id === id);
  }

  /** @param {string | undefined} id */
  function focusFrame(id) {
    const target = frameOf(id);
    if (target) api.scrollToContent(target, { fitToViewport: true, viewportZoomFactor: 0.86, animate: false });
  }

  /** @param {any} next */
  function replaceScene(next) {
    const { elements: fresh, files: pictures } = opened(next);
    api.addFiles(Object.values(pictures ?? {}));
    known = getSceneVersion(fresh);
    api.updateScene({ elements: fresh });
  }

  return new Promise((done, fail) => {
    /** @param {unknown} error */
    const onFault = (error) => {
      stopNaming();
      root.unmount();
      fail(error);
    };
    const end = Date.now() + LONGEST_LOADING_MS;

    /** The first picture is drawn before the frame is looked for. @param {MountedBoard} board */
    function whenLoaded(board) {
      if (api.getAppState().isLoading && Date.now() < end) return void setTimeout(() => whenLoaded(board), 50);
      if (api.getAppState().isLoading) return onFault(new Error("The editor does not open this board."));
      if (frameId) focusFrame(frameId);
      done(board);
    }

    /** @param {any} given */
    const onApi = (given) => {
      if (api) return;
      api = given;
      const board = {
        scene: () => plainScene(api),
        fingerprint,
        focusFrame,
        replaceScene,
        ...adder(api, frameOf),
        setTheme: (/** @type {"light" | "dark"} */ next) => setTheme((shown = next)),
        picture: (/** @type {Scene} */ part) => pictureOf(part, shown),
        toPng: () => exportToBlob({ elements: api.getSceneElements(), files: api.getFiles(), mimeType: "image/png" }),
        destroy: () => (clearTimeout(timer), stopNaming(), root.unmount()),
      };
      setTimeout(() => whenLoaded(board), 50);
    };
    const board = createElement(Board, {
      elements, files: files ?? {}, firstTheme: theme, readOnly, onApi, onChange: changed,
      onThemeSetter: (/** @type {any} */ setter) => (setTheme = setter),
    });
    root.render(createElement(Guard, { onFault }, board));
  });
}
