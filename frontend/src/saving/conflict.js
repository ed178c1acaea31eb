// Two versions of one text, answer or board: both are shown, the person decides. Nothing is lost either way,
// because the server keeps what was replaced.
import { diffWords } from "../ui/diff.js";
import { openDialog } from "../ui/dialogs.js";

/** @import {Answer} from "./types.js" */
/** @import {Saver} from "./saver.js" */

/** What is said about a text or a board of a learner. @param {string} what */
export function wordsAbout(what) {
  const title = `Two versions of this ${what}`;
  const lead =
    `This ${what} was also changed somewhere else, in another tab or on another device. Yours is saved; ` +
    "the other one is kept under “Earlier versions”.";
  return { title, lead };
}

/**
 * @param {{title: string, lead: string, shown: HTMLElement}} options `shown`: both versions
 * @returns {Promise<string>} "mine", "theirs" or "both": what the person chose; closing keeps theirs safe and mine in place
 */
export async function askWhich({ title, lead, shown }) {
  const body = document.createElement("div");
  body.className = "stack";
  body.append(Object.assign(document.createElement("p"), { textContent: lead }), shown);
  const choices = [
    { value: "theirs", label: "Take theirs" },
    { value: "both", label: "Keep both" },
    { value: "mine", label: "Keep mine", variant: "primary" },
  ];
  return (await openDialog({ title, body, wide: true, choices })) || "mine";
}

/**
 * The same question with the two texts and their differences.
 * @param {{mine: string, theirs: string, words?: {title: string, lead: string}, titles?: object}} both
 */
export function askWhichText({ mine, theirs, words = wordsAbout("text"), titles = {} }) {
  const shown = diffWords({ before: theirs, after: mine, beforeTitle: "The other text", afterTitle: "Your text", equals: true, ...titles });
  return askWhich({ ...words, shown });
}

/** Both texts, one below the other. @param {{mine: string, theirs: string}} both @param {string} [mark] */
export function joinTexts({ mine, theirs }, mark = "--- the other version ---") {
  return `${mine}\n\n${mark}\n\n${theirs}`;
}

/**
 * An onConflict for createSaver.
 * @param {object} options
 * @param {(answer: Answer) => Promise<any>} options.loadTheirs  fetches what was replaced; null: nothing to choose
 * @param {(value: any) => void} options.writeValue
 * @param {(both: {mine: any, theirs: any}) => Promise<string>} [options.ask]    default: for texts
 * @param {(both: {mine: any, theirs: any}) => any} [options.join]   what "keep both" writes; default: for texts
 * @param {(one: any, other: any) => boolean} [options.same]         nothing to ask
 * @returns {(conflict: {mine: any, answer: Answer, saver: Saver}) => Promise<void>}
 */
export function conflictResolver({
  loadTheirs,
  writeValue,
  ask = askWhichText,
  join = joinTexts,
  same = (one, other) => one === other,
}) {
  let asking = false;
  return async ({ answer, saver }) => {
    if (asking) return;
    asking = true;
    try {
      const theirs = await loadTheirs(answer);
      const mine = saver.options.readValue();
      if (theirs === null || same(mine, theirs)) return;
      const chosen = await ask({ mine, theirs });
      if (chosen === "mine") return;
      writeValue(chosen === "theirs" ? theirs : join({ mine: saver.options.readValue(), theirs }));
      saver.changed();
      await saver.flush();
    } finally {
      asking = false;
    }
  };
}
