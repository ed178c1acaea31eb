// What is said of a run, and where its texts differ: no element is made here.
import { LANGUAGE_WORDS } from "./languages.js";

/** @import {RequestError} from "../net/request.js" */
/** @import {OfferedLanguage, Run, RunCase} from "./types.js" */

/** @type {Record<string, string>} */
const VERDICTS = {
  accepted: "Passed",
  wrong_answer: "Wrong answer",
  time_limit: "Time limit exceeded",
  memory_limit: "Memory limit exceeded",
  output_limit: "Too much output",
  runtime_error: "Runtime error",
  compile_error: "Does not compile",
  internal_error: "Could not be run",
};

/** @param {string | null} verdict */
export const verdictWords = (verdict) => (verdict === null ? "Ended by itself" : (VERDICTS[verdict] ?? verdict));

/** @param {Run} run */
export const isLive = (run) => run.status === "queued" || run.status === "running";

/** One sentence for the line beside the button. @param {Run} run @param {string} [title] of another question than the open one */
export function waitingWords({ status, position }, title = "") {
  const what = title ? `“${title}”` : "Your run";
  if (status === "running") return `${what} is running…`;
  return position && position > 1 ? `${what} is waiting, place ${position} in the queue…` : `${what} is next…`;
}

/** One sentence above the cases. @param {Run} run */
export function resultWords({ status, verdict, kind, cases }) {
  if (status === "cancelled") return "This run was canceled.";
  if (status === "failed" || verdict === "internal_error") return "This run failed by a fault of ours, not of your code. Run it again.";
  if (verdict === "compile_error") return "Does not compile";
  if (kind === "custom") return `Your input: ${verdictWords(verdict).toLowerCase()}`;
  const passed = cases.filter((one) => one.verdict === "accepted").length;
  if (passed < cases.length) return `${passed} of ${cases.length} samples passed`;
  return cases.length === 1 ? "The sample passed" : `All ${cases.length} samples passed`;
}

/** "Python, run at 12:03:21". @param {Run} run */
export function madeWords({ language, created_at }) {
  const at = new Date(created_at).toLocaleTimeString("en-GB");
  return `${LANGUAGE_WORDS[language] ?? language}, run at ${at}`;
}

/** Why a run was not taken, in plain words. @param {RequestError} error @param {boolean} isKept whether the code is saved and scored */
export function refusalWords(error, isKept) {
  if (error.offline) return `We cannot reach the server. ${isKept ? "Your code is kept on this device; run" : "Run"} it when the connection is back.`;
  if (error.code === "run_in_progress") return "One run at a time: the last one has not ended yet, perhaps in another tab. Try again in a moment.";
  if (error.code === "too_many_runs" && error.retryAfter) return `You have run twelve times within a minute, which is the limit. You can run again in ${secondsIn(error.retryAfter)}.`;
  if (error.code === "too_many_trial_runs") return "You have run a hundred times within a day, which is the limit of the practice room. The test has its own.";
  if (error.code === "session_abandoned") return "The test had been left and was taken up again. Run it once more.";
  if (error.code === "runner_unavailable") return awayWords(error.body?.reason, isKept);
  if (error.status >= 500) return `Our server could not take the run. Try again in a moment${isKept ? "; your answer is saved" : ""}.`;
  const [about] = /** @type {string[]} */ (Object.values(error.body?.fields ?? {}).flat());
  return about ?? error.message;
}

/** @param {number | null} seconds */
const secondsIn = (seconds) => (seconds === 1 ? "1 second" : `${seconds ?? 60} seconds`);

/** @param {string | undefined} reason of the server @param {boolean} isKept */
export function awayWords(reason, isKept) {
  const why = reason ? ` (${reason.replace(/\.$/, "")})` : "";
  const after = isKept ? "Go on writing: your answer is saved and will be scored all the same." : "You can start the test all the same.";
  return `Code cannot be run at the moment${why}. ${after}`;
}

/** Why the language of the answer cannot be run; "" when it can or is not known yet. @param {OfferedLanguage | undefined} offered @param {boolean} isOnlyThis @param {boolean} isKept */
export function languageWords(offered, isOnlyThis, isKept) {
  if (!offered || offered.available) return "";
  if (!isOnlyThis) return awayWords(offered.reason, isKept);
  return `${offered.name} cannot be run here: ${offered.reason}`;
}

/** The languages that cannot be chosen, each with its reason; "" when there are none. @param {OfferedLanguage[]} away */
export function awayLanguages(away) {
  if (!away.length) return "";
  const each = away.map(({ name, reason }) => `${name} (${reason.replace(/\.$/, "")})`);
  return `Not available in this test: ${each.join(", ")}.`;
}

/** @typedef {{before: string, differs: string, after: string, isMissing: boolean}} Marked   a text, cut at what differs */

/**
 * Both texts cut where they first differ on a line, counted from 1. Blanks at the end of a line do not count, as for the server.
 * @param {string} expected @param {string} output @param {number} line
 * @returns {{expected: Marked, output: Marked, words: string}}
 */
export function differenceOf(expected, output, line) {
  const [wanted, given] = [expected, output].map((text) => text.trimEnd().split("\n"));
  const [left, right] = [wanted, given].map((lines) => lines[line - 1]?.trimEnd());
  let start = 0;
  while (left && right && start < Math.min(left.length, right.length) && left[start] === right[start]) start += 1;
  // Half of a pair of surrogates is no character.
  if (start && /[\ud800-\udbff]/.test(left?.[start - 1] ?? "")) start -= 1;
  let words = `The first difference is in line ${line}, character ${start + 1}.`;
  if (!output.trim()) words = "Your program printed nothing.";
  else if (right === undefined) words = `Line ${line} is missing in your output.`;
  else if (left === undefined) words = `Your output goes on where it should end: line ${line} is too much.`;
  return { expected: cut(wanted, line, start), output: cut(given, line, start), words };
}

/** @param {string[]} lines @param {number} line @param {number} start @returns {Marked} */
function cut(lines, line, start) {
  const isMissing = line > lines.length || (lines.length === 1 && !lines[0]);
  const own = lines[line - 1] ?? "";
  const above = lines.slice(0, line - 1).map((text) => `${text}\n`).join("");
  const below = lines.slice(line).map((text) => `\n${text}`).join("");
  return { before: above + own.slice(0, start), differs: own.slice(start), after: below, isMissing };
}

/** @typedef {{text: string, line?: number, column?: number}} Piece   with a line, it names a place in the code */

// main.py", line 3 · main.js:3 · Main.java:3 · main.cpp:3:5
const PLACE = /(?:main\.(?:py|js|cpp)|Main\.java)(?:", line |:)(\d+)(?::(\d+))?/g;

/** Messages of a compiler or an interpreter, in pieces: text, and places in the candidate's code. @param {string} messages @returns {Piece[]} */
export function placesIn(messages) {
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  for (const found of messages.matchAll(PLACE)) {
    if (found.index > end) pieces.push({ text: messages.slice(end, found.index) });
    pieces.push({ text: found[0], line: Number(found[1]), column: Number(found[2] ?? 1) });
    end = found.index + found[0].length;
  }
  if (end < messages.length) pieces.push({ text: messages.slice(end) });
  return pieces;
}

/** "Sample 1" or "Your input". @param {Run} run @param {RunCase} one */
export const caseName = (run, one) => (run.kind === "custom" ? "Your input" : `Sample ${one.number}`);
