// The room: questions, editor, timer, and what holds them to the server.
import { RequestError, sleep } from "../net/request.js";
import { ABOUT_THE_TEXT, MENDED, showSaveState } from "../saving/index.js";
import { find } from "../ui/find.js";
import { call, isRefusal, wasLeft } from "./api.js";
import { Beats } from "./beats.js";
import { clock } from "./clock.js";
import { announce, notice, withdraw } from "./notices.js";
import { Progress } from "./progress.js";
import { report, sendReports, watchSitting } from "./reports.js";
import { Runs, pathsOfTest } from "./runs.js";
import { sender } from "./tab.js";
import { Texts, takeOverWords } from "./texts.js";
import { Time } from "./time.js";
import { Work } from "./work.js";

/** @import {ShownState} from "../saving/types.js" */
/** @import {BeatListener, Room, RoomData, TextsListener} from "./types.js" */

/** @param {RoomData} data */
export async function runRoom(data) {
  const candidate = data.candidate_id;
  clock.learnFromPage(data.server_time);
  const room = /** @type {Room} */ ({ candidate, over: false, closing: false, toldOf: "" });
  room.beats = new Beats(candidate, listenToBeats(room));
  room.time = new Time(data.deadline, { onZero: () => timeIsOver(room), onSleep: () => room.beats.beat() });
  room.progress = new Progress(candidate, listenToReplies(room));

  watchSitting(candidate);
  const session = await resume(room);
  await takeOverWords(candidate).catch(() => {});
  const { pending_answers: answers = data.answers, ...newer } = session ?? {};
  room.texts = new Texts({ ...data, ...newer, answers }, room.progress, listenToTexts(room));
  await room.texts.restored();
  const work = await Work.open(data, room.texts);
  room.work = work;
  room.runs = new Runs(pathsOfTest(candidate), work, (error) => refused(room, error));
  room.texts.show(); // now with the names of the questions
  room.progress.open(); // only now: what it brings to light is shown in the editor
  room.beats.start();
  listenToPage(room);
  listenToFinish(room, work, data);
  room.time.start();
  find("[data-room]").dataset.ready = "yes";
}

/**
 * Say that the page is open: takes a left test back, clock unchanged. Without a connection the room opens anyway.
 * @param {Room} room
 */
async function resume(room) {
  try {
    const reply = await call("POST", "/test-session", { candidate_id: room.candidate, ...sender() });
    room.time.heed({ ...reply, deadline: reply.session.deadline });
    withdraw("connection");
    return reply.session;
  } catch (error) {
    if (!(error instanceof RequestError) || !isRefusal(error)) offline(room);
    else if (error.status === 409) ended(room);
    else noAccess(error);
    return null;
  }
}

/** @param {Room} room @returns {Progress["listener"]} */
function listenToReplies(room) {
  return {
    async comeBack() {
      if (!(await resume(room))) throw new RequestError("The test could not be taken up again.");
    },
    version: () => room.texts.version,
    onReply(reply, known, isLatest) {
      room.time.heed(reply);
      if (reply.answers_version <= known) lookAtTheServer(room);
      else room.texts.version = Math.max(room.texts.version, reply.answers_version);
      if (isLatest && room.texts.differs(reply.pending_answers)) lookAtTheServer(room);
    },
  };
}

/** @param {Room} room @returns {TextsListener} */
function listenToTexts(room) {
  return {
    onState(now, key) {
      // One quiet line: the notice below counts and has the button.
      const canRetry = now.canRetry && now.state === "refused";
      showSaveState(find("[data-save-state]"), { ...now, words: saveWords(room, now, key), wait: "", canRetry });
      if (["retrying", "offline"].includes(now.state)) offline(room);
      if (now.state === "saved") withdraw("connection");
      if (now.device !== "ok") sayItCannotKeep();
      room.work?.describe();
    },
    onRefused: (error) => ABOUT_THE_TEXT.includes(error.status) || refused(room, error),
    onMended: () => mendedText(),
    onTab: () => openElsewhere(room),
    onWritten: (key) => room.work?.refresh(key),
    onFollowed: (key) => room.work?.sayFollowed(key),
    ask: async (key, both) => room.work?.ask(key, both) ?? "mine",
    join: (key, both) => room.work?.join(key, both),
    same: (key, mine, theirs) => !room.work || room.work.isSame(key, mine, theirs),
  };
}

/** @param {Room} room @param {ShownState} now @param {string} key */
function saveWords(room, { state, error, words, device }, key) {
  if (state === "saved") return "Everything is saved";
  if (state !== "refused" || device !== "ok") return words;
  const title = room.work?.questionOf(key)?.title;
  const others = room.texts.refused.length - 1;
  const more = others > 0 ? ` ${others} more ${others === 1 ? "answer is" : "answers are"} not saved.` : "";
  return `${title ? `“${title}” is not saved` : "Not saved"}: ${error?.message} It is kept on this device.${more}`;
}

function mendedText() {
  notice("mended", MENDED, { tone: "warning" });
}

function sayItCannotKeep() {
  notice("storage", "This window cannot keep answers on the device. Do not close the page while it says offline.", { tone: "warning" });
}

/** @param {Room} room @returns {BeatListener} */
function listenToBeats(room) {
  return {
    version: () => room.texts?.version ?? 0,
    alive(reply, known) {
      room.time.heed(reply);
      withdraw("connection");
      withdraw("access");
      if (reply.other_tab) openElsewhere(room);
      if (reply.other_tab || reply.answers_version < known) lookAtTheServer(room);
      else if (room.texts) room.texts.version = Math.max(room.texts.version, reply.answers_version);
      room.texts?.retry();
    },
    lost: () => offline(room),
    refused: (error) => refused(room, error),
  };
}

/** Another tab of this browser says so itself; of another device the server tells. @param {Room} room */
function openElsewhere(room) {
  const place = room.texts?.hasTabs ? "tab" : "device";
  if (room.toldOf === place || room.toldOf === "tab") return;
  if (!room.toldOf) report("second_tab", { place });
  room.toldOf = place;
  const where = place === "tab" ? "in another tab" : "on another device or in another browser";
  notice("tab", `This test is open ${where}. Both save. When both change the same answer, you are shown both texts and choose. Better use one.`, { tone: "warning" });
}

/**
 * What the server has: another device may have written, or a backup was restored. What was lost there is sent again.
 * @param {Room} room
 */
async function lookAtTheServer(room, tries = 3) {
  const before = room.progress.news;
  try {
    const { session } = await call("GET", `/test-session/${room.candidate}`);
    if (before === room.progress.news) sayWhatIsSentAgain(room.texts.takeIn(session));
    else if (tries > 1) await lookAtTheServer(room, tries - 1); // it was asked before the last save
  } catch {
    // The next beat looks again.
  }
}

/** @param {number} count */
function sayWhatIsSentAgain(count) {
  if (!count) return;
  const what = count === 1 ? "One answer was" : `${count} answers were`;
  notice("lost", `The server had lost its latest data and went back to a backup. ${what} sent again from this page.`, { tone: "warning" });
}

/** A 409 says where the test stands: resumable is resumed, ended is shown. @param {Room} room @param {RequestError} error */
async function refused(room, error) {
  if (room.over) return;
  if (wasLeft(error)) {
    if (await resume(room)) room.texts?.retry();
    return;
  }
  if (error.status === 409) return ended(room);
  if ([401, 404].includes(error.status)) room.texts?.keepHere(error);
  noAccess(error);
}

/** @param {RequestError} error */
function noAccess(error) {
  notice("access", `${error.message} Open the link of your invitation again; what you wrote is kept on this device.`, { tone: "danger" });
}

/**
 * The server says that it is over, and its page shows how. Once: a page that disagrees must not reload for ever.
 * @param {Room} room
 */
function ended(room) {
  room.over = true;
  room.runs?.stop();
  room.beats.stop();
  room.time.stop();
  const last = Number(sessionStorage.getItem("etude-room-ended") || 0);
  sessionStorage.setItem("etude-room-ended", String(Date.now()));
  if (Date.now() - last > 10000) location.reload();
  else notice("over", "This test has ended. Load the page again to see what we received.", { tone: "warning" });
}

/** @param {Room} room */
function offline(room) {
  if (room.over) return;
  notice("connection", "Your answers are kept on this device. We cannot reach the server and keep trying.", {
    tone: "warning",
    button: "Try now",
    onPress: () => room.beats.beat().then(() => room.texts?.flush()),
  });
}

/** @param {Room} room */
function listenToPage(room) {
  // The savers heard of it before and have sent their last words. The beacon comes after them: a save after it would say
  // that the page is still there.
  addEventListener("pagehide", () => {
    if (room.over) return;
    room.beats.leave();
    room.progress.close();
  });
  addEventListener("beforeunload", (event) => {
    // Only where words would really be lost: elsewhere they are kept on the device.
    if (!room.texts.canKeep && room.texts.hasUnsent && !room.over) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted && !room.over) resume(room).then(() => room.progress.open());
    else room.progress.open();
  });
  const screen = find("[data-fullscreen]");
  if (!document.fullscreenEnabled) screen.hidden = true;
  screen.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  });
}

/**
 * At zero the server is asked before anything is closed: staff may have given more time since the last beat.
 * @param {Room} room
 */
async function timeIsOver(room) {
  if (room.closing || room.over) return;
  room.closing = true;
  const told = await room.beats.beat();
  if (!told) await sleep(3000);
  else if (!room.over && room.time.left <= 0) {
    announce("The time is over.");
    notice("time", "The time is over. Your answers are being handed in as they stand.", { tone: "danger" });
    await finish(room, "timer_expired");
  }
  room.closing = false;
}

/**
 * Save the last words, then hand in. Resolves false when the server could not be reached.
 * @param {Room} room @param {string} method
 */
async function finish(room, method) {
  await lookAtTheServer(room); // after this nothing can be sent again
  await room.texts.flush();
  await sendReports();
  try {
    await call("PUT", `/test-session/${room.candidate}/complete`, { completion_method: method });
  } catch (error) {
    if (!(error instanceof RequestError) || !isRefusal(error)) {
      offline(room);
      await sleep(3000);
      return false;
    }
  }
  room.texts.close();
  ended(room);
  return true;
}

/** @param {Room} room @param {Work} work @param {RoomData} data */
function listenToFinish(room, work, data) {
  const dialog = find("[data-finish-dialog]", HTMLDialogElement);
  const finishButton = find("[data-finish-yes]");
  find("[data-finish]").addEventListener("click", () => {
    const open = work.unanswered();
    find("[data-finish-words]").textContent = open.length
      ? `${open.length} of ${work.questions.length} questions have no answer yet:`
      : "Every question has an answer.";
    find("[data-unanswered]").replaceChildren(
      ...open.map((question) => {
        const more = work.written(question) ? " (one character changed)" : "";
        return Object.assign(document.createElement("li"), { textContent: `${question.number}. ${question.title}${more}` });
      }),
    );
    const refused = room.texts.refused.map((key) => `“${work.questionOf(key)?.title ?? key}”`).join(", ");
    find("[data-refused]").textContent = refused && `Not saved: ${refused}. Only what was saved before is handed in.`;
    dialog.showModal();
  });
  find("[data-finish-no]").addEventListener("click", () => dialog.close());
  finishButton.addEventListener("click", async () => {
    finishButton.setAttribute("aria-busy", "true");
    await lookAtTheServer(room);
    work.finishSections(data.sections);
    const saved = (await room.texts.flush()) || (await room.texts.flush()); // again: a reply may have shown that something was lost
    if (saved && (await finish(room, "manual"))) return;
    finishButton.removeAttribute("aria-busy");
    dialog.close();
    if (!saved) offline(room);
  });
}
