// The board beside the answer: loaded once the text is usable, saved by the same library as the text.
import { send } from "../net/request.js";
import { MENDED, bytesOf, createSaver, showSaveState, sizeInWords } from "../saving/index.js";
import { setUpAdding } from "./board_add.js";
import { boardConflict } from "./board_conflict.js";
import { find, onCustom } from "../ui/find.js";

/** @import {Saver} from "../saving/saver.js" */
/** @import {RequestError} from "../net/request.js" */
/** @import {Version} from "../saving/types.js" */
/** @import {MountedBoard, Scene} from "../whiteboard/types.js" */
/** @import {WorkspaceConfig} from "./types.js" */

const WIDE = "(min-width: 900px)";

/** What tells one drawing from another: Excalidraw counts a version for each element. @param {any} scene */
function printOf(scene) {
  if (!scene) return "";
  const elements = (scene.elements ?? []).map((/** @type {any} */ one) => `${one.id}:${one.version}:${one.versionNonce}:${one.isDeleted ? 1 : 0}`);
  return [...elements, ...Object.keys(scene.files ?? {})].join(" ");
}

/**
 * Resolves when the board is wanted: at once beside the text, on a narrow screen when its tab is opened.
 * @returns {Promise<void>}
 */
function whenWanted() {
  return new Promise((done) => {
    const soon = () => (globalThis.requestIdleCallback ?? setTimeout)(() => done());
    if (matchMedia(WIDE).matches) soon();
    else onCustom(document, "panes:show", ({ detail }) => detail === "end" && soon());
    matchMedia(WIDE).addEventListener("change", ({ matches }) => matches && soon());
  });
}

/** @param {WorkspaceConfig} config */
async function load(config) {
  const [{ mountWhiteboard, toggleFullScreen }, saved] = await Promise.all([import("../whiteboard.js"), send(config.board_url)]);
  return { mountWhiteboard, toggleFullScreen, saved };
}

const MAX_BOARD = 2 * 1024 * 1024; // of JSON; a picture in it takes a third more than its file

/** Why the server does not take a board, as far as it is its size. @param {RequestError} error @param {Scene} scene */
function whyTooLarge({ status }, scene) {
  const size = bytesOf(scene);
  if (status !== 413 || size <= MAX_BOARD) return "";
  const pictures = Object.values(scene.files ?? {}).map(({ dataURL = "" }) => (dataURL.length * 3) / 4);
  const largest = Math.max(0, ...pictures);
  const most = (MAX_BOARD * 3) / 4;
  if (largest > most) return `One picture has ${sizeInWords(largest)}, and a board takes ${sizeInWords(most)}. Use a smaller one.`;
  const all = pictures.length ? `, its ${pictures.length === 1 ? "picture" : `${pictures.length} pictures`} included` : "";
  return `The board has ${sizeInWords(size)}${all}, and it may have ${sizeInWords(MAX_BOARD)}. Remove pictures or parts of the drawing.`;
}

/** @param {number} count */
const leftOut = (count) =>
  `${count === 1 ? "One part" : `${count} parts`} of this board cannot be opened and ${count === 1 ? "is" : "are"} left out here. ` +
  "Once you change the board, the one with all its parts is under “Earlier versions”.";

/** @param {HTMLElement} host @param {string} words @param {() => void} retry */
function say(host, words, retry) {
  const message = document.createElement("div");
  message.className = "board-message";
  message.setAttribute("role", "status");
  message.append(Object.assign(document.createElement("p"), { textContent: words }));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: "Load the board again" });
  button.addEventListener("click", retry);
  message.append(button);
  host.replaceChildren(message);
}

/**
 * @param {WorkspaceConfig} config what the server told the page
 * @param {(subject: string, text: string) => void} notice
 * @param {(others: number) => void} onTabs other tabs that have this board open
 * @param {Promise<void>} after what comes first: the words can be written before the board is asked for
 * @returns {{flush(): Promise<boolean>, readonly version: Version, heard(version: number, before: Version): void,
 *   keepHere(error: RequestError): void}} a saver's face, also before the board is there
 */
export function startBoard(config, notice, onTabs, after) {
  const host = find("[data-whiteboard]");
  const state = find("[data-board-state]");
  const frame = config.frames.find((one) => one.question_id === config.question_id);
  /** @type {Saver | null} */
  let saver = null;
  let listBoxes = () => {};

  async function open() {
    let parts;
    try {
      parts = await load(config);
    } catch {
      say(host, "The board could not be loaded. Your answer in words works without it, and what was drawn is safe.", open);
      return;
    }
    const { mountWhiteboard, toggleFullScreen, saved } = parts;
    setUpFullScreen(toggleFullScreen);
    const board = await mountWhiteboard(host, {
      scene: saved.scene,
      frames: config.frames,
      frameId: frame?.id,
      onChange() {
        saver?.changed();
        listBoxes();
      },
      onLeftOut: (count) => notice("board-parts", leftOut(count)),
    });
    if (!board) return;
    saver = saverOf(board, saved.version);
    listBoxes = setUpAdding(board, frame?.id);
    keepInView(host, () => board.focusFrame(frame?.id));
  }

  /** @param {MountedBoard} board @param {number} version */
  function saverOf(board, version) {
    const resolve = boardConflict(board, config.board_url);
    const made = createSaver({
      key: `board:${config.session_id}`,
      url: config.board_url,
      baseVersion: version,
      readValue: () => board.scene(),
      writeValue(scene) {
        board.replaceScene(scene);
        listBoxes();
      },
      fingerprint: printOf,
      toBody: (scene, base) => ({ scene, base_version: base }),
      delay: 1500,
      explain: whyTooLarge,
      onMended: () => notice("mended", MENDED),
      onLost: () => notice("lost-board", "The server had lost its latest data and went back to a backup. The board was sent again from this page."),
      onState: (now) => showSaveState(state, now),
      onRestored: () => notice("board", "The board shows what you had drawn on this device before the page was closed."),
      onTabs,
      onConflict: (conflict) =>
        resolve(conflict).catch(() =>
          notice("board", "The board was also changed in another tab. Yours is saved; the other one is kept under “Earlier versions”."),
        ),
    });
    // Not before what this device may have kept is on the server.
    if (version) made.ready.then(() => made.state.state === "saved" && !made.pending && made.show("saved"));
    made.restored.then(() => (host.dataset.ready = "true"));
    return made;
  }

  Promise.all([whenWanted(), after]).then(open);
  return {
    flush: async () => saver?.flush() ?? true,
    get version() {
      return saver?.base ?? null;
    },
    heard: (version, before) => saver?.heard(version, before),
    keepHere: (error) => void saver?.keepHere(error),
  };
}

/** @param {(element: Element) => void} toggleFullScreen */
function setUpFullScreen(toggleFullScreen) {
  const button = find("[data-board-fullscreen]");
  const pane = find("#pane-board");
  button.hidden = !pane.requestFullscreen;
  button.onclick = () => toggleFullScreen(pane);
  document.addEventListener("fullscreenchange", () => button.setAttribute("aria-pressed", String(document.fullscreenElement === pane)));
}

const SETTLED_MS = 300; // the board follows a new size of its place with a delay of its own

/**
 * After full screen comes or goes, the question's frame fills what there is of room.
 * @param {HTMLElement} host @param {() => void} focus
 */
function keepInView(host, focus) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let until = 0;
  const refit = () => {
    clearTimeout(timer);
    timer = setTimeout(() => host.isConnected && focus(), SETTLED_MS);
  };
  document.addEventListener("fullscreenchange", () => {
    until = Date.now() + 1000;
    refit();
  });
  new ResizeObserver(() => Date.now() < until && refit()).observe(host);
}
