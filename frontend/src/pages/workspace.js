// The practice workspace: saving as you type, feedback, moving between questions, the keyboard.
// Everything here only adds to a page that works without it.
import { RequestError, isReachable, send } from "../net/request.js";
import { MENDED, conflictResolver, createSaver, mendField, showSaveState, tooLong } from "../saving/index.js";
import { onKey } from "../ui/keys.js";
import { activeClock } from "./active_clock.js";
import { startBoard } from "./board.js";
import { pointAtFeedback } from "./feedback_below.js";
import { closest, find, findAll, onCustom, readJson } from "../ui/find.js";

const PATIENCE_MS = 2500; // how long a move to another question waits for the save
const LOOK_MS = 60_000;

/** @import {ShownState} from "../saving/types.js" */

/** @type {import("./types.js").WorkspaceConfig} */
const config = readJson("workspace-config");
const form = find("#answer-form", HTMLFormElement);
/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
const answer = find("[name=answer_text]", HTMLTextAreaElement, form);
const saveState = find("[data-save-state]");
const notices = find("[data-notices]");
const feedbackButton = find("[data-get-feedback]", HTMLElement, form);
const [completeButton] = findAll("[data-complete]");
const clock = activeClock();

/**
 * Say something above the answer, one line a subject; an empty text takes it away.
 * @param {string} subject @param {string} text
 */
function notice(subject, text) {
  let [line] = findAll(`[data-notice="${subject}"]`, HTMLElement, notices);
  if (!text) return void line?.remove();
  if (!line) {
    line = notices.appendChild(document.createElement("p"));
    line.className = "notice";
    line.dataset.notice = subject;
    line.dataset.tone = "warning";
    line.setAttribute("role", "status");
  }
  line.textContent = text;
}

const others = { text: 0, board: 0 };

/** All questions of a set share one board, so a tab with another question counts too. @param {Partial<typeof others>} counts */
function sayTabs(counts) {
  Object.assign(others, counts);
  const what = others.text ? "This question" : others.board ? "The board of this set" : "";
  const words = `${what} is also open in another tab. The last save counts; whatever it replaces is kept under “Earlier versions”.`;
  notice("tabs", what && words);
}

/** @param {string} text */
function writeAnswer(text) {
  const at = Math.min(answer.selectionStart, text.length);
  answer.value = text;
  answer.setSelectionRange(at, at);
  answer.dispatchEvent(new CustomEvent("etude:written"));
}

/** @param {ShownState} now */
function showState(now) {
  const untouched = now.state === "saved" && !now.at && !config.saved_at;
  showSaveState(saveState, untouched ? { ...now, words: "Nothing written yet" } : now);
  if (untouched) saveState.dataset.state = "empty";
}

// --- Saving ---------------------------------------------------------------------------------------

const SENT_AGAIN = "The server had lost its latest data and went back to a backup. What it had lost was sent again from this page.";

const saver = createSaver({
  key: `draft:${config.session_id}:${config.question_id}`,
  url: config.draft_url,
  baseVersion: config.version,
  savedValue: answer.defaultValue,
  readValue: () => answer.value,
  writeValue: writeAnswer,
  toBody: (value, base) => ({ answer_text: value, base_version: base, active_seconds: clock.read() }),
  onState: showState,
  onSaved(reply) {
    clock.sent();
    field("base_version").value = String(reply.version);
  },
  explain: (_error, value) => tooLong(value),
  onMended: () => notice("mended", MENDED),
  onLost: () => notice("lost", SENT_AGAIN),
  onTabs: (count) => sayTabs({ text: count }),
  onRestored: () => notice("restored", "Here is what you had written on this device before the page was closed."),
  onConflict: conflictResolver({
    loadTheirs: async (reply) => reply.replaced?.answer_text ?? null,
    writeValue: writeAnswer,
  }),
  onRefused: (error) =>
    error.code === "session_completed" &&
    notice("completed", "This session was completed elsewhere. Your text is kept with it: see “Earlier versions” in its review."),
});
const board = startBoard(config, notice, (count) => sayTabs({ board: count }), saver.restored);

const saveAll = async () => (await Promise.all([saver.flush(), board.flush()])).every(Boolean);

/** Does the server still have what it acknowledged? After a restore from a backup it may not. */
async function look() {
  if (document.hidden) return;
  const before = [saver.base, board.version];
  try {
    const { progress, board_version: version } = await send(config.session_url);
    const dot = progress.find((/** @type {any} */ one) => one.question_id === config.question_id);
    saver.heard(dot.draft_version, before[0]);
    board.heard(version, before[1]);
  } catch (error) {
    if (!(error instanceof RequestError && [401, 404].includes(error.status))) return;
    saver.keepHere(error);
    board.keepHere(error);
  }
}

setInterval(look, LOOK_MS);
addEventListener("online", look);
document.addEventListener("visibilitychange", look);

answer.addEventListener("input", () => {
  if (mendField(answer)) notice("mended", MENDED);
  saver.changed();
});
saver.ready.then(() => saver.changed()); // what was typed before this script ran
for (const type of ["input", "pointerdown", "keydown"]) document.addEventListener(type, () => clock.touch());

// --- Moving ---------------------------------------------------------------------------------------

const AWAY = "Etude cannot be reached, so this page stays open with your words. Try again when the connection is back.";

/**
 * Save, then go. What cannot be sent in time is on this device and follows from the next page. Without a server the page
 * stays, where the browser would show its own.
 * @param {string} address @param {Element} control
 */
async function leaveTo(address, control) {
  control.setAttribute("aria-busy", "true");
  const patience = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const [isThere] = await Promise.all([isReachable(), Promise.race([saveAll(), patience])]);
  notice("away", isThere ? "" : AWAY);
  if (isThere) location.assign(address);
  else control.removeAttribute("aria-busy");
}

addEventListener("online", () => notice("away", ""));

for (const control of findAll("[data-go], .panes .dot, .question-link")) {
  control.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    leaveTo(control.dataset.go ?? /** @type {HTMLAnchorElement} */ (control).href, control);
  });
}

/**
 * Let a button's own action happen only once everything is on the server.
 * @param {HTMLElement} button @param {() => void} refuse @param {() => boolean} [prepare]
 */
function afterSaving(button, refuse, prepare = () => true) {
  button.addEventListener(
    "click",
    async (event) => {
      if ("ready" in button.dataset) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!prepare()) return;
      button.setAttribute("aria-busy", "true");
      const saved = await saveAll();
      // A click made by Enter is still under way until the next task, and swallows another one.
      await new Promise((done) => setTimeout(done));
      button.removeAttribute("aria-busy");
      if (!saved) {
        refuse();
        return;
      }
      button.dataset.ready = "";
      button.click();
      delete button.dataset.ready;
    },
    true,
  );
}

/** Completing cannot be taken back: what got no feedback yet is named before (ui/dialogs.js asks). */
function nameOpenQuestions() {
  const open = document.querySelectorAll('.question-link[data-state="open"] .question-link-title');
  const names = [...open].map((link) => link.textContent).join(", ");
  completeButton.dataset.confirm = names && `No feedback was asked for: ${names}. A completed set takes no more answers. What you wrote stays in its review, and you can practice the set again.`;
  return true;
}

// After completion the session takes no more text, so nothing may still be on its way.
if (completeButton) {
  const stay = "Not everything could be saved, so the session stays open. Your words are kept on this device; try again when the connection is back.";
  afterSaving(completeButton, () => notice("complete", stay), nameOpenQuestions);
}

// --- Feedback -------------------------------------------------------------------------------------

function hasAnswer() {
  notice("feedback", answer.value.trim() ? "" : "Write an answer first.");
  if (!answer.value.trim()) answer.focus();
  const seconds = field("active_seconds");
  seconds.disabled = false;
  seconds.value = String(clock.read());
  return Boolean(answer.value.trim());
}

afterSaving(
  feedbackButton,
  () => notice("feedback", "Your answer is kept on this device. Ask for feedback again once it is saved."),
  hasAnswer,
);

function markSubmitted() {
  const dot = find('.panes .dot[aria-current="step"]');
  dot.dataset.state = "done";
  dot.setAttribute("aria-label", (dot.getAttribute("aria-label") ?? "").replace("not submitted yet", "submitted"));
  const link = find('.question-link[aria-current="page"]');
  link.dataset.state = "done";
  find(".question-link-state", HTMLElement, link).textContent = "submitted";
}

onCustom(document.body, "etude:submitted", ({ detail }) => {
  clock.sent();
  field("base_version").value = detail.version;
  field("tries").value = detail.tries;
  saver.adopt({ value: detail.answer_text ?? answer.value, version: detail.version });
  markSubmitted();
});

/** The verdict has come by itself: what it changed against the try before follows. */
document.body.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!(target instanceof Element) || !target.matches('[data-feedback][data-state="succeeded"]')) return;
  target.closest("[data-try]")?.querySelector("[data-change]")?.dispatchEvent(new CustomEvent("etude:scored"));
});

pointAtFeedback(find("[data-feedback-below]"), find("#feedback"));

// --- Keyboard -------------------------------------------------------------------------------------

/** @param {Event} event */
const inBoard = (event) => Boolean(closest(event, ".excalidraw"));
// On a Mac, Option with an arrow moves by words inside a text.
/** @param {Event} event */
const movesByWord = ({ target }) => /Mac/.test(navigator.platform) && target === answer;

/** @param {string} selector @returns {(event: KeyboardEvent) => boolean} */
function move(selector) {
  return (event) => {
    if (inBoard(event) || movesByWord(event)) return false;
    findAll(selector)[0]?.click();
    return true;
  };
}

onKey("mod+Enter", (event) => (inBoard(event) ? false : feedbackButton.click()));
onKey("alt+ArrowLeft", move("[data-go-previous]"));
onKey("alt+ArrowRight", move("[data-go-next]"));

// Tests wait for it: from here on nothing this device had kept comes into the field any more.
saver.restored.then(() => (find(".workspace").dataset.ready = "true"));
