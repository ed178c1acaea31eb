// Two versions of one text or board: both are shown, the person decides. Nothing is lost either way,
// because the server keeps what was replaced among the earlier versions.
import { diffWords } from "../ui/diff.js";
import { openDialog } from "../ui/dialogs.js";

const JOIN = "\n\n--- the other version ---\n\n";

/**
 * @param {{what: string, shown: HTMLElement}} options `what`: "text" or "board"; `shown`: both versions
 * @returns {Promise<"mine" | "theirs" | "both">} what the person chose; closing keeps theirs safe and mine in place
 */
export async function askWhich({ what, shown }) {
  const body = document.createElement("div");
  body.className = "stack";
  const lead = document.createElement("p");
  lead.textContent =
    `This ${what} was also changed somewhere else, in another tab or on another device. Yours is saved; ` +
    "the other one is kept under “Earlier versions”.";
  body.append(lead, shown);
  const chosen = await openDialog({
    title: `Two versions of this ${what}`,
    body,
    wide: true,
    choices: [
      { value: "theirs", label: "Take theirs" },
      { value: "both", label: "Keep both" },
      { value: "mine", label: "Keep mine", variant: "primary" },
    ],
  });
  return chosen || "mine";
}

/** The same question with the two texts and their differences. */
export function askWhichText({ mine, theirs }) {
  const titles = { beforeTitle: "The other text", afterTitle: "Your text", equals: true };
  return askWhich({ what: "text", shown: diffWords({ before: theirs, after: mine, ...titles }) });
}

/**
 * An onConflict for createSaver.
 * @param {object} options
 * @param {(answer: object) => Promise<any>} options.loadTheirs  fetches what was replaced; null: nothing to choose
 * @param {(value: any) => void} options.writeValue
 * @param {(both: {mine: any, theirs: any}) => Promise<string>} [options.ask]    default: for texts
 * @param {(both: {mine: any, theirs: any}) => any} [options.join]   "keep both"; default: for texts
 * @param {(one: any, other: any) => boolean} [options.same]         nothing to ask
 */
export function conflictResolver({
  loadTheirs,
  writeValue,
  ask = askWhichText,
  join = ({ mine, theirs }) => `${mine}${JOIN}${theirs}`,
  same = (one, other) => one === other,
}) {
  let asking = false;
  return async ({ mine, answer, saver }) => {
    if (asking) return;
    asking = true;
    try {
      const theirs = await loadTheirs(answer);
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
