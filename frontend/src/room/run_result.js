// The result of a run as elements: compile messages, then each case with what was expected and what came.
import { caseName, differenceOf, madeWords, placesIn, resultWords, verdictWords } from "./run_words.js";

/** @import {Marked} from "./run_words.js" */
/** @import {Run, RunCase} from "./types.js" */
/** @typedef {(line: number, column: number) => void} GoTo */

/**
 * @param {string} tag @param {string} name   its class
 * @param {...(Node | string)} children
 */
function element(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}

/**
 * `goTo` null: the code of the run is not in the editor, its lines lead nowhere.
 * @param {Run} run @param {GoTo | null} goTo @returns {HTMLElement[]}
 */
export function resultOf(run, goTo) {
  const words = element("p", "exam-result-words", element("strong", "", resultWords(run)), ` · ${madeWords(run)}`);
  const parts = [words];
  if (run.compile_output) parts.push(messages("Messages of the compiler", run.compile_output, goTo));
  return [...parts, ...run.cases.map((one) => caseOf(run, one, goTo))];
}

/** Folded when it passed. @param {Run} run @param {RunCase} one @param {GoTo | null} goTo */
function caseOf(run, one, goTo) {
  const hasPassed = one.verdict === "accepted";
  const mark = element("span", "exam-case-mark", hasPassed ? "✓" : one.verdict ? "✗" : "●");
  mark.setAttribute("aria-hidden", "true");
  const name = `${caseName(run, one)}: ${verdictWords(one.verdict)}`;
  const summary = element("summary", "", mark, element("span", "", name), element("span", "exam-case-time", `${one.cpu_ms} ms`));
  const box = /** @type {HTMLDetailsElement} */ (element("details", "exam-case", summary, textsOf(run, one, goTo)));
  box.dataset.state = hasPassed ? "passed" : one.verdict ? "failed" : "ended";
  box.open = !hasPassed;
  return box;
}

/** @param {Run} run @param {RunCase} one @param {GoTo | null} goTo */
function textsOf(run, one, goTo) {
  const body = element("div", "exam-case-body", textBox("Input", one.input));
  const { expected, output, difference_line: line } = one;
  if (expected !== null && line !== null) {
    const difference = differenceOf(expected, output, line);
    body.append(
      element("p", "exam-difference-words", difference.words),
      markedBox("Expected output", difference.expected),
      markedBox("Your output", difference.output),
    );
  } else {
    if (expected !== null) body.append(textBox("Expected output", expected));
    body.append(textBox("Your output", output));
  }
  if (one.error) body.append(messages("Standard error", one.error, goTo));
  body.classList.toggle("exam-case-pair", expected !== null);
  return body;
}

/** A text with its title; long ones scroll, which the keyboard can do too. @param {string} title @param {...(Node | string)} parts */
function box(title, ...parts) {
  const text = element("pre", "code-block exam-output", ...parts);
  text.tabIndex = 0;
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", title);
  return element("div", "exam-text", element("p", "text-small text-quiet", title), text);
}

/** @param {string} title @param {string} text */
const textBox = (title, text) => box(title, text.trimEnd() ? text : nothing("(nothing)"));

/** @param {string} words */
const nothing = (words) => element("span", "exam-nothing", words);

/** @param {string} title @param {Marked} marked */
function markedBox(title, { before, differs, after, isMissing }) {
  const mark = element("mark", "exam-difference", differs || nothing(isMissing ? "(nothing)" : "(the line ends here)"));
  return box(title, before, mark, after);
}

/** @param {string} title @param {string} text @param {GoTo | null} goTo */
function messages(title, text, goTo) {
  const pieces = placesIn(text).map(({ text: words, line, column = 1 }) => {
    if (line === undefined || !goTo) return words;
    const button = /** @type {HTMLButtonElement} */ (element("button", "button-link exam-place", words));
    button.type = "button";
    button.title = `Go to line ${line}`;
    button.onclick = () => goTo(line, column);
    return button;
  });
  const made = box(title, ...pieces);
  made.classList.add("exam-messages");
  return made;
}
