// Two versions of one text: both are shown, the person decides. Nothing is lost either way, because
// the server keeps the text that was replaced among the earlier versions.
import { diffWords } from "../ui/diff.js";
import { openDialog } from "../ui/dialogs.js";

const JOIN = "\n\n--- the other version ---\n\n";

/**
 * @param {{mine: string, theirs: string}} texts
 * @returns {Promise<"mine" | "theirs" | "both">} what the person chose; closing keeps theirs safe and mine in place
 */
export function askWhichText({ mine, theirs }) {
  const body = document.createElement("div");
  body.className = "stack";
  const lead = document.createElement("p");
  lead.textContent =
    "This text was also changed somewhere else, in another tab or on another device. Yours is saved; " +
    "the other one is kept under “Earlier versions”.";
  body.append(lead, diffWords({ before: theirs, after: mine, beforeTitle: "The other text", afterTitle: "Your text", equals: true }));
  return openDialog({
    title: "Two versions of this text",
    body,
    wide: true,
    choices: [
      { value: "theirs", label: "Take theirs" },
      { value: "both", label: "Keep both" },
      { value: "mine", label: "Keep mine", variant: "primary" },
    ],
  }).then((chosen) => chosen || "mine");
}

/**
 * An onConflict for createSaver. `loadTheirs(answer)` fetches the text that was replaced.
 * @param {{loadTheirs: (answer: object) => Promise<string|null>, writeValue: (value: string) => void}} options
 */
export function conflictResolver({ loadTheirs, writeValue }) {
  let asking = false;
  return async ({ mine, answer, saver }) => {
    if (asking) return;
    asking = true;
    try {
      const theirs = await loadTheirs(answer);
      if (theirs === null || theirs === mine) return;
      const chosen = await askWhichText({ mine, theirs });
      if (chosen === "mine") return;
      const now = saver.options.readValue();
      writeValue(chosen === "theirs" ? theirs : `${now}${JOIN}${theirs}`);
      saver.changed();
      await saver.flush();
    } finally {
      asking = false;
    }
  };
}
