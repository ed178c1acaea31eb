// The board itself: React and Excalidraw (adding.js knows Excalidraw too).
import { Excalidraw, MainMenu, convertToExcalidrawElements, exportToBlob, getSceneVersion } from "@excalidraw/excalidraw";
// @ts-expect-error: React's types are not installed
import { createElement, useState } from "react";
// @ts-expect-error: nor those of its DOM half
import { createRoot } from "react-dom/client";
import { adder } from "./adding.js";
import { keepNames } from "./names.js";

/** @import {BoardOptions, Frame, MountedBoard, Scene} from "./types.js" */

const CHANGE_MS = 300;
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

/** Options as in whiteboard.js. @param {HTMLElement} element @param {BoardOptions} options @returns {Promise<MountedBoard>} */
export function startBoard(element, { scene, frames = [], frameId, theme, readOnly = false, onChange }) {
  const elements = withFrames(scene?.elements ?? [], frames);
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

  /** @param {any} current */
  function changed(current) {
    const version = getSceneVersion(current);
    if (version === known) return;
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
    const fresh = withFrames(next?.elements ?? [], frames);
    if (next?.files) api.addFiles(Object.values(next.files));
    known = getSceneVersion(fresh);
    api.updateScene({ elements: fresh });
  }

  return new Promise((done) => {
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
      // The first picture is drawn before the frame is looked for.
      setTimeout(() => {
        if (frameId) focusFrame(frameId);
        done(board);
      }, 50);
    };
    root.render(
      createElement(Board, {
        elements, files: scene?.files ?? {}, firstTheme: theme, readOnly, onApi, onChange: changed,
        onThemeSetter: (/** @type {any} */ setter) => (setTheme = setter),
      }),
    );
  });
}
