// The room: questions, editor, timer, and what holds them to the server.
import { sleep } from "../net/request.js";
import { Answers } from "./answers.js";
import { call, Refused } from "./api.js";
import { Beats } from "./beats.js";
import { clock } from "./clock.js";
import { announce, notice, withdraw } from "./notices.js";
import { OtherTabs } from "./other_tabs.js";
import { report, sendReports, watchSitting } from "./reports.js";
import { sender } from "./tab.js";
import { Time } from "./time.js";
import { Work } from "./work.js";

const SAVE_WORDS = {
  saved: "Everything is saved",
  saving: "Saving…",
  retrying: "Offline: kept on this device, sent when you are back",
  refused: "Could not save this answer",
};
const find = (selector) => document.querySelector(selector);

export async function runRoom(data) {
  const candidate = data.candidate_id;
  clock.learnFromPage(data.server_time);
  const room = { candidate, over: false };
  const answers = new Answers(candidate, data, listenToSaves(room));
  const beats = new Beats(candidate, listenToBeats(room));
  const time = new Time(data.deadline, { onZero: () => timeIsOver(room), onSleep: () => beats.beat() });
  const tabs = new OtherTabs(candidate, { onTab: () => otherTab(room), onSaved: (saved) => answers.takeIn(saved) });
  Object.assign(room, { answers, beats, time, tabs });

  watchSitting(candidate);
  await resume(room);
  await answers.recover();
  room.work = await Work.open(data, answers);
  answers.flush(); // only now: what it brings to light is shown in the editor
  beats.start();
  listenToPage(room);
  listenToFinish(room, data);
  time.start();
  find("[data-room]").dataset.ready = "yes";
}

/** Say that the page is open: takes a left test back, clock unchanged. Without a connection the room opens anyway. */
async function resume(room) {
  try {
    const reply = await call("POST", "/test-session", { candidate_id: room.candidate, ...sender() });
    room.time.heed({ ...reply, deadline: reply.session.deadline });
    withdraw("connection");
    if (!room.work) room.answers.startFrom(reply.session.pending_answers);
  } catch (error) {
    if (error instanceof Refused && error.status === 409) ended(room);
    else if (error instanceof Refused && error.status < 500) noAccess(error);
    else offline(room);
  }
}

function listenToSaves(room) {
  return {
    saving(state, error, wait) {
      const line = find("[data-save-state]");
      line.dataset.state = state;
      line.textContent = state === "refused" ? error.message : SAVE_WORDS[state];
      if (state === "retrying" && wait) offline(room);
      if (state === "saved") withdraw("connection");
      room.work?.describe();
    },
    acknowledged(reply, saved) {
      room.time.heed(reply);
      room.tabs.saved(saved);
    },
    fromElsewhere: (key) => room.work?.adopt(key),
    conflict: (key, theirs) => room.work?.settle(key, theirs),
    refused: (error) => refused(room, error),
    cannotKeep() {
      room.cannotKeep = true;
      notice("storage", "This window cannot keep answers on the device. Do not close the page while it says offline.", { tone: "warning" });
    },
  };
}

function listenToBeats(room) {
  return {
    alive(reply) {
      room.time.heed(reply);
      withdraw("connection");
      if (reply.other_tab) otherTab(room), lookElsewhere(room);
      if (room.answers?.hasUnsent && room.answers.failures) room.answers.flush();
    },
    lost: () => offline(room),
    refused: (error) => refused(room, error),
  };
}

function otherTab(room) {
  if (room.toldOfTab) return;
  room.toldOfTab = true;
  report("second_tab");
  notice("tab", "This test is open in another tab. Both save. When both change the same answer, you are shown both texts and choose. Better close one.", { tone: "warning" });
}

/** The other tab may be on another device: what it has saved is fetched. */
async function lookElsewhere(room) {
  try {
    const reply = await call("GET", `/test-session/${room.candidate}`);
    room.answers.takeIn(reply.session.pending_answers);
  } catch {
    // The next beat looks again.
  }
}

/** A 409 says where the test stands: resumable is resumed, ended is shown. */
async function refused(room, error) {
  if (room.over) return;
  if (error.status === 409 && error.body.status === "abandoned" && error.body.code === "session_abandoned") {
    await resume(room);
    if (!room.over) room.answers.flush();
    return;
  }
  if (error.status === 409) ended(room);
  else noAccess(error);
}

function noAccess(error) {
  notice("access", `${error.message} Open the link of your invitation again; what you wrote is kept on this device.`, { tone: "danger" });
}

/** The server says that it is over, and its page shows how. Once: a page that disagrees must not reload for ever. */
function ended(room) {
  room.over = true;
  room.beats.stop();
  room.time.stop();
  const last = Number(sessionStorage.getItem("etude-room-ended") || 0);
  sessionStorage.setItem("etude-room-ended", String(Date.now()));
  if (Date.now() - last > 10000) location.reload();
  else notice("over", "This test has ended. Load the page again to see what we received.", { tone: "warning" });
}

function offline(room) {
  if (room.over) return;
  notice("connection", "Your answers are kept on this device. We cannot reach the server and keep trying.", {
    tone: "warning",
    button: "Try now",
    onPress: () => room.beats.beat().then(() => room.answers.flush()),
  });
}

function listenToPage(room) {
  addEventListener("pagehide", () => {
    if (room.over) return;
    room.answers.sendLast();
    room.beats.leave();
    // The beacon is the last word: a save after it would say that the page is still there.
    room.answers.paused = true;
  });
  addEventListener("beforeunload", (event) => {
    // Only where words would really be lost: elsewhere they are kept on the device.
    if (room.cannotKeep && room.answers.hasUnsent && !room.over) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    room.answers.paused = false;
    if (event.persisted && !room.over) resume(room).then(() => room.answers.flush());
  });
  document.addEventListener("visibilitychange", () => document.hidden && room.answers.flush());
  const screen = find("[data-fullscreen]");
  if (!document.fullscreenEnabled) screen.hidden = true;
  screen.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  });
}

/** At zero the server is asked before anything is closed: staff may have given more time since the last beat. */
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

/** Save the last words, then hand in. Resolves false when the server could not be reached. */
async function finish(room, method) {
  await room.answers.flush();
  await sendReports();
  try {
    await call("PUT", `/test-session/${room.candidate}/complete`, { completion_method: method });
  } catch (error) {
    if (!(error instanceof Refused) || error.status >= 500) {
      offline(room);
      await sleep(3000);
      return false;
    }
  }
  room.answers.closed = true;
  ended(room);
  return true;
}

function listenToFinish(room, data) {
  const dialog = find("[data-finish-dialog]");
  find("[data-finish]").addEventListener("click", () => {
    const open = room.work.unanswered();
    find("[data-finish-words]").textContent = open.length
      ? `${open.length} of ${room.work.questions.length} questions have no answer yet:`
      : "Every question has an answer.";
    find("[data-unanswered]").replaceChildren(
      ...open.map((question) => Object.assign(document.createElement("li"), { textContent: `${question.number}. ${question.title}` })),
    );
    dialog.showModal();
  });
  find("[data-finish-no]").addEventListener("click", () => dialog.close());
  find("[data-finish-yes]").addEventListener("click", async (event) => {
    event.currentTarget.setAttribute("aria-busy", "true");
    room.work.finishSections(data.sections);
    const saved = await room.answers.flush();
    if (saved && (await finish(room, "manual"))) return;
    event.target.removeAttribute("aria-busy");
    dialog.close();
    if (!saved) offline(room);
  });
}
