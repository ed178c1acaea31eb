// The board: Excalidraw, loaded when it is wanted and never in the way of typing.
import { staticUrl } from "./ui/icons.js";
import { onTheme, shownTheme } from "./ui/theme.js";

function loadStyles() {
  const href = staticUrl("whiteboard.css");
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const loaded = new Promise((done, fail) => {
    link.onload = done;
    link.onerror = () => fail(new Error("styles of the board"));
  });
  document.head.append(link);
  return loaded;
}

/** @param {HTMLElement} element @param {() => void} retry */
function sayItCannotLoad(element, retry) {
  const message = document.createElement("div");
  message.className = "board-message";
  message.setAttribute("role", "status");
  const words = message.appendChild(document.createElement("p"));
  words.textContent = "The board could not be loaded. Your answer in words is not touched by this; what was drawn is safe.";
  const button = message.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "button";
  button.textContent = "Load the board again";
  button.onclick = retry;
  element.replaceChildren(message);
}

/** @import {BoardOptions, MountedBoard} from "./whiteboard/types.js" */

/**
 * Put the board into `element`.
 * @param {HTMLElement} element
 * @param {BoardOptions} [options]
 * @returns {Promise<MountedBoard | null>} null when it cannot be loaded; the element then says so, with a button
 */
export async function mountWhiteboard(element, options = {}) {
  /** @type {any} */ (window).EXCALIDRAW_ASSET_PATH = new URL(staticUrl("excalidraw/"), location.href).href;
  try {
    const [{ startBoard }] = await Promise.all([import("./whiteboard/board.js"), loadStyles()]);
    const all = { theme: shownTheme(), ...options };
    const board = await startBoard(element, all).catch((error) => {
      const count = options.scene?.elements?.length;
      if (!count) throw error;
      options.onLeftOut?.(count); // an empty board can be drawn on; what was saved stays among the earlier versions
      return startBoard(element, { ...all, scene: null });
    });
    const stop = options.theme ? () => {} : onTheme(board.setTheme);
    return { ...board, destroy: () => (stop(), board.destroy()) };
  } catch (error) {
    console.warn("The board could not be loaded.", error);
    return new Promise((done) => {
      sayItCannotLoad(element, () => location.reload());
      options.onFail?.(error);
      done(null);
    });
  }
}

/** Show an element over the whole screen, or back. @returns {Promise<boolean>} whether it is full now @param {Element} element */
export async function toggleFullScreen(element) {
  if (document.fullscreenElement) {
    await document.exitFullscreen();
    return false;
  }
  if (element.requestFullscreen) await element.requestFullscreen();
  return Boolean(document.fullscreenElement);
}
