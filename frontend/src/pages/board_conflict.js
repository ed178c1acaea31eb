// A board that was changed in two places: two pictures, and the person decides.
import { newKey, send } from "../net/request.js";
import { askWhich, conflictResolver, wordsAbout } from "../saving/index.js";
import { changedFrames, partOf, sideBySide } from "../whiteboard/merge.js";

/** @import {MountedBoard, Scene} from "../whiteboard/types.js" */

/**
 * One board as a picture with its title, in words too when there is nothing to see.
 * @param {string} title @param {Scene} scene @param {MountedBoard} board
 */
async function figure(title, scene, board) {
  const box = document.createElement("figure");
  box.className = "board-choice";
  const caption = Object.assign(document.createElement("figcaption"), { className: "section-title", textContent: title });
  box.append(caption);
  const count = scene.elements.filter((element) => element.type !== "frame").length;
  const drawing = count ? await board.picture(scene) : null;
  if (!drawing) {
    box.append(Object.assign(document.createElement("p"), { className: "board-choice-empty", textContent: "Nothing is drawn here." }));
    return box;
  }
  const image = document.createElement("img");
  image.alt = `${title}: ${count} part${count === 1 ? "" : "s"}`;
  image.src = URL.createObjectURL(drawing);
  image.onload = () => URL.revokeObjectURL(image.src);
  box.append(image);
  return box;
}

/** @param {MountedBoard} board @returns {(both: {mine: Scene, theirs: Scene}) => Promise<string>} */
function askWhichBoard(board) {
  return async ({ mine, theirs }) => {
    const where = changedFrames(mine, theirs);
    const shown = document.createElement("div");
    shown.className = "board-choices";
    const parts = /** @type {[string, Scene][]} */ ([["The other board", theirs], ["Your board", mine]]);
    shown.append(...(await Promise.all(parts.map(([title, scene]) => figure(title, partOf(scene, where), board)))));
    return askWhich({ ...wordsAbout("board"), shown });
  };
}

/**
 * An onConflict for the board's saver.
 * @param {MountedBoard} board from whiteboard.js
 * @param {string} url the board's address; its replaced scenes lie below
 */
export function boardConflict(board, url) {
  return conflictResolver({
    loadTheirs: async ({ replaced }) => (replaced ? (await send(`${url}/revisions/${replaced.revision_id}`)).scene : null),
    writeValue: (scene) => board.replaceScene(scene),
    ask: askWhichBoard(board),
    join: ({ mine, theirs }) => sideBySide(mine, theirs, newKey),
    same: (mine, theirs) => changedFrames(mine, theirs).size === 0,
  });
}
